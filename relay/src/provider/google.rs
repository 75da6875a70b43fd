//! Google's Gemini API and Code Assist as a relay talks to them. Facts: reference/gemini.md, sections 1 and 6 to 8.

pub mod code_assist;
pub mod delay;
pub mod headers;
pub mod oauth;
pub mod pasted;
pub mod verdict;
