//! Questions that an access token answers beside the request road: who it is, how much is left.

use std::time::Duration;

use http::header::{ACCEPT, AUTHORIZATION, HeaderValue};

use super::ask::{Answer, ask};
use super::transport::Cause;
use crate::secret::Secret;

/// Why such a question got no answer. `Display` is for the operator; it never holds a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProbeError {
    /// The access token is void: a refresh may help (401).
    #[error("the access token is not accepted: {0}")]
    Unauthorized(String),
    /// The token is good but not for this: long-lived tokens have no profile and no windows (403).
    #[error("the token is not allowed to ask this: {0}")]
    Forbidden(String),
    /// Asked too often.
    #[error("asked too often: {words}")]
    Limited {
        /// The provider's words.
        words: String,
        /// The wait that it asks for.
        retry_after: Option<Duration>,
    },
    /// Somebody in front of the provider refuses this network, its place, or the proxy.
    #[error("the provider's edge refuses this network or proxy (status {0})")]
    Edge(u16),
    /// Any other refusal; 404 where the address is set wrongly.
    #[error("the provider declines ({status}): {words}")]
    Declined {
        /// Its status.
        status: u16,
        /// The provider's words.
        words: String,
    },
    /// The provider fails.
    #[error("the provider fails ({status}): {words}")]
    Temporary {
        /// Its status.
        status: u16,
        /// The provider's words.
        words: String,
    },
    /// No answer came.
    #[error("{0}")]
    Unreachable(Cause),
    /// It answered something that is no answer.
    #[error("the answer cannot be read: {0}")]
    Unreadable(&'static str),
}

impl ProbeError {
    /// The wait that the provider asks for.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Limited { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Whether asking again in a moment may go better.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Temporary { .. } | Self::Unreachable(_))
    }

    /// The same, known to have happened behind a proxy; see [`Cause::behind`].
    #[must_use]
    pub fn behind(self, proxy: &str) -> Self {
        match self {
            Self::Unreachable(cause) => Self::Unreachable(cause.behind(proxy)),
            other => other,
        }
    }

    pub(super) fn of(answer: &Answer, sent: &[&Secret]) -> Self {
        let words = answer.words(sent);
        match answer.status.as_u16() {
            200..=299 => Self::Unreadable("it is not what was asked for"),
            401 => Self::Unauthorized(words),
            403 if answer.is_html() => Self::Edge(403),
            403 => Self::Forbidden(words),
            429 => Self::Limited { words, retry_after: answer.retry_after() },
            status @ (408 | 500..=599) => Self::Temporary { status, words },
            status => Self::Declined { status, words },
        }
    }
}

impl From<Cause> for ProbeError {
    fn from(cause: Cause) -> Self {
        Self::Unreachable(cause)
    }
}

/// Asks with the token; whatever is answered.
pub(super) async fn send(request: reqwest::RequestBuilder, access: &Secret) -> Result<Answer, ProbeError> {
    let bearer = HeaderValue::from_str(&format!("Bearer {}", access.reveal()));
    let mut bearer =
        bearer.map_err(|_| ProbeError::Unauthorized("it has characters that no token has".to_owned()))?;
    bearer.set_sensitive(true);
    Ok(ask(request.header(ACCEPT, "application/json").header(AUTHORIZATION, bearer)).await?)
}

/// Asks with the token, and takes nothing but success and text for an answer.
pub(super) async fn text(request: reqwest::RequestBuilder, access: &Secret) -> Result<String, ProbeError> {
    let answer = send(request, access).await?;
    match answer.whole() {
        Some(text) if answer.status.is_success() && !answer.is_html() => Ok(text.to_owned()),
        _ => Err(ProbeError::of(&answer, &[access])),
    }
}
