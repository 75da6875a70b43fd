//! What a reply of Anthropic's means: one table over status and body (reference/anthropic.md, sections 7, 8 and 14).

use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde::Deserialize;

use super::quota;
use crate::model::window::WindowStatus;

/// What to do with a reply that is not a success.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is the client's own error, or nothing that another account could cure: the client gets it as it is.
    Deliver,
    /// Another account may do better.
    Next {
        /// What it means for this account.
        mark: Mark,
        /// Whether a client may see this very reply if no other account is left: trouble of an account's own
        /// credential never shows as the client's.
        shows: bool,
    },
}

/// What a reply means for the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Nothing.
    None,
    /// Trouble without a word on until when: it is tried last for a few seconds.
    Troubled,
    /// No calls until then, milliseconds since 1970.
    Cool(i64),
    /// No calls until a person acts.
    Park,
}

/// A reply's verdict, and the provider's words for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// What to do.
    pub verdict: Verdict,
    /// A limit of the model's family, and not of the whole account.
    pub is_for_model: bool,
    /// `rate_limit_error (429): …`, bounded.
    pub cause: String,
}

/// Cooldowns that a reply names are believed up to this long: the longest window has seven days.
const LONGEST_MS: i64 = 8 * 24 * 3_600_000;
const LONGEST_CAUSE: usize = 300;

#[derive(Default, Deserialize)]
struct Body<'a> {
    #[serde(borrow, default)]
    error: Option<Error<'a>>,
}

#[derive(Deserialize)]
struct Error<'a> {
    #[serde(borrow, rename = "type", default)]
    kind: std::borrow::Cow<'a, str>,
    #[serde(borrow, default)]
    message: std::borrow::Cow<'a, str>,
}

/// Judges a reply that is not a success. `body` is its beginning, as far as it was read.
pub fn judge(status: StatusCode, headers: &HeaderMap, body: &[u8], now_ms: i64) -> Judged {
    let error = serde_json::from_slice::<Body<'_>>(body).ok().and_then(|body| body.error);
    let message = error.as_ref().map_or("", |error| &*error.message).to_lowercase();
    let is_html = headers.get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    let mut is_for_model = false;
    let verdict = match status.as_u16() {
        400 if is_account_fault(&message) => Verdict::Next { mark: Mark::Park, shows: false },
        401 | 402 => Verdict::Next { mark: Mark::Park, shows: false },
        403 if message.contains("only authorized for use with claude code") => Verdict::Deliver,
        403 if is_html => Verdict::Next { mark: Mark::Troubled, shows: false },
        403 if is_account_fault(&message) => Verdict::Next { mark: Mark::Park, shows: false },
        403 => Verdict::Next { mark: Mark::None, shows: true },
        429 => {
            let limit = Limit::read(headers, now_ms);
            is_for_model = limit.is_for_model;
            limited(&limit, &message, now_ms)
        }
        500..=599 => Verdict::Next { mark: troubled(headers, now_ms), shows: true },
        _ => Verdict::Deliver,
    };
    Judged { verdict, is_for_model, cause: cause(status, error.as_ref(), is_html) }
}

/// Judges an error event that came in a stream before any content.
pub fn judge_event(kind: &str, message: &str) -> Verdict {
    match kind {
        "authentication_error" | "billing_error" => Verdict::Next { mark: Mark::Park, shows: false },
        _ if is_account_fault(&message.to_lowercase()) => Verdict::Next { mark: Mark::Park, shows: false },
        "overloaded_error" | "api_error" | "timeout_error" | "rate_limit_error" => {
            Verdict::Next { mark: Mark::Troubled, shows: true }
        }
        _ => Verdict::Deliver,
    }
}

/// Credential, billing and organisation: what no change of the request could cure.
fn is_account_fault(message: &str) -> bool {
    [
        "organization has been disabled",
        "credit balance is too low",
        "credit balance too low",
        "not allowed for this organization",
    ]
    .iter()
    .any(|words| message.contains(words))
}

/// A failure of upstream's own: some say until when.
fn troubled(headers: &HeaderMap, now_ms: i64) -> Mark {
    retry_after(headers, now_ms).map_or(Mark::Troubled, |until_ms| cool(until_ms, now_ms))
}

fn cool(until_ms: i64, now_ms: i64) -> Mark {
    Mark::Cool(until_ms.clamp(now_ms, now_ms + LONGEST_MS))
}

fn limited(limit: &Limit, message: &str, now_ms: i64) -> Verdict {
    if message.contains("extra usage") {
        return Verdict::Deliver;
    }
    let mark = match limit.until_ms {
        Some(until_ms) => cool(until_ms, now_ms),
        None => Mark::None,
    };
    Verdict::Next { mark, shows: true }
}

