//! Who is upstream, and everything known about talking to them.

pub mod anthropic;
pub mod google;
pub mod outbound;
pub mod reply;
pub mod sandbox;
