//! Which account: cooldowns, windows, sessions, the wait for a place.
#![cfg(feature = "ssr")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on panics")]

mod affinity;
mod cooldown;
mod queue;
mod room;
mod spread;
