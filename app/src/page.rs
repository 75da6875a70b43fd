//! One file a page: it fetches, keeps the state that the address does not hold, and lays out its panels.

pub(crate) mod account;
pub(crate) mod dashboard;
pub(crate) mod holder;
pub(crate) mod key;
pub(crate) mod narrow;
pub(crate) mod not_found;
pub(crate) mod request;
pub(crate) mod setup;
pub(crate) mod sign_in;
pub(crate) mod usage;
pub(crate) mod welcome;
