//! The console's door, driven through its router: set-up, sign-in, sessions, same origin, policy.
#![cfg(feature = "ssr")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod download;
mod guard;
mod house;
mod live;
mod rest;
mod secrecy;
mod session;
mod setup;
mod throttle;
mod token;
