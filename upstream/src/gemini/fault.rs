//! Owns Google's errors: `google.rpc.Status` in JSON, with the details that clients read.
//! (Source: the API's own documentation, and the published command-line client that reads them.)

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use crate::clock::rfc3339;

/// An error of Google's by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// 429: the model's quota per minute.
    PerMinute(Duration),
    /// 429: the model's quota per day.
    PerDay(Duration),
    /// 429: no quota for this model at all.
    LimitZero,
    /// 429 with a list of reasons in place of details.
    Reasons,
    /// 400: the key is none.
    KeyInvalid,
    /// 403: the key has been reported as leaked.
    KeyLeaked,
    /// 403: no credential at all.
    Unregistered,
    /// 403: the API is not enabled in the project.
    ServiceDisabled,
    /// 403: the person must visit an address first.
    ValidationRequired(String),
    /// 403: the person has no licence.
    NoLicence,
    /// 403: the organisation's perimeter refuses.
    SecurityPolicy,
    /// 400: no free tier where the caller is.
    Region,
    /// 401: the token has expired or is none.
    TokenInvalid,
    /// 429 of Code Assist: too fast.
    AssistRate(Duration),
    /// 429 of Code Assist: the quota is used up.
    AssistExhausted(Duration),
    /// 429 of Code Assist: the model is full for everybody.
    AssistCapacity,
    /// 429 of Code Assist: no paid credits.
    AssistCredits,
}

impl Fault {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::KeyInvalid | Self::Region => StatusCode::BAD_REQUEST,
            Self::TokenInvalid => StatusCode::UNAUTHORIZED,
            Self::KeyLeaked | Self::Unregistered | Self::ServiceDisabled | Self::ValidationRequired(_) => {
                StatusCode::FORBIDDEN
            }
            Self::NoLicence | Self::SecurityPolicy => StatusCode::FORBIDDEN,
            _ => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    /// The status word, where it is not the usual one of the status.
    fn word(&self) -> Option<&'static str> {
        (*self == Self::Region).then_some("FAILED_PRECONDITION")
    }

    fn message(&self, model: &str) -> String {
        let quota = "You exceeded your current quota, please check your plan and billing details.";
        match self {
            Self::PerMinute(delay) | Self::PerDay(delay) => {
                format!(
                    "{quota}\n* Quota exceeded for metric: {METRIC}, limit: 50\nPlease retry in {}.",
                    seconds(*delay)
                )
            }
            Self::LimitZero => {
                format!("{quota}\n* Quota exceeded for metric: {METRIC}, limit: 0, model: {model}")
            }
            Self::Reasons => "Resource has been exhausted (e.g. check quota).".to_owned(),
            Self::KeyInvalid => "API key not valid. Please pass a valid API key.".to_owned(),
            Self::KeyLeaked => "Your API key was reported as leaked. Please use another API key.".to_owned(),
            Self::Unregistered => "Method doesn't allow unregistered callers (callers without established \
                identity). Please use API Key or other form of API consumer identity to call this API."
                .to_owned(),
            Self::ServiceDisabled => {
                "Generative Language API has not been used in project 1234 before or it is disabled."
                    .to_owned()
            }
            Self::ValidationRequired(_) => "To continue, verify your account.".to_owned(),
            Self::NoLicence => "You do not have a valid license for this product.".to_owned(),
            Self::SecurityPolicy => "Request is prohibited by organization's policy.".to_owned(),
            Self::Region => {
                "User location is not supported for the API use without a billing account.".to_owned()
            }
            Self::TokenInvalid => "Request had invalid authentication credentials. Expected OAuth 2 access \
                token, login cookie or other valid authentication credential."
                .to_owned(),
            Self::AssistRate(_) | Self::AssistExhausted(_) => {
                "You have exhausted your capacity on this model.".to_owned()
            }
            Self::AssistCapacity => format!("No capacity available for model {model} on the server"),
            Self::AssistCredits => "Insufficient G1 credits balance.".to_owned(),
        }
    }

    fn details(&self, model: &str, now_seconds: i64) -> Vec<Value> {
        match self {
            Self::PerMinute(delay) => vec![quota("PerMinute", model, "5"), help(LIMITS), retry(*delay)],
            Self::PerDay(delay) => vec![quota("PerDay", model, "50"), help(LIMITS), retry(*delay)],
            Self::LimitZero => vec![quota("PerDay", model, "0"), help(LIMITS)],
            Self::KeyInvalid => vec![info("API_KEY_INVALID", API, json!({"service": API}))],
            Self::ServiceDisabled => {
                vec![info("SERVICE_DISABLED", "googleapis.com", json!({"service": API}))]
            }
            Self::TokenInvalid => vec![info("ACCESS_TOKEN_TYPE_UNSUPPORTED", "googleapis.com", json!({}))],
            Self::ValidationRequired(url) => {
                vec![info("VALIDATION_REQUIRED", ASSIST, json!({"validation_url": url})), help(url)]
            }
            Self::NoLicence => vec![info("SUBSCRIPTION_REQUIRED", ASSIST, json!({}))],
            Self::SecurityPolicy => {
                vec![info("SECURITY_POLICY_VIOLATED", "googleapis.com", json!({"uid": "1"}))]
            }
            Self::AssistRate(delay) => {
                vec![info("RATE_LIMIT_EXCEEDED", ASSIST, json!({"model": model})), retry(*delay)]
            }
            Self::AssistExhausted(delay) => {
                let left = i64::try_from(delay.as_secs()).unwrap_or(i64::MAX);
                let metadata = json!({
                    "model": model,
                    "quotaResetDelay": seconds(*delay),
                    "quotaResetTimeStamp": rfc3339(now_seconds.saturating_add(left)),
                    "uiMessage": "true",
                });
                vec![info("QUOTA_EXHAUSTED", ASSIST, metadata), retry(*delay)]
            }
            Self::AssistCapacity => vec![info("MODEL_CAPACITY_EXHAUSTED", ASSIST, json!({"model": model}))],
            Self::AssistCredits => vec![info("INSUFFICIENT_G1_CREDITS_BALANCE", ASSIST, json!({}))],
            Self::Reasons | Self::KeyLeaked | Self::Unregistered | Self::Region => Vec::new(),
        }
    }
}

