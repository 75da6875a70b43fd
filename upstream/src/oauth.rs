//! Owns how people let clients in: the pages, the codes, the tokens, for each provider by its own rules.

pub(crate) mod authorize;
pub(crate) mod claude;
pub(crate) mod desk;
pub(crate) mod google;
mod page;
