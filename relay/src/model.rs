//! What browser and server share: values with a meaning, no I/O, builds for WASM.
//!
//! Wire types (what a provider's JSON says) live in `wire`, rows at rest in `store`; both convert to these.

pub mod account;
pub mod cooldown;
pub mod csv;
pub mod decision;
pub mod dialect;
pub mod explanation;
pub mod explore;
pub mod figure;
pub mod group;
pub mod holder;
pub mod id;
pub mod identity;
pub mod key;
pub mod limit;
pub mod live;
pub mod money;
pub mod outcome;
pub mod price;
pub mod problem;
pub mod proxy;
pub mod request;
pub mod session;
pub mod sign_in;
pub mod usage;
pub mod verify;
pub mod window;
