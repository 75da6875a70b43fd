//! Google's Gemini API, Code Assist and sign-in, as a relay talks to them. Facts: reference/gemini.md, sections 1 and 6
//! to 8.

pub mod code_assist;
pub mod delay;
pub mod headers;
pub mod oauth;
pub mod pasted;
mod splice;
pub mod unwrap;
pub mod verb;
pub mod verdict;
pub mod wrap;

/// The Gemini API's own address.
pub const API_URL: &str = "https://generativelanguage.googleapis.com";
/// Code Assist's own address.
pub const CODE_ASSIST_URL: &str = "https://cloudcode-pa.googleapis.com";
