//! What calls use and cost.

pub mod cost;
