//! Why the relay itself refuses a call: for the client a safe text, for the operator the cause.

use std::time::Duration;

use http::StatusCode;

use super::limit::exceeded::Exceeded;
use crate::clock::Clock;
use crate::model::account::Service;
use crate::wire::bound::Unbounded;

/// The relay's own refusals. `Display` is what the client reads; `cause` is for the operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No key, a malformed, unknown or disabled one: one shape for the client, the difference for the log. Whoever
    /// holds a key that has expired may know that.
    #[error("{}", told(.0))]
    Unauthenticated(Unauthenticated),
    /// The key is not for models of this provider.
    #[error("this key may not use {}", match .0 { Service::Claude => "Claude", Service::Gemini => "Gemini" })]
    ServiceNotAllowed(Service),
    /// The key is not for this model.
    #[error("this key may not use the model {0}")]
    ModelNotAllowed(String),
    /// A limit of the key's.
    #[error("{0}")]
    Limited(Box<Exceeded>),
    /// The key's limits are strict, and nobody can tell how much this call may use.
    #[error("this key's limits are strict, and this call cannot be bounded: {0}")]
    Unbounded(Unbounded),
    /// The key was revoked while the call was under way.
    #[error("this key was revoked while the call was under way")]
    Revoked,
    /// The body is not what the endpoint takes.
    #[error("{0}")]
    Malformed(String),
    /// The body is coded.
    #[error("a request body with content-encoding is not accepted: send it uncompressed")]
    CodedBody,
    /// The body is longer than allowed.
    #[error("the request body is larger than {limit} bytes, the most that this relay accepts")]
    TooLarge {
        /// `limits.body`.
        limit: usize,
    },
    /// The body came too slowly.
    #[error("the request body arrived too slowly")]
    TooSlow,
    /// The client broke off in its body.
    #[error("the request body broke off")]
    BodyCut,
    /// All body memory is in use.
    #[error("the relay holds as many request bodies as it may; try again shortly")]
    NoBodyMemory,
    /// No account can serve now.
    #[error("{shortage}{}", hint(*.retry_after))]
    NoAccount {
        /// What they lack.
        shortage: Shortage,
        /// Until the first one may, if known.
        retry_after: Option<Duration>,
        /// For the operator.
        cause: String,
    },
    /// Upstream could not be reached.
    #[error("upstream could not be reached")]
    Unreachable {
        /// For the operator.
        cause: String,
    },
    /// Upstream did not answer in time.
    #[error("upstream did not answer in time")]
    Silent {
        /// For the operator.
        cause: String,
    },
    /// The books cannot be kept, so nothing may be sent.
    #[error("the relay cannot record usage at the moment, so it takes no calls; try again shortly")]
    NoJournal {
        /// For the operator.
        cause: String,
    },
    /// The call came from this very relay.
    #[error("this request has already passed this relay: an account's address points back at it")]
    Loop,
    /// The relay is stopping.
    #[error("the relay is shutting down")]
    Stopping,
}

/// What keeps every account from serving.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Shortage {
    /// A limit of the provider's.
    #[error("every upstream account for this request is at its limit")]
    Limited,
    /// The provider is overloaded.
    #[error("upstream is overloaded")]
    Overloaded(Service),
    /// They have as many calls under way as they may.
    #[error("every upstream account is busy")]
    Busy,
    /// Something else, or several things.
    #[error("no upstream account is able to serve this request now")]
    Out,
}

/// Which kind of missing key it was; only the operator learns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unauthenticated {
    /// No header held one.
    #[error("no key was sent")]
    Missing,
    /// Not `cr_` and 64 hex digits.
    #[error("the key has not the form of one")]
    Malformed,
    /// Two headers held different keys.
    #[error("two different keys were sent")]
    Ambiguous,
    /// No such key, or a deleted one.
    #[error("the key is unknown")]
    Unknown,
    /// It is disabled.
    #[error("the key is disabled")]
    Disabled,
    /// Its time is over.
    #[error("the key expired at {}", Clock::rfc3339(*at_ms))]
    Expired {
        /// When it ended, milliseconds since 1970.
        at_ms: i64,
    },
}

impl Refusal {
    /// A limit of the key's.
    pub fn limited(exceeded: Exceeded) -> Self {
        Self::Limited(Box::new(exceeded))
    }

    /// The HTTP status that the client gets, and the books keep.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Unauthenticated(_) | Self::Revoked => StatusCode::UNAUTHORIZED,
            Self::ServiceNotAllowed(_) | Self::ModelNotAllowed(_) | Self::Unbounded(_) => {
                StatusCode::FORBIDDEN
            }
            Self::Limited(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Malformed(_) | Self::BodyCut => StatusCode::BAD_REQUEST,
            Self::CodedBody => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::NoAccount { shortage: Shortage::Limited, .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::NoAccount { shortage: Shortage::Overloaded(Service::Claude), .. } => overloaded(),
            Self::NoBodyMemory | Self::NoAccount { .. } | Self::NoJournal { .. } | Self::Stopping => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Unreachable { .. } => StatusCode::BAD_GATEWAY,
            Self::Silent { .. } => StatusCode::GATEWAY_TIMEOUT,
            Self::Loop => StatusCode::LOOP_DETECTED,
        }
    }

    /// Until an account may serve again, if that is known.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::NoAccount { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// What the operator reads.
    pub fn cause(&self) -> String {
        match self {
            Self::Unauthenticated(which) => which.to_string(),
            Self::NoAccount { cause, .. }
            | Self::Unreachable { cause }
            | Self::Silent { cause }
            | Self::NoJournal { cause } => cause.clone(),
            other => other.to_string(),
        }
    }
}

/// 529, which Anthropic answers when it is overloaded; Google answers 503.
fn overloaded() -> StatusCode {
    StatusCode::from_u16(529).unwrap_or(StatusCode::SERVICE_UNAVAILABLE)
}

fn told(which: &Unauthenticated) -> String {
    match which {
        Unauthenticated::Expired { at_ms } => {
            format!("this API key expired at {}: ask whoever issued it", Clock::rfc3339(*at_ms))
        }
        _ => "invalid API key: send a Switchyard key (cr_…) in x-api-key or as a bearer token".to_owned(),
    }
}

fn hint(retry_after: Option<Duration>) -> String {
    retry_after
        .map_or_else(String::new, |wait| format!("; the first may again in {} s", wait.as_secs().max(1)))
}