/// What a 429 says of the limit.
struct Limit {
    /// The latest reset among the windows that refused, else the overall reset, else `retry-after`, else the latest
    /// reset among the per-minute limits with nothing left.
    until_ms: Option<i64>,
    /// Only windows of model families refused.
    is_for_model: bool,
}

impl Limit {
    fn read(headers: &HeaderMap, now_ms: i64) -> Self {
        let windows = quota::readings(headers);
        let refusing = windows.iter().filter(|reading| reading.status == Some(WindowStatus::Rejected));
        let (of_models, of_all): (Vec<_>, Vec<_>) =
            refusing.partition(|reading| reading.window.family().is_some());
        let is_for_model = of_all.is_empty() && !of_models.is_empty();
        let that_count = if is_for_model { of_models } else { of_all };
        let until_ms = that_count
            .iter()
            .filter_map(|reading| reading.resets_ms)
            .max()
            .or_else(|| instant(headers, "anthropic-ratelimit-unified-reset"))
            .or_else(|| retry_after(headers, now_ms))
            .or_else(|| spent_resets(headers));
        Self { until_ms, is_for_model }
    }
}

fn spent_resets(headers: &HeaderMap) -> Option<i64> {
    let spent = headers.iter().filter_map(|(name, value)| {
        let limit = name.as_str().strip_prefix("anthropic-ratelimit-")?.strip_suffix("-remaining")?;
        (value == "0").then_some(limit)
    });
    spent.filter_map(|limit| instant(headers, &format!("anthropic-ratelimit-{limit}-reset"))).max()
}

/// Seconds since 1970, or RFC 3339; in milliseconds.
fn instant(headers: &HeaderMap, name: &str) -> Option<i64> {
    let text = headers.get(name)?.to_str().ok()?.trim();
    match text.parse::<i64>() {
        Ok(seconds) => seconds.checked_mul(1000),
        Err(_) => Some(text.parse::<Timestamp>().ok()?.as_millisecond()),
    }
}

/// `retry-after` in seconds or as an HTTP date; in milliseconds since 1970.
fn retry_after(headers: &HeaderMap, now_ms: i64) -> Option<i64> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match text.parse::<u32>() {
        Ok(seconds) => Some(now_ms + i64::from(seconds) * 1000),
        Err(_) => {
            let date = jiff::fmt::rfc2822::parse(text).ok()?;
            Some(date.timestamp().as_millisecond())
        }
    }
}

