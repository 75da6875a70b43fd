//! Google: where it is signed in to, as which client, and where Gemini is. All of it settings, because it moves.

use super::ConfigError;
use super::read::{address, filled, optional, url, words};
use super::source::Source;
use crate::secret::Secret;

const ADDRESS: &str = "an http or https address";

/// Addresses of Google's, and the client that the relay signs in as (reference/gemini.md, sections 7 and 8).
#[derive(Clone, Debug)]
pub struct Google {
    /// The page on which a person allows access.
    pub authorize_url: String,
    /// Where codes and refresh tokens become access tokens.
    pub token_url: String,
    /// Who signed in.
    pub userinfo_url: String,
    /// The Gemini API for accounts that are API keys; without a slash at the end.
    pub api_url: String,
    /// Code Assist, for accounts that signed in; without version and slash at the end.
    pub code_assist_url: String,
    /// An installed application's.
    pub client_id: String,
    /// The published constant of that client; without it Google refuses every sign-in.
    pub client_secret: Option<Secret>,
    /// Where the code is shown; equal to the registered one to the byte.
    pub redirect_url: String,
    /// What a sign-in asks for.
    pub scopes: Vec<String>,
}

pub(super) fn read(source: &Source) -> Result<Google, ConfigError> {
    Ok(Google {
        authorize_url: source.parse("google.authorize_url", address, ADDRESS)?,
        token_url: source.parse("google.token_url", address, ADDRESS)?,
        userinfo_url: source.parse("google.userinfo_url", address, ADDRESS)?,
        api_url: source.parse("google.api_url", url, ADDRESS)?,
        code_assist_url: source.parse("google.code_assist_url", url, ADDRESS)?,
        client_id: source.parse("google.client_id", filled, "a client id")?,
        client_secret: optional(source, "google.client_secret").map(Secret::new),
        redirect_url: source.parse("google.redirect_url", address, ADDRESS)?,
        scopes: source.parse("google.scopes", words, "scopes with blanks between")?,
    })
}
