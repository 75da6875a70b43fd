//! Google's Gemini API and Code Assist as a relay talks to them. Facts: reference/gemini.md, sections 1, 6 and 7.

pub mod delay;
pub mod headers;
pub mod verdict;
