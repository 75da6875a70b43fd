//! Token requests and replies, and tokens that were taken from another program's file.

use std::time::Duration;

use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};

use super::{Grant, GrantError};
use crate::model::identity::Identity;
use crate::provider::ask::{Answer, ask};
use crate::secret::Secret;
use crate::wire::lenient::{count, find};
use crate::wire::oauth::{Owner, TokenReply, filled, words};

/// The grant type of a code.
pub(in crate::provider) const CODE: &str = "authorization_code";
/// The grant type of a refresh.
pub(in crate::provider) const REFRESH: &str = "refresh_token";

/// Lives are believed up to this long; nobody keeps a token for ten years.
const LONGEST_LIFE: Duration = Duration::from_secs(10 * 366 * 24 * 3600);
/// Instants below this, in milliseconds, would be before 1973: they are seconds.
const SECONDS_BELOW: u64 = 100_000_000_000;

/// Why a pasted text holds no tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenPasteError {
    /// Nothing was pasted.
    #[error("nothing was pasted")]
    Empty,
    /// Neither a token nor such a file.
    #[error("this is neither a token nor a file with tokens")]
    Unknown,
    /// A file without an access token.
    #[error("the file holds no access token")]
    NoAccess,
    /// An API key, which has a kind of account of its own.
    #[error("this is an API key, not a token of a sign-in")]
    ApiKey,
    /// A refresh token by itself.
    #[error("this is a refresh token alone; the access token is missing")]
    RefreshAlone,
}

/// Sends a token request and reads the reply. `sent` are the secrets in it, which no error may repeat.
pub(in crate::provider) async fn request(
    client: &reqwest::Client,
    url: &str,
    content: &'static str,
    body: String,
    sent: &[&Secret],
) -> Result<Grant, GrantError> {
    let request = client
        .post(url)
        .header(CONTENT_TYPE, content)
        .header(ACCEPT, "application/json, text/plain, */*")
        .body(body);
    let answer = ask(request).await?;
    let grant = if answer.status.is_success() { read(&answer)? } else { None };
    grant.ok_or_else(|| GrantError::of(&answer, sent))
}

/// Nothing if there is no token in it.
fn read(answer: &Answer) -> Result<Option<Grant>, GrantError> {
    let text = answer.whole().ok_or(GrantError::Unreadable("it is too long or no text"))?;
    let Some(reply) = TokenReply::read(text) else { return Ok(None) };
    let Some(access) = reply.access.filter(|access| is_usable(access)) else { return Ok(None) };
    Ok(Some(Grant {
        access: Secret::new(access),
        refresh: reply.refresh.map(Secret::new),
        expires_in: reply.expires_in.map(|seconds| Duration::from_secs(seconds).min(LONGEST_LIFE)),
        scopes: reply.scopes,
        identity: Identity {
            account_id: reply.account_id,
            email: reply.email,
            organization_id: reply.organization_id,
            organization_name: reply.organization_name,
            ..Identity::default()
        },
    }))
}

/// Whether it can go into a header.
fn is_usable(token: &str) -> bool {
    HeaderValue::from_str(token).is_ok()
}

/// Tokens as another program keeps them: the members of its JSON by name.
pub(in crate::provider) struct Stored {
    pub(in crate::provider) access: &'static str,
    pub(in crate::provider) refresh: &'static str,
    /// When the access token ends, milliseconds since 1970.
    pub(in crate::provider) ends: &'static str,
}

impl Stored {
    /// Reads them. Scopes may be a list or a text.
    pub(in crate::provider) fn read(&self, json: &str, now_ms: i64) -> Result<Grant, TokenPasteError> {
        let access = filled(json, &[self.access]).filter(|access| is_usable(access));
        let ends_ms = find(json, &[self.ends]).and_then(count).map(|at| match at {
            0..SECONDS_BELOW => at * 1000,
            _ => at,
        });
        let owner = Owner::of(filled(json, &["id_token"]).as_deref().unwrap_or_default());
        let left_ms = |ends_ms: u64| ends_ms.saturating_sub(u64::try_from(now_ms).unwrap_or_default());
        Ok(Grant {
            access: access.map(Secret::new).ok_or(TokenPasteError::NoAccess)?,
            refresh: filled(json, &[self.refresh]).filter(|token| is_usable(token)).map(Secret::new),
            expires_in: ends_ms.map(|ends_ms| Duration::from_millis(left_ms(ends_ms)).min(LONGEST_LIFE)),
            scopes: scopes(json),
            identity: Identity { account_id: owner.account_id, email: owner.email, ..Identity::default() },
        })
    }
}

fn scopes(json: &str) -> Vec<String> {
    let list = find(json, &["scopes"]).and_then(|list| serde_json::from_str::<Vec<String>>(list).ok());
    list.or_else(|| Some(words(&filled(json, &["scope"])?))).unwrap_or_default()
}
