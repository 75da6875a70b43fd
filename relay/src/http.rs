//! Routers and what stands around them.

pub mod cookie;
pub mod guard;
pub mod live;
pub mod web;
