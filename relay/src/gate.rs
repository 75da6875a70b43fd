//! The gate: who may come in, and how often they may try.

pub mod door;
pub mod throttle;
