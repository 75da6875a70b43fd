//! What is read out of answers: the same wherever their bytes are split, and never more than they say.
#![cfg(feature = "ssr")]

mod fixture;
mod frame;
mod hard;
mod split;
