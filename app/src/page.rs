//! One file a page: it fetches, keeps the state that the address does not hold, and lays out its panels.

pub(crate) mod dashboard;
pub(crate) mod not_found;
