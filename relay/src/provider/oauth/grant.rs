//! What a token endpoint gave, or why it gave nothing.

use std::time::Duration;

use http::StatusCode;

use crate::model::identity::Identity;
use crate::provider::ask::Answer;
use crate::provider::transport::Cause;
use crate::secret::Secret;

/// Tokens, and what was said along with them.
#[derive(Clone, Debug)]
pub struct Grant {
    /// Goes with every call.
    pub access: Secret,
    /// Buys the next access token. Where the provider gave no new one, the one that was used.
    pub refresh: Option<Secret>,
    /// How long the access token lives, if it was said.
    pub expires_in: Option<Duration>,
    /// What is allowed; empty where a refresh did not say, and then as before.
    pub scopes: Vec<String>,
    /// Who signed in, as far as it was said.
    pub identity: Identity,
}

/// Why there are no tokens. `Display` is for the operator; it never holds a token or code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// The code or refresh token is void for good (`invalid_grant`): only a new sign-in helps.
    #[error("the provider refuses it for good: {0}")]
    Refused(String),
    /// The client, its secret or an address is set wrongly: no account can do anything about it.
    #[error("the client or an address is set wrongly: {0}")]
    Misconfigured(String),
    /// Too many attempts. What there is stays valid.
    #[error("too many attempts: {words}")]
    Limited {
        /// The provider's words.
        words: String,
        /// The wait that it asks for.
        retry_after: Option<Duration>,
    },
    /// Somebody in front of the provider refuses this network, its place, or the proxy.
    #[error("the provider's edge refuses this network or proxy (status {0})")]
    Edge(u16),
    /// A refusal that is none of the above; not known to be for good.
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
    /// The provider was not reached, or the proxy was not: nothing was used up.
    #[error("{0}")]
    Unreachable(Cause),
    /// It may have been asked, but its answer was lost: a rotating token or a code may be used up.
    #[error("the answer was lost: {0}")]
    Lost(Cause),
    /// It answered something that is no answer.
    #[error("the answer cannot be read: {0}")]
    Unreadable(&'static str),
}

impl GrantError {
    /// The word for logs and texts (`refused`).
    pub fn name(&self) -> &'static str {
        match self {
            Self::Refused(_) => "refused",
            Self::Misconfigured(_) => "misconfigured",
            Self::Limited { .. } => "limited",
            Self::Edge(_) => "edge",
            Self::Declined { .. } => "declined",
            Self::Temporary { .. } => "temporary",
            Self::Unreachable(cause) if cause.is_proxy() => "proxy",
            Self::Unreachable(_) => "unreachable",
            Self::Lost(_) => "lost",
            Self::Unreadable(_) => "unreadable",
        }
    }

    /// Whether only a new sign-in helps.
    pub fn is_permanent(&self) -> bool {
        matches!(self, Self::Refused(_))
    }

    /// The wait that the provider asks for.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Limited { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// The same, known to have happened behind a proxy; see [`Cause::behind`].
    #[must_use]
    pub fn behind(self, proxy: &str) -> Self {
        match self {
            Self::Unreachable(cause) => Self::Unreachable(cause.behind(proxy)),
            Self::Lost(cause) => Self::Lost(cause.behind(proxy)),
            other => other,
        }
    }

    /// What an answer without tokens means (reference/anthropic.md 12.4, reference/gemini.md 8).
    pub(super) fn of(answer: &Answer, sent: &[&Secret]) -> Self {
        let words = answer.words(sent);
        let (status, kind) = (answer.status.as_u16(), answer.fault().kind);
        match status {
            200..=299 if kind.is_empty() => Self::Unreadable("it holds no access token"),
            429 => Self::Limited { words, retry_after: answer.retry_after() },
            500..=599 | 408 | 425 => Self::Temporary { status, words },
            _ => Self::of_kind(&kind, answer, words),
        }
    }

    fn of_kind(kind: &str, answer: &Answer, words: String) -> Self {
        let status = answer.status.as_u16();
        match kind {
            "invalid_grant" | "access_denied" => Self::Refused(words),
            "rate_limit_error" | "slow_down" | "RESOURCE_EXHAUSTED" => {
                Self::Limited { words, retry_after: answer.retry_after() }
            }
            "temporarily_unavailable" | "server_error" | "overloaded_error" | "api_error" => {
                Self::Temporary { status, words }
            }
            "invalid_client"
            | "unauthorized_client"
            | "deleted_client"
            | "disabled_client"
            | "org_internal"
            | "redirect_uri_mismatch"
            | "invalid_scope"
            | "unsupported_grant_type" => Self::Misconfigured(words),
            "invalid_request" if is_about_client(&words) => Self::Misconfigured(words),
            _ => Self::of_status(answer.status, answer.is_html(), words),
        }
    }

    fn of_status(status: StatusCode, is_html: bool, words: String) -> Self {
        match status.as_u16() {
            403 if is_html => Self::Edge(403),
            404 | 405 | 410 => {
                Self::Misconfigured(format!("there is no token endpoint ({})", status.as_u16()))
            }
            300..=399 => Self::Misconfigured(format!("the token endpoint has moved ({})", status.as_u16())),
            200..=299 if is_html => Self::Unreadable("it is an HTML page"),
            status => Self::Declined { status, words },
        }
    }
}

impl From<Cause> for GrantError {
    fn from(cause: Cause) -> Self {
        if cause.was_sent { Self::Lost(cause) } else { Self::Unreachable(cause) }
    }
}

fn is_about_client(words: &str) -> bool {
    ["client_id", "client_secret", "client secret", "redirect_uri"].iter().any(|part| words.contains(part))
}