/// What an error says besides its status.
pub(crate) struct Words<'a> {
    pub(crate) fault: Option<&'a Fault>,
    pub(crate) kind: Option<&'a str>,
    pub(crate) message: Option<&'a str>,
    pub(crate) model: &'a str,
    pub(crate) now_seconds: i64,
}

/// The error as JSON.
pub(crate) fn error(status: StatusCode, words: &Words<'_>) -> Value {
    let (usual_word, usual_message) = usual(status);
    let Words { fault, kind, message, model, now_seconds } = *words;
    let kind = kind.filter(|kind| is_status_word(kind));
    let word = kind.or_else(|| fault.and_then(Fault::word)).unwrap_or(usual_word);
    let said = fault.map(|fault| fault.message(model));
    let message = message.or(said.as_deref()).unwrap_or(usual_message);
    let mut error = json!({"code": status.as_u16(), "message": message, "status": word});
    let details = fault.map(|fault| fault.details(model, now_seconds)).unwrap_or_default();
    if !details.is_empty() {
        error["details"] = json!(details);
    }
    if fault == Some(&Fault::Reasons) {
        error["errors"] = json!([{"message": message, "domain": "global", "reason": "rateLimitExceeded"}]);
    }
    json!({"error": error})
}

/// The status, word and message of an error event of this type, in either provider's words.
pub(crate) fn of_event(kind: &str) -> StatusCode {
    let known =
        [400, 401, 403, 404, 429, 500, 503, 504].map(|code| StatusCode::from_u16(code).unwrap_or_default());
    let by_word = known.into_iter().find(|status| usual(*status).0 == kind);
    by_word.unwrap_or(match kind {
        "overloaded_error" => StatusCode::SERVICE_UNAVAILABLE,
        "rate_limit_error" => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    })
}

fn is_status_word(kind: &str) -> bool {
    kind.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

fn usual(status: StatusCode) -> (&'static str, &'static str) {
    match status.as_u16() {
        401 => ("UNAUTHENTICATED", "Request had invalid authentication credentials."),
        403 => ("PERMISSION_DENIED", "The caller does not have permission"),
        404 => ("NOT_FOUND", "Requested entity was not found."),
        429 => ("RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."),
        499 => ("CANCELLED", "The operation was cancelled."),
        503 | 529 => ("UNAVAILABLE", "The model is overloaded. Please try again later."),
        504 => ("DEADLINE_EXCEEDED", "The request timed out. Please try again."),
        500..=599 => ("INTERNAL", "An internal error has occurred."),
        _ => ("INVALID_ARGUMENT", "Request contains an invalid argument."),
    }
}

const API: &str = "generativelanguage.googleapis.com";
const ASSIST: &str = "cloudcode-pa.googleapis.com";
const METRIC: &str = "generativelanguage.googleapis.com/generate_content_free_tier_requests";
const LIMITS: &str = "https://ai.google.dev/gemini-api/docs/rate-limits";

fn quota(period: &str, model: &str, value: &str) -> Value {
    json!({
        "@type": "type.googleapis.com/google.rpc.QuotaFailure",
        "violations": [{
            "quotaMetric": METRIC,
            "quotaId": format!("GenerateRequests{period}PerProjectPerModel-FreeTier"),
            "quotaDimensions": {"location": "global", "model": model},
            "quotaValue": value,
        }],
    })
}

fn help(url: &str) -> Value {
    let link = json!({"description": "Learn more", "url": url});
    json!({"@type": "type.googleapis.com/google.rpc.Help", "links": [link]})
}

fn retry(delay: Duration) -> Value {
    json!({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": seconds(delay)})
}

fn info(reason: &str, domain: &str, metadata: Value) -> Value {
    json!({
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": domain,
        "metadata": metadata,
    })
}

/// A duration as Protocol Buffers write it in JSON: `34.074824224s`.
fn seconds(duration: Duration) -> String {
    let text = format!("{}.{:09}", duration.as_secs(), duration.subsec_nanos());
    format!("{}s", text.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_written_as_protocol_buffers_do() {
        assert_eq!(seconds(Duration::from_secs(30)), "30s");
        assert_eq!(seconds(Duration::from_nanos(34_074_824_224)), "34.074824224s");
        assert_eq!(seconds(Duration::from_millis(900)), "0.9s");
    }
}
