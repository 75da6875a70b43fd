//! Tokens that a person already has: Claude Code's credential file, or the long-lived token that its
//! `setup-token` prints.

use crate::model::identity::Identity;
use crate::provider::oauth::{Grant, Stored, TokenPasteError};
use crate::secret::Secret;
use crate::wire::lenient::find;
use crate::wire::oauth::filled;

use super::profile::tier;

const ACCESS: &str = "sk-ant-oat";
const REFRESH: &str = "sk-ant-ort";
const ANY: &str = "sk-ant-";

const CAMEL: Stored = Stored { access: "accessToken", refresh: "refreshToken", ends: "expiresAt" };
const SNAKE: Stored = Stored { access: "access_token", refresh: "refresh_token", ends: "expires_at" };

/// Reads `{"claudeAiOauth":{"accessToken":…}}`, its inner object, or a token by itself.
///
/// # Errors
/// See [`TokenPasteError`].
pub fn parse(text: &str, now_ms: i64) -> Result<Grant, TokenPasteError> {
    let text = text.trim();
    if text.starts_with('{') {
        return file(text, now_ms);
    }
    let token: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    match token.as_str() {
        "" => Err(TokenPasteError::Empty),
        token if token.starts_with(ACCESS) && token.bytes().all(|byte| byte.is_ascii_graphic()) => {
            Ok(bare(token))
        }
        token if token.starts_with(REFRESH) => Err(TokenPasteError::RefreshAlone),
        token if token.starts_with(ANY) => Err(TokenPasteError::ApiKey),
        _ => Err(TokenPasteError::Unknown),
    }
}

fn file(text: &str, now_ms: i64) -> Result<Grant, TokenPasteError> {
    // Only a whole file counts.
    serde_json::from_str::<serde::de::IgnoredAny>(text).map_err(|_| TokenPasteError::Unknown)?;
    let inner = find(text, &["claudeAiOauth"]).unwrap_or(text);
    let read = |stored: Stored| stored.read(inner, now_ms);
    let grant = read(CAMEL).or_else(|_| read(SNAKE))?;
    let said = Identity {
        plan: filled(inner, &["subscriptionType"]),
        tier: filled(inner, &["rateLimitTier"]).as_deref().and_then(tier),
        ..Identity::default()
    };
    Ok(Grant { identity: grant.identity.or(said), ..grant })
}

fn bare(token: &str) -> Grant {
    Grant {
        access: Secret::new(token),
        refresh: None,
        expires_in: None,
        scopes: vec!["user:inference".to_owned()],
        identity: Identity::default(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NOW_MS: i64 = 1_790_000_000_000;

    #[test]
    fn claude_codes_file_is_read_whole_or_by_its_inner_object() {
        let inner = r#"{"accessToken":"sk-ant-oat01-a","refreshToken":"sk-ant-ort01-r","expiresAt":1790003600000,
            "scopes":["user:inference","user:profile"],"subscriptionType":"max","rateLimitTier":"default_claude_max_20x"}"#;

        for text in [inner.to_owned(), format!("\n{{\"claudeAiOauth\":{inner},\"other\":1}} ")] {
            let grant = parse(&text, NOW_MS).unwrap();

            assert_eq!(grant.access.reveal(), "sk-ant-oat01-a");
            assert_eq!(grant.refresh.unwrap().reveal(), "sk-ant-ort01-r");
            assert_eq!(grant.expires_in, Some(Duration::from_secs(3600)));
            assert_eq!(grant.scopes, ["user:inference", "user:profile"]);
            assert_eq!(grant.identity.plan_label(), "Max 20x");
        }
    }

    #[test]
    fn what_has_ended_has_no_time_left() {
        let grant = parse(r#"{"accessToken":"sk-ant-oat01-a","expiresAt":1}"#, NOW_MS).unwrap();

        assert_eq!(grant.expires_in, Some(Duration::ZERO));
        assert!(grant.refresh.is_none());
    }

    #[test]
    fn a_long_lived_token_is_enough() {
        let grant = parse(" sk-ant-oat01-abc\ndef \n", NOW_MS).unwrap();

        assert_eq!(grant.access.reveal(), "sk-ant-oat01-abcdef");
        assert_eq!(grant.expires_in, None);
        assert_eq!(grant.scopes, ["user:inference"]);
    }

    #[test]
    fn what_is_no_token_says_why() {
        for (text, error) in [
            ("  ", TokenPasteError::Empty),
            ("hello", TokenPasteError::Unknown),
            ("{\"accessToken\":\"sk-ant-oat01-a\"", TokenPasteError::Unknown),
            ("{\"claudeAiOauth\":{}}", TokenPasteError::NoAccess),
            ("sk-ant-api03-x", TokenPasteError::ApiKey),
            ("sk-ant-ort01-x", TokenPasteError::RefreshAlone),
        ] {
            assert_eq!(parse(text, NOW_MS).unwrap_err(), error, "{text}");
        }
    }
}
