//! Who is upstream, and everything known about talking to them.

pub mod sandbox;
