//! Reading answers as they pass: framing, observing, estimating, decoding. All of it works on a copy.
//!
//! Nothing here can hold up, change or end the answer itself, and nothing that comes in can make it fail or grow:
//! what cannot be read is left out of what is known.

mod anthropic;
pub mod decode;
pub mod estimate;
pub mod frame;
mod google;
mod json;
mod objects;
pub mod observe;
pub mod tap;
