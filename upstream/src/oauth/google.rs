//! Owns Google's token endpoint: what it reads, which rules it keeps, what it replies.
//! (Source: Google's documentation of installed apps; form-encoded, a client secret, refresh tokens that stay.)

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use crate::account::google::GoogleAccount;
use crate::oauth::authorize::Rules;
use crate::oauth::desk::{Lives, Pair, Prefixes, Worthless};
use crate::refusal::Refusal;

pub(crate) const PREFIXES: Prefixes = Prefixes { code: "4/0A", access: "ya29.", refresh: "1//0g" };

/// The public client of Gemini CLI.
pub(crate) const CLIENT_ID: &str = "681255809395-oo8ft2oprdrnp9e3aqf6av3hmdib135j.apps.googleusercontent.com";

/// What a sign-in usually asks for.
pub(crate) const USUAL_SCOPE: &str = "https://www.googleapis.com/auth/cloud-platform \
     https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/userinfo.profile";

/// The rules for a client id.
pub(crate) fn rules(client_id: String) -> Rules {
    Rules {
        client_id,
        redirects: &["https://codeassist.google.com/authcode"],
        scopes: &[
            "https://www.googleapis.com/auth/cloud-platform",
            "https://www.googleapis.com/auth/userinfo.email",
            "https://www.googleapis.com/auth/userinfo.profile",
            "openid",
        ],
        demands_state: true,
        demands_challenge: false,
    }
}

/// A request to the token endpoint.
#[derive(Debug)]
pub(crate) struct Grant {
    fields: HashMap<String, String>,
}

impl Grant {
    pub(crate) fn read(body: &[u8]) -> Self {
        Self { fields: url::form_urlencoded::parse(body).into_owned().collect() }
    }

    /// A field; empty if it is missing.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// A field that must be there.
    pub(crate) fn demand(&self, name: &str) -> Result<&str, Refusal> {
        let missing = || {
            let description = format!("Missing required parameter: {name}");
            Refusal::oauth(StatusCode::BAD_REQUEST, "invalid_request", description)
        };
        self.fields.get(name).map(String::as_str).filter(|value| !value.is_empty()).ok_or_else(missing)
    }

    /// Checks the client, which shows itself in the body or by Basic authentication.
    pub(crate) fn check_client(&self, headers: &HeaderMap, id: &str, secret: &str) -> Result<(), Refusal> {
        let basic = basic(headers);
        let shown = match &basic {
            Some((id, secret)) => (id.as_str(), secret.as_str()),
            None => (self.get("client_id"), self.get("client_secret")),
        };
        if shown == (id, secret) {
            return Ok(());
        }
        let (description, why) = if shown.0 == id {
            ("Unauthorized", "the client_secret is wrong".to_owned())
        } else {
            ("The OAuth client was not found.", format!("client_id is {:?}", shown.0))
        };
        Err(Refusal::oauth(StatusCode::UNAUTHORIZED, "invalid_client", description).why(why))
    }
}

/// The name and password of Basic authentication, percent-decoded as RFC 6749 wants them.
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(http::header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")?;
    let text = String::from_utf8(STANDARD.decode(value).ok()?).ok()?;
    let (name, password) = text.split_once(':')?;
    let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    Some((decoded(name), decoded(password)))
}

/// A code or token that is worth nothing.
pub(crate) fn worthless(why: Worthless) -> Refusal {
    let (code, description) = match why {
        Worthless::OtherRedirect => ("redirect_uri_mismatch", "Bad Request"),
        Worthless::WrongVerifier => ("invalid_grant", "Invalid code verifier."),
        Worthless::UnknownCode | Worthless::UsedCode | Worthless::ExpiredCode | Worthless::OtherState => {
            ("invalid_grant", "Malformed auth code.")
        }
        Worthless::UnknownToken | Worthless::Reused | Worthless::Revoked => {
            ("invalid_grant", "Token has been expired or revoked.")
        }
    };
    Refusal::oauth(StatusCode::BAD_REQUEST, code, description).why(why.to_string())
}

/// The reply with tokens.
pub(crate) fn reply(account: &GoogleAccount, pair: &Pair, lives: Lives) -> Value {
    let mut reply = json!({
        "access_token": pair.access,
        "expires_in": lives.access_seconds,
        "scope": pair.scope,
        "token_type": "Bearer",
        "id_token": id_token(account),
    });
    if let Some(refresh) = &pair.refresh {
        reply["refresh_token"] = json!(refresh);
    }
    reply
}

/// A token of OpenID Connect's shape; nobody has signed it.
fn id_token(account: &GoogleAccount) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = part(&json!({"alg": "RS256", "typ": "JWT"}));
    let claims = part(&json!({"sub": account.id, "email": account.email, "email_verified": true}));
    format!("{header}.{claims}.{}", URL_SAFE_NO_PAD.encode("unsigned"))
}

/// The reply of the userinfo endpoint.
pub(crate) fn userinfo(account: &GoogleAccount) -> Value {
    json!({
        "id": account.id,
        "email": account.email,
        "verified_email": true,
        "name": account.full_name,
        "picture": "https://example.com/picture.png",
    })
}
