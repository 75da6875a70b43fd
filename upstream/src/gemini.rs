//! Owns Google's wire: what the Gemini API and Code Assist answer, in bodies and headers.
//! Never knows which behaviour asked for it, nor how it travels.

mod bill;
mod chunk;
pub(crate) mod embed;
pub(crate) mod fault;
pub(crate) mod message;
pub(crate) mod models;
pub(crate) mod request;

use http::header::{HeaderMap, HeaderName, HeaderValue};

/// How a message is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Form {
    /// One JSON object.
    #[default]
    Whole,
    /// Server-sent events.
    Events,
    /// One JSON array, piece by piece.
    Array,
}

/// The headers that come with every answer of Google's, some of which a relay must not pass on.
pub(crate) fn headers() -> HeaderMap {
    [
        ("server", "scaffolding on HTTPServer2"),
        ("vary", "Origin, X-Origin, Referer"),
        ("server-timing", "gfet4t7; dur=812"),
        ("alt-svc", "h3=\":443\"; ma=2592000"),
        ("x-xss-protection", "0"),
        ("x-frame-options", "SAMEORIGIN"),
        ("x-content-type-options", "nosniff"),
        ("set-cookie", "NID=not-for-your-clients; path=/; HttpOnly; Secure"),
    ]
    .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
    .into_iter()
    .collect()
}
