//! The providers' JSON, only the fields that the relay reads.
//!
//! Reading is tolerant and borrows: what is unknown is skipped, what has the wrong type counts as absent, and
//! nothing of it can make the rest unreadable. It never changes or re-serialises what it reads.

pub mod anthropic;
pub mod bound;
pub mod code_assist;
pub mod fault;
pub mod google;
pub mod lenient;
pub mod oauth;
