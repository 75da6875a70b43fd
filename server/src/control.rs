//! The local socket: how the command line reaches a running server. It lives in the data folder, is open to its owner
//! alone, and asks the system who its peer is.

mod address;
mod client;
mod listener;

pub(crate) use client::call;
pub(crate) use listener::Control;

const FILE: &str = "control.sock";
const PATH: &str = "/command";
