//! Owns the provider's wire: what Anthropic's API answers, in bodies and headers.
//! Never knows which behaviour asked for it, nor how it travels.

pub(crate) mod error;
pub(crate) mod headers;
pub(crate) mod message;
pub(crate) mod models;
pub(crate) mod request;
pub(crate) mod text;
pub(crate) mod usage;
