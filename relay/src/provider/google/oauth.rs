//! Signing in to Google (reference/gemini.md, section 8). The token request is a form, and names the client's secret.

use crate::config::Google;
use crate::model::identity::Identity;
use crate::provider::oauth::{CODE, Grant, GrantError, Pkce, REFRESH, form, request, with_query};
use crate::provider::probe::{ProbeError, text};
use crate::secret::Secret;
use crate::wire::oauth::filled;

const FORM: &str = "application/x-www-form-urlencoded";

/// The address for a person to open. Consent is asked for each time: Google gives a refresh token only with it.
pub fn authorize_url(config: &Google, pkce: &Pkce, state: &str) -> String {
    let pairs = [
        ("response_type", "code"),
        ("client_id", config.client_id.as_str()),
        ("redirect_uri", &config.redirect_url),
        ("scope", &config.scopes.join(" ")),
        ("access_type", "offline"),
        ("prompt", "consent"),
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
    config: &Google,
    code: &Secret,
    pkce: &Pkce,
) -> Result<Grant, GrantError> {
    let own = [
        ("grant_type", CODE),
        ("code", code.reveal()),
        ("redirect_uri", &config.redirect_url),
        ("code_verifier", pkce.verifier.reveal()),
    ];
    let mut grant = token(client, config, &own, &[code, &pkce.verifier]).await?;
    if grant.scopes.is_empty() {
        grant.scopes.clone_from(&config.scopes);
    }
    Ok(grant)
}

/// Buys a new access token. Google keeps the refresh token as a rule, so the grant holds the old one then.
///
/// # Errors
/// See [`GrantError`].
pub async fn refresh(
    client: &reqwest::Client,
    config: &Google,
    refresh_token: &Secret,
) -> Result<Grant, GrantError> {
    let own = [("grant_type", REFRESH), ("refresh_token", refresh_token.reveal())];
    let mut grant = token(client, config, &own, &[refresh_token]).await?;
    grant.refresh.get_or_insert_with(|| refresh_token.clone());
    Ok(grant)
}

/// Who signed in.
///
/// # Errors
/// See [`ProbeError`].
pub async fn userinfo(
    client: &reqwest::Client,
    config: &Google,
    access: &Secret,
) -> Result<Identity, ProbeError> {
    let json = text(client.get(&config.userinfo_url), access).await?;
    Ok(Identity {
        account_id: filled(&json, &["id"]).or_else(|| filled(&json, &["sub"])),
        email: filled(&json, &["email"]),
        ..Identity::default()
    })
}

async fn token(
    client: &reqwest::Client,
    config: &Google,
    own: &[(&str, &str)],
    sent: &[&Secret],
) -> Result<Grant, GrantError> {
    let mut pairs = own.to_vec();
    pairs.push(("client_id", &config.client_id));
    let mut sent = sent.to_vec();
    if let Some(secret) = &config.client_secret {
        pairs.push(("client_secret", secret.reveal()));
        sent.push(secret);
    }
    let granted = request(client, &config.token_url, FORM, form(&pairs), &sent).await;
    granted.map_err(|error| match error {
        GrantError::Misconfigured(words) if config.client_secret.is_none() => {
            GrantError::Misconfigured(format!("{words} (google.client_secret is not set)"))
        }
        other => other,
    })
}
