//! Anthropic's Messages API as a relay talks to it. Facts: reference/anthropic.md, sections 2, 7, 8 and 11 to 14.

pub mod headers;
pub mod oauth;
pub mod pasted;
pub mod profile;
pub mod quota;
pub mod verdict;

/// The provider's own address.
pub const DEFAULT_URL: &str = "https://api.anthropic.com";
