//! The books from outside: what goes into the journal comes out as figures, each attempt once, whatever tears, dies or
//! comes twice in between.
#![cfg(feature = "ssr")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on panics")]

mod absurd;
mod interleave;
mod odd;
mod replay;
mod rotation;
mod support;
mod torn;
mod verify;
mod zone;
