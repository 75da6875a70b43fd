//! What models cost.
#![cfg(feature = "ssr")]

mod cost;
mod table;
