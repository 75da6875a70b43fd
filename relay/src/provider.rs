//! Who is upstream, and everything known about talking to them.

pub mod anthropic;
mod ask;
pub mod credential;
pub mod google;
pub mod oauth;
pub mod outbound;
pub mod outgoing;
pub mod probe;
pub mod proxy;
pub mod reply;
pub mod sandbox;
pub mod transport;
