//! The sandbox through its public surface: the dialect is right, the usage adds up, faults come when asked for.
#![cfg(feature = "ssr")]
#![allow(clippy::expect_used)]

mod answer;
mod ask;
mod fault;
