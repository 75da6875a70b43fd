//! What an account shows to its provider.

use http::HeaderValue;

use crate::secret::Secret;

/// An account's credential, ready for a header.
#[derive(Clone, Debug, Default)]
pub enum Credential {
    /// None: a sandbox.
    #[default]
    None,
    /// An API key.
    ApiKey(HeaderValue),
    /// Tokens of a sign-in.
    Tokens(Tokens),
}

/// The tokens of a sign-in.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// `Bearer …`, for `authorization`.
    pub bearer: HeaderValue,
    /// The access token by itself, for the provider's endpoints of sign-in.
    pub access: Secret,
    /// What brings the next ones; a long-lived token has none.
    pub refresh: Option<Secret>,
    /// When the access token ends, if that was said; milliseconds since 1970.
    pub ends_ms: Option<i64>,
    /// When they were issued, milliseconds since 1970.
    pub issued_ms: i64,
    /// Counts replacements.
    pub version: i64,
}

impl Credential {
    /// An API key; nothing if it does not fit a header.
    pub fn api_key(secret: &Secret) -> Option<Self> {
        sensitive(secret.reveal()).map(Self::ApiKey)
    }

    /// Its tokens, if it has such.
    pub fn tokens(&self) -> Option<&Tokens> {
        match self {
            Self::Tokens(tokens) => Some(tokens),
            Self::None | Self::ApiKey(_) => None,
        }
    }
}

impl Tokens {
    /// The header for an access token; nothing if it does not fit one.
    pub fn bearer(access: &Secret) -> Option<HeaderValue> {
        sensitive(&format!("Bearer {}", access.reveal()))
    }
}

fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}
