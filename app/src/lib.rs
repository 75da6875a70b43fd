//! Switchyard's console: pages, parts and server functions, for the server (`ssr`) and the browser (`hydrate`).
//!
//! Pages fetch through [`api`] and draw with parts; parts never fetch. Words come from the catalogue alone.
//! Nothing in here reaches the store: the way to it is `relay::admin`, which wants proof of permission.

#![allow(unreachable_pub, reason = "the component macro makes its props public whatever the component is")]

mod address;
pub mod api;
mod app;
mod format;
mod frame;
mod fresh;
mod live;
mod moment;
mod page;
mod part;
mod preference;
mod room;
#[cfg(feature = "ssr")]
mod shell;
mod strength;
mod text;

pub use app::App;
#[cfg(feature = "ssr")]
pub use shell::shell;
