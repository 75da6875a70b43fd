//! The meter: from the opening of an attempt to its one record in the books, and what it cost.

pub mod abandoned;
mod charge;
pub mod cost;
pub mod guard;
pub mod watch;
