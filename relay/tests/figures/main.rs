//! Figures from outside: whatever is asked, and whichever way, the parts add up to the total, and the total is what the
//! records say.
#![cfg(feature = "ssr")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on panics")]

mod detail;
mod explore;
mod house;
mod list;
mod price;
mod zone;
