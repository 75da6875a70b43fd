//! The real binary killed, out of space, and on a disk that refuses: usage is exact all the same.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on panics")]
#![allow(clippy::print_stderr, reason = "a test that cannot do all that it should says so")]

mod account;
mod always;
mod binary;
mod disk;
mod kill;
mod limits;
mod load;
mod mount;
mod start;
