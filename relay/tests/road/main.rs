//! The request road from outside: the real router on a real port, a fake provider on another, a temporary folder, and
//! a clock that the tests own. docs/hard-cases.md says which test stands for which hard case.
#![cfg(feature = "ssr")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on panics")]

mod auth;
mod begin;
mod choice;
mod client_gone;
mod cut;
mod egress;
mod failover;
mod gemini;
mod h2;
mod health;
mod http;
mod identity;
mod json;
mod limit;
mod load;
mod own;
mod pass;
mod place;
mod proxy;
mod raw;
mod record;
mod refresh;
mod sign_in;
mod slow;
mod stream;
mod support;
mod table;
mod target;
mod verdict;
