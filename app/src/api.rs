//! Server functions: thin, by noun, under `/web/fn`. Each that is not listed as public takes an
//! administrator from the request through [`relay`] and hands on to `relay::admin`.

pub mod error;
pub(crate) mod figure;
pub(crate) mod preference;
#[cfg(feature = "ssr")]
pub(crate) mod relay;
#[cfg(feature = "ssr")]
pub(crate) mod request;
pub(crate) mod session;

use server_fn::ServerFn;

/// Paths of the server functions that nobody needs to be signed in for; the layer in front denies the rest.
pub const PUBLIC: &[&str] = &[
    <preference::SetTheme as ServerFn>::PATH,
    <preference::SetLanguage as ServerFn>::PATH,
    <session::SignOut as ServerFn>::PATH,
];
