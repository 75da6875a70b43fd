//! Tokens that a person already has: the credential file of Gemini CLI (`oauth_creds.json`).

use crate::provider::oauth::{Grant, Stored, TokenPasteError};

const FILE: Stored = Stored { access: "access_token", refresh: "refresh_token", ends: "expiry_date" };

/// Reads the file's text.
///
/// # Errors
/// See [`TokenPasteError`].
pub fn parse(text: &str, now_ms: i64) -> Result<Grant, TokenPasteError> {
    let text = text.trim();
    match text {
        "" => Err(TokenPasteError::Empty),
        _ if text.starts_with("AIza") => Err(TokenPasteError::ApiKey),
        _ if text.starts_with("1//") => Err(TokenPasteError::RefreshAlone),
        _ if !text.starts_with('{') => Err(TokenPasteError::Unknown),
        _ => match serde_json::from_str::<serde::de::IgnoredAny>(text) {
            Ok(_) => FILE.read(text, now_ms),
            Err(_) => Err(TokenPasteError::Unknown),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NOW_MS: i64 = 1_790_000_000_000;

    #[test]
    fn gemini_clis_file_is_read() {
        let text = r#"{"access_token":"ya29.a0","refresh_token":"1//0g","scope":"https://a openid",
            "token_type":"Bearer","id_token":"e30.eyJzdWIiOiIxMDciLCJlbWFpbCI6ImFAYi5jIn0.s","expiry_date":1790000060000}"#;

        let grant = parse(text, NOW_MS).unwrap();

        assert_eq!(grant.access.reveal(), "ya29.a0");
        assert_eq!(grant.refresh.unwrap().reveal(), "1//0g");
        assert_eq!(grant.expires_in, Some(Duration::from_secs(60)));
        assert_eq!(grant.scopes, ["https://a", "openid"]);
        assert_eq!(grant.identity.account_id.as_deref(), Some("107"));
        assert_eq!(grant.identity.email.as_deref(), Some("a@b.c"));
    }

    #[test]
    fn what_is_no_file_says_why() {
        for (text, error) in [
            ("", TokenPasteError::Empty),
            ("AIzaSyExample", TokenPasteError::ApiKey),
            ("1//0gExample", TokenPasteError::RefreshAlone),
            ("hello", TokenPasteError::Unknown),
            ("{\"refresh_token\":\"1//0g\"}", TokenPasteError::NoAccess),
            ("{\"access_token\":", TokenPasteError::Unknown),
        ] {
            assert_eq!(parse(text, NOW_MS).unwrap_err(), error, "{text}");
        }
    }
}
