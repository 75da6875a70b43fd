//! The request road from outside: the real router on a real port, a fake provider on another, a temporary folder, and
//! a clock that the tests own.

mod pass;
mod support;
