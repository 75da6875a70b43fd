//! The request road from outside: the real router on a real port, a fake provider on another, a temporary folder, and
//! a clock that the tests own. docs/hard-cases.md says which test stands for which hard case.

mod auth;
mod cut;
mod http;
mod json;
mod pass;
mod raw;
mod stream;
mod support;
