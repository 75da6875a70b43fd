//! The gate: who may come in, how often they may try, and whether a call may pass. Nothing here waits for storage.

pub mod admission;
pub mod body;
pub mod caller;
pub mod door;
pub(crate) mod flash;
pub mod keys;
pub mod limit;
pub mod query;
pub mod refusal;
pub mod sign_ins;
pub mod streams;
pub mod throttle;
