//! Google's Gemini API, and Code Assist, which wraps the same messages (reference: gemini, sections 2 to 7).

pub mod bound;
pub mod call;
pub mod chunk;
pub mod opening;
pub mod status;
pub mod usage;
