//! The real binary killed, out of space, and on a disk that refuses: usage is exact all the same.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on panics")]

mod account;
mod always;
mod binary;
mod disk;
mod kill;
mod load;
mod mount;
mod start;
