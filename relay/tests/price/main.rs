//! What models cost.
#![cfg(feature = "ssr")]
#![allow(clippy::expect_used, reason = "a fault in a helper fails the test as well")]

mod breakdown;
mod cost;
mod own;
mod table;
