//! The real binary, driven as a person or a script would.
#![allow(clippy::expect_used)]

mod account;
mod agree;
mod console;
mod home;
mod key;
mod office;
mod offline;
mod online;
mod provider;
mod quickstart;
mod rotate;
mod settings;
mod sign_in;
mod usage;
