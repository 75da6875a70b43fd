//! The reply of a token endpoint (RFC 6749, section 5.1), with what Anthropic and Google add.

use std::borrow::Cow;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::lenient::{count, find, members, text};

/// What was read. Empty texts count as absent.
#[derive(Default)]
pub struct TokenReply {
    /// The access token.
    pub access: Option<String>,
    /// The refresh token, where a new one is given.
    pub refresh: Option<String>,
    /// Seconds that the access token lives.
    pub expires_in: Option<u64>,
    /// What was granted, if it was said.
    pub scopes: Vec<String>,
    /// Anthropic's `account.uuid`, or the subject of Google's identity token.
    pub account_id: Option<String>,
    /// Anthropic's `account.email_address`, or the address in Google's identity token.
    pub email: Option<String>,
    /// Anthropic's `organization.uuid`.
    pub organization_id: Option<String>,
    /// Anthropic's `organization.name`.
    pub organization_name: Option<String>,
}

impl TokenReply {
    /// Reads a whole object; one that is cut off is none, because half a token is worse than no token.
    pub fn read(json: &str) -> Option<Self> {
        if !members(json, |_, _| {}) {
            return None;
        }
        let owner = Owner::of(filled(json, &["id_token"]).as_deref().unwrap_or_default());
        let account = |name| filled(json, &["account", name]);
        Some(Self {
            access: filled(json, &["access_token"]),
            refresh: filled(json, &["refresh_token"]),
            expires_in: find(json, &["expires_in"]).and_then(seconds),
            scopes: filled(json, &["scope"]).map(|scopes| words(&scopes)).unwrap_or_default(),
            account_id: account("uuid").or(owner.account_id),
            email: account("email_address").or_else(|| account("email")).or(owner.email),
            organization_id: filled(json, &["organization", "uuid"]),
            organization_name: filled(json, &["organization", "name"]),
        })
    }
}

/// Whom an identity token names. Its signature is not looked at: it came from the token endpoint itself, over TLS
/// (OpenID Connect Core, section 3.1.3.7), or from a file whose tokens are believed as well.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Owner {
    /// The claim `sub`.
    pub account_id: Option<String>,
    /// The claim `email`.
    pub email: Option<String>,
}

impl Owner {
    /// Reads the claims; what is no identity token names nobody.
    pub fn of(id_token: &str) -> Self {
        let claims = id_token.split('.').nth(1).and_then(|part| BASE64_URL_SAFE_NO_PAD.decode(part).ok());
        let claims = claims.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        Self { account_id: filled(&claims, &["sub"]), email: filled(&claims, &["email"]) }
    }
}

/// The text at that place, unless it is empty.
pub fn filled(json: &str, path: &[&str]) -> Option<String> {
    find(json, path).and_then(text).filter(|text| !text.trim().is_empty()).map(Cow::into_owned)
}

/// Scopes with blanks between.
pub fn words(scopes: &str) -> Vec<String> {
    scopes.split_whitespace().map(str::to_owned).collect()
}

/// A number, also one written as text.
fn seconds(json: &str) -> Option<u64> {
    count(json).or_else(|| text(json)?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_cut_off_gives_no_token() {
        assert!(TokenReply::read(r#"{"access_token":"a","refresh_token":"b""#).is_none());
        assert!(TokenReply::read("[]").is_none());
    }

    #[test]
    fn an_identity_token_names_its_owner() {
        let claims = BASE64_URL_SAFE_NO_PAD.encode(r#"{"sub":"107","email":"someone@example.com"}"#);

        let owner = Owner::of(&format!("e30.{claims}.c2ln"));

        assert_eq!(
            owner,
            Owner { account_id: Some("107".into()), email: Some("someone@example.com".into()) }
        );
        assert_eq!(Owner::of("no token"), Owner::default());
    }

    #[test]
    fn what_has_the_wrong_type_counts_as_absent() {
        let reply =
            TokenReply::read(r#"{"access_token":"a","refresh_token":7,"expires_in":"3600","scope":["x"]}"#);

        let reply = reply.unwrap();
        assert_eq!(reply.access.as_deref(), Some("a"));
        assert_eq!(reply.refresh, None);
        assert_eq!(reply.expires_in, Some(3600));
        assert!(reply.scopes.is_empty());
    }
}
