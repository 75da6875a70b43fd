//! Server functions: thin, by noun, under `/web/fn`. Each that is not listed as public takes an
//! administrator from the request through [`relay`] and hands on to `relay::admin`.

pub(crate) mod account;
pub(crate) mod call;
#[cfg(feature = "ssr")]
pub(crate) mod door;
pub mod error;
pub(crate) mod figure;
pub(crate) mod group;
pub(crate) mod holder;
pub(crate) mod key;
pub(crate) mod preference;
#[cfg(feature = "ssr")]
pub(crate) mod relay;
#[cfg(feature = "ssr")]
pub(crate) mod request;
pub(crate) mod session;
pub(crate) mod setup;
pub(crate) mod sign_in;
#[cfg(feature = "ssr")]
pub(crate) mod typed;
pub(crate) mod usage;

#[cfg(feature = "ssr")]
pub use holder::PastedKey;
use server_fn::ServerFn;

/// Paths of the server functions that nobody needs to be signed in for; the layer in front denies the rest.
pub const PUBLIC: &[&str] = &[
    <preference::SetTheme as ServerFn>::PATH,
    <preference::SetLanguage as ServerFn>::PATH,
    <holder::LookUpKey as ServerFn>::PATH,
    <session::SignIn as ServerFn>::PATH,
    <session::SignOut as ServerFn>::PATH,
    <setup::GetSetup as ServerFn>::PATH,
    <setup::SetUp as ServerFn>::PATH,
];