fn cause(status: StatusCode, error: Option<&Error<'_>>, is_html: bool) -> String {
    let text = match error {
        Some(error) => format!("{} ({}): {}", error.kind, status.as_u16(), error.message),
        None if is_html => format!("an HTML page with status {}", status.as_u16()),
        None => format!("status {}", status.as_u16()),
    };
    text.chars().filter(|c| !c.is_control()).take(LONGEST_CAUSE).collect()
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};
    use rstest::rstest;

    use super::*;

    const NOW_MS: i64 = 1_790_000_000_000;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    fn error(kind: &str, message: &str) -> String {
        format!(r#"{{"type":"error","error":{{"type":"{kind}","message":"{message}"}}}}"#)
    }

    const PARK: Verdict = Verdict::Next { mark: Mark::Park, shows: false };

    #[rstest]
    #[case(400, "invalid_request_error", "max_tokens: Field required", Verdict::Deliver)]
    #[case(400, "invalid_request_error", "This organization has been disabled.", PARK)]
    #[case(400, "invalid_request_error", "Your credit balance is too low to access the API", PARK)]
    #[case(401, "authentication_error", "invalid x-api-key", PARK)]
    #[case(402, "billing_error", "payment required", PARK)]
    #[case(
        403,
        "permission_error",
        "OAuth authentication is currently not allowed for this organization.",
        PARK
    )]
    #[case(
        403,
        "permission_error",
        "This credential is only authorized for use with Claude Code",
        Verdict::Deliver
    )]
    #[case(403, "permission_error", "no access to the model", Verdict::Next { mark: Mark::None, shows: true })]
    #[case(404, "not_found_error", "model: x", Verdict::Deliver)]
    #[case(413, "request_too_large", "too large", Verdict::Deliver)]
    #[case(422, "invalid_request_error", "no", Verdict::Deliver)]
    #[case(429, "rate_limit_error", "Extra usage is required for long context", Verdict::Deliver)]
    #[case(429, "rate_limit_error", "slow down", Verdict::Next { mark: Mark::None, shows: true })]
    #[case(500, "api_error", "internal", Verdict::Next { mark: Mark::Troubled, shows: true })]
    #[case(529, "overloaded_error", "Overloaded", Verdict::Next { mark: Mark::Troubled, shows: true })]
    fn the_table(#[case] status: u16, #[case] kind: &str, #[case] message: &str, #[case] expected: Verdict) {
        let status = StatusCode::from_u16(status).unwrap();

        let judged = judge(status, &HeaderMap::new(), error(kind, message).as_bytes(), NOW_MS);

        assert_eq!(judged.verdict, expected);
    }

    #[test]
    fn the_latest_reset_among_refusing_windows_counts() {
        let reply = headers(&[
            ("retry-after", "7999"),
            ("anthropic-ratelimit-unified-status", "rejected"),
            ("anthropic-ratelimit-unified-reset", "1790134200"),
            ("anthropic-ratelimit-unified-5h-status", "rejected"),
            ("anthropic-ratelimit-unified-5h-reset", "1790134200"),
            ("anthropic-ratelimit-unified-7d-status", "allowed"),
            ("anthropic-ratelimit-unified-7d-reset", "1790211600"),
        ]);

        let judged = judge(StatusCode::TOO_MANY_REQUESTS, &reply, b"", NOW_MS);

        assert_eq!(judged.verdict, Verdict::Next { mark: Mark::Cool(1_790_134_200_000), shows: true });
    }

    #[test]
    fn a_limit_of_a_family_s_window_is_not_the_account_s() {
        let reply = headers(&[
            ("anthropic-ratelimit-unified-status", "rejected"),
            ("anthropic-ratelimit-unified-representative-claim", "seven_day_opus"),
            ("anthropic-ratelimit-unified-reset", "1790211600"),
            ("anthropic-ratelimit-unified-5h-status", "allowed"),
            ("anthropic-ratelimit-unified-5h-reset", "1790134200"),
            ("anthropic-ratelimit-unified-7d_opus-status", "rejected"),
            ("anthropic-ratelimit-unified-7d_opus-reset", "1790211600"),
        ]);

        let judged = judge(StatusCode::TOO_MANY_REQUESTS, &reply, b"", NOW_MS);

        let verdict = Verdict::Next { mark: Mark::Cool(1_790_211_600_000), shows: true };
        assert_eq!((judged.verdict, judged.is_for_model), (verdict, true));
    }

    #[test]
    fn a_family_that_is_only_claimed_counts_and_a_refusing_window_of_the_account_s_outweighs_it() {
        let claimed = [
            ("anthropic-ratelimit-unified-status", "rejected"),
            ("anthropic-ratelimit-unified-representative-claim", "seven_day_sonnet"),
            ("anthropic-ratelimit-unified-reset", "1790211600"),
        ];
        let whole = [
            ("anthropic-ratelimit-unified-5h-status", "rejected"),
            ("anthropic-ratelimit-unified-5h-reset", "1790134200"),
        ];
        let read = |pairs: &[(&'static str, &'static str)]| {
            let judged = judge(StatusCode::TOO_MANY_REQUESTS, &headers(pairs), b"", NOW_MS);
            (judged.verdict, judged.is_for_model)
        };

        let until = |until_ms| Verdict::Next { mark: Mark::Cool(until_ms), shows: true };
        assert_eq!(read(&claimed), (until(1_790_211_600_000), true));
        assert_eq!(
            read(&[claimed, [whole[0], whole[1], ("x", "y")]].concat()),
            (until(1_790_134_200_000), false)
        );
    }

    #[test]
    fn paid_extra_usage_that_is_off_is_no_window() {
        let reply = headers(&[
            ("retry-after", "60"),
            ("anthropic-ratelimit-unified-overage-status", "rejected"),
            ("anthropic-ratelimit-unified-overage-reset", "1792000000"),
        ]);

        let judged = judge(StatusCode::TOO_MANY_REQUESTS, &reply, b"", NOW_MS);

        assert_eq!(judged.verdict, Verdict::Next { mark: Mark::Cool(NOW_MS + 60_000), shows: true });
    }

    #[rstest]
    #[case(&[("retry-after", "12")], NOW_MS + 12_000)]
    #[case(&[("retry-after", "Mon, 21 Sep 2026 14:13:30 GMT")], 1_790_000_010_000)]
    #[case(&[("anthropic-ratelimit-tokens-remaining", "0"), ("anthropic-ratelimit-tokens-reset", "2026-09-21T14:14:00Z")],
           1_790_000_040_000)]
    fn other_resets_are_read(#[case] pairs: &[(&'static str, &'static str)], #[case] until_ms: i64) {
        let judged = judge(StatusCode::TOO_MANY_REQUESTS, &headers(pairs), b"", NOW_MS);

        assert_eq!(judged.verdict, Verdict::Next { mark: Mark::Cool(until_ms), shows: true });
    }

    #[test]
    fn a_page_of_the_edge_parks_nothing() {
        let judged =
            judge(StatusCode::FORBIDDEN, &headers(&[("content-type", "text/html")]), b"<html>", NOW_MS);

        assert_eq!(judged.verdict, Verdict::Next { mark: Mark::Troubled, shows: false });
    }
}
