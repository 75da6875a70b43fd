//! What is read out of answers: the same wherever their bytes are split, and never more than they say.
#![cfg(feature = "ssr")]
#![allow(clippy::expect_used, reason = "a fault in a helper fails the test as well")]

mod coded;
mod fixture;
mod frame;
mod google;
mod hard;
mod split;
mod unwrap;
