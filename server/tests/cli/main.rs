//! The real binary, driven as a person or a script would.
#![allow(clippy::expect_used)]

mod console;
mod home;
mod offline;
mod online;
mod quickstart;
mod settings;
