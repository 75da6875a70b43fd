//! The gate: who may come in, how often they may try, and whether a call may pass. Nothing here waits for storage.

pub mod body;
pub mod caller;
pub mod door;
pub(crate) mod flash;
pub mod keys;
pub mod query;
pub mod refusal;
pub mod sign_ins;
pub mod throttle;
