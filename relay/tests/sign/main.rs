//! Signing in: what goes to the providers, and what is made of their answers and of failures on the way.
#![cfg(feature = "ssr")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on panics")]

mod claude;
mod code_assist;
mod fault;
mod google;
mod support;
mod transport;
