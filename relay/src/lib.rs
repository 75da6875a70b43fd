//! Switchyard's relay. Without feature `ssr` only [`model`], which the browser shares.

pub mod model;
