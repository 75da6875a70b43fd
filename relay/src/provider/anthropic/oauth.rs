//! Signing in to Claude (reference/anthropic.md, section 12). The token request is JSON, and names the state.

use serde_json::json;

use crate::config::Anthropic;
use crate::provider::oauth::{CODE, Grant, GrantError, Pkce, REFRESH, request, with_query};
use crate::secret::Secret;

const JSON: &str = "application/json";
/// All that a long-lived token may do.
const INFERENCE: &str = "user:inference";
/// Seconds that a long-lived token is asked to live: one year.
const YEAR: u64 = 31_536_000;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// A token of hours and one to refresh it, with everything in `anthropic.scopes`.
    SignIn,
    /// A token of a year that can only be used for calls: no refresh, no profile, no windows to ask for.
    SetupToken,
}

impl Flow {
    fn scopes(self, config: &Anthropic) -> Vec<String> {
        match self {
            Self::SignIn => config.scopes.clone(),
            Self::SetupToken => vec![INFERENCE.to_owned()],
        }
    }
}

/// The address for a person to open.
pub fn authorize_url(config: &Anthropic, pkce: &Pkce, state: &str, flow: Flow) -> String {
    let pairs = [
        // Makes the page after it show the code.
        ("code", "true"),
        ("client_id", config.client_id.as_str()),
        ("response_type", "code"),
        ("redirect_uri", &config.redirect_url),
        ("scope", &flow.scopes(config).join(" ")),
        ("code_challenge", &pkce.challenge),
        ("code_challenge_method", "S256"),
        ("state", state),
    ];
    with_query(&config.authorize_url, &pairs)
}

/// Redeems a code. It is used up even if the answer is lost.
///
/// # Errors
/// See [`GrantError`]; a code that is wrong, old or used is [`GrantError::Refused`].
pub async fn exchange(
    client: &reqwest::Client,
    config: &Anthropic,
    code: &Secret,
    state: &str,
    pkce: &Pkce,
    flow: Flow,
) -> Result<Grant, GrantError> {
    let mut body = json!({
        "grant_type": CODE,
        "code": code.reveal(),
        "redirect_uri": config.redirect_url,
        "client_id": config.client_id,
        "code_verifier": pkce.verifier.reveal(),
        "state": state,
    });
    if flow == Flow::SetupToken {
        body["expires_in"] = YEAR.into();
    }
    let sent = [code, &pkce.verifier];
    let mut grant = request(client, &config.token_url, JSON, body.to_string(), &sent).await?;
    if grant.scopes.is_empty() {
        grant.scopes = flow.scopes(config);
    }
    if flow == Flow::SetupToken {
        grant.refresh = None;
    }
    Ok(grant)
}

/// Buys new tokens. The old refresh token is dead at once if the answer has a new one: keep the answer before using it.
///
/// # Errors
/// See [`GrantError`].
pub async fn refresh(
    client: &reqwest::Client,
    config: &Anthropic,
    refresh_token: &Secret,
) -> Result<Grant, GrantError> {
    let body = json!({
        "grant_type": REFRESH,
        "refresh_token": refresh_token.reveal(),
        "client_id": config.client_id,
    });
    let sent = [refresh_token];
    let mut grant = request(client, &config.token_url, JSON, body.to_string(), &sent).await?;
    grant.refresh.get_or_insert_with(|| refresh_token.clone());
    Ok(grant)
}
