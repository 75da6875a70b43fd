//! Claude: where it is signed in to, and as which client. Providers move these, so all of them are settings.

use super::ConfigError;
use super::read::{address, filled, url, words};
use super::source::Source;

const ADDRESS: &str = "an http or https address";

/// Addresses of Anthropic's, and the client that the relay signs in as (reference/anthropic.md, section 12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anthropic {
    /// The page on which a person allows access.
    pub authorize_url: String,
    /// Where codes and refresh tokens become access tokens.
    pub token_url: String,
    /// Where accounts without an address of their own send; without a slash at the end.
    pub api_url: String,
    /// A public client: it has no secret.
    pub client_id: String,
    /// Where the code is shown; equal to the registered one to the byte.
    pub redirect_url: String,
    /// What a sign-in asks for.
    pub scopes: Vec<String>,
}

pub(super) fn read(source: &Source) -> Result<Anthropic, ConfigError> {
    Ok(Anthropic {
        authorize_url: source.parse("anthropic.authorize_url", address, ADDRESS)?,
        token_url: source.parse("anthropic.token_url", address, ADDRESS)?,
        api_url: source.parse("anthropic.api_url", url, ADDRESS)?,
        client_id: source.parse("anthropic.client_id", filled, "a client id")?,
        redirect_url: source.parse("anthropic.redirect_url", address, ADDRESS)?,
        scopes: source.parse("anthropic.scopes", words, "scopes with blanks between")?,
    })
}
