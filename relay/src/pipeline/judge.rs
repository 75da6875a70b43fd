//! Judging a reply: by the table of the provider whose reply it is.

use http::{HeaderMap, StatusCode};

use crate::model::account::Service;
use crate::provider::anthropic::verdict::{self as anthropic, Mark, Verdict};
use crate::provider::google::verdict::{self as google, Scope};
use crate::stream::observe::StreamError;

/// What a reply that is no success means.
pub(crate) struct Judged {
    /// What to do.
    pub(crate) verdict: Verdict,
    /// What its mark is for.
    pub(crate) scope: Scope,
    /// The provider's words for the operator.
    pub(crate) cause: String,
    /// The provider is overloaded.
    pub(crate) is_overload: bool,
}

/// Judges a reply that is no success. `body` is its beginning, as far as it was read.
pub(crate) fn judge(
    service: Service,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
    now_ms: i64,
) -> Judged {
    match service {
        Service::Claude => {
            let judged = anthropic::judge(status, headers, body, now_ms);
            Judged {
                verdict: judged.verdict,
                scope: if judged.is_for_model { Scope::Model } else { Scope::Account },
                cause: judged.cause,
                is_overload: matches!(status.as_u16(), 503 | 529),
            }
        }
        Service::Gemini => of_google(google::judge(status, headers, body, now_ms), status.as_u16()),
    }
}

/// Judges an error that came in a stream before any content. `body` is the stream so far.
pub(crate) fn judge_event(service: Service, error: &StreamError, body: &[u8], now_ms: i64) -> Judged {
    match service {
        Service::Claude => Judged {
            verdict: anthropic::judge_event(&error.kind, &error.message),
            scope: Scope::Account,
            cause: format!("{}: {}", error.kind, error.message),
            is_overload: error.kind == "overloaded_error",
        },
        Service::Gemini => {
            let code = if error.kind == "UNAVAILABLE" { 503 } else { 0 };
            of_google(google::judge_stream(body, now_ms), code)
        }
    }
}

fn of_google(judged: google::Judged, code: u16) -> Judged {
    let is_trouble = matches!(judged.verdict, Verdict::Next { mark: Mark::Troubled, .. });
    Judged {
        verdict: judged.verdict,
        scope: judged.scope,
        cause: judged.cause,
        is_overload: is_trouble && matches!(code, 429 | 503),
    }
}
