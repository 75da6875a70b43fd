//! What an error of Google's means: one table over status and body (reference/gemini.md, section 6).
//!
//! Quotas are counted by model, so a limit keeps one model of an account away and no other.

use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;

use super::delay::{after_words, milliseconds, next_pacific_midnight};
use crate::provider::anthropic::verdict::{Mark, Verdict};
use crate::stream::frame::Frames;
use crate::wire::google::status::Status;

/// Waits that a reply names are believed up to this long.
const LONGEST_MS: i64 = 8 * 24 * 3_600_000;
/// A quota by the minute of which nothing more is said.
const MINUTE_MS: i64 = 60_000;
/// How long an account is not asked again for a model that it has no quota for.
const NO_MODEL_MS: i64 = 3_600_000;
const LONGEST_CAUSE: usize = 300;

/// What a verdict's mark holds for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole account.
    Account,
    /// The model that was asked for, on this account.
    Model,
}

/// A reply's verdict, and the provider's words for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// What to do.
    pub verdict: Verdict,
    /// What its mark is for.
    pub scope: Scope,
    /// `RESOURCE_EXHAUSTED (429): …`, bounded.
    pub cause: String,
}

/// Judges a reply that is not a success. `body` is its beginning, as far as it was read.
pub fn judge(status: StatusCode, headers: &HeaderMap, body: &[u8], now_ms: i64) -> Judged {
    let text = String::from_utf8_lossy(body);
    let error = Status::of_body(&text);
    let is_html = headers.get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    let code = status.as_u16();
    if is_html && error.is_none() {
        let cause = format!("an HTML page with status {code}");
        return Judged { verdict: TROUBLED_HIDDEN, scope: Scope::Account, cause };
    }
    table(code, &error.unwrap_or_default(), retry_after(headers, now_ms), now_ms)
}

/// Judges the error that came in a stream, of either form, before any content. `body` is the stream so far.
pub fn judge_stream(body: &[u8], now_ms: i64) -> Judged {
    let mut found = None;
    let mut look = |json: &[u8]| {
        let json = String::from_utf8_lossy(json);
        if found.is_none() && Status::of_body(&json).is_some() {
            found = Some(judge_event(&json, now_ms));
        }
    };
    let mut frames = Frames::default();
    frames.feed(body, |frame| look(frame.data));
    frames.finish(|frame| look(frame.data));
    look(body);
    found.unwrap_or_else(|| judge_event("", now_ms))
}

/// Judges an error that came in the place of an answer.
fn judge_event(json: &str, now_ms: i64) -> Judged {
    let error = Status::of_body(json).unwrap_or_default();
    let code = error.code.filter(|code| *code >= 400).or_else(|| code_of(error.status.as_deref()?));
    table(code.unwrap_or(500), &error, None, now_ms)
}

const PARK: Verdict = Verdict::Next { mark: Mark::Park, shows: false };
const TROUBLED: Verdict = Verdict::Next { mark: Mark::Troubled, shows: true };
const TROUBLED_HIDDEN: Verdict = Verdict::Next { mark: Mark::Troubled, shows: false };
/// Perhaps the account's fault, perhaps not: others are tried, and nothing is held against this one.
const NEXT: Verdict = Verdict::Next { mark: Mark::None, shows: true };

fn table(code: u16, error: &Status<'_>, retry_after_ms: Option<i64>, now_ms: i64) -> Judged {
    let words = error.message.as_deref().unwrap_or_default().to_lowercase();
    let status = error.status.as_deref().unwrap_or_default();
    let (verdict, scope) = match code {
        400 if is_bad_key(error, &words) => (PARK, Scope::Account),
        400 if status == "FAILED_PRECONDITION" && is_billing_or_place(&words) => (PARK, Scope::Account),
        400 if status == "FAILED_PRECONDITION" && !is_about_resource(&words) => (NEXT, Scope::Account),
        401 | 402 => (PARK, Scope::Account),
        403 if is_about_resource(&words) => (Verdict::Deliver, Scope::Account),
        403 if is_account_fault(error, &words) => (PARK, Scope::Account),
        403 => (NEXT, Scope::Account),
        429 => (limited(error, &words, retry_after_ms, now_ms), Scope::Model),
        503 => (TROUBLED, Scope::Model),
        504 if status == "DEADLINE_EXCEEDED" => (Verdict::Deliver, Scope::Account),
        499..=599 => (TROUBLED, Scope::Account),
        _ => (Verdict::Deliver, Scope::Account),
    };
    Judged { verdict, scope, cause: cause(code, error) }
}

fn has_reason(error: &Status<'_>, names: &[&str]) -> bool {
    error.reasons.iter().any(|reason| names.contains(&&**reason))
}

fn says(words: &str, any: &[&str]) -> bool {
    any.iter().any(|phrase| words.contains(phrase))
}

fn is_bad_key(error: &Status<'_>, words: &str) -> bool {
    has_reason(error, &["API_KEY_INVALID", "API_KEY_EXPIRED"])
        || says(words, &["api key not valid", "api key expired", "api key not found"])
}

fn is_billing_or_place(words: &str) -> bool {
    says(words, &["location is not supported", "billing", "free tier", "not available in your"])
}

/// A file, cache or tuned model that the client names is perhaps another account's, and no fault of this one.
fn is_about_resource(words: &str) -> bool {
    says(words, &["the file ", "cachedcontent", "cached content", "tunedmodel", "tuned model"])
}

fn is_account_fault(error: &Status<'_>, words: &str) -> bool {
    const REASONS: [&str; 16] = [
        "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        "ACCOUNT_STATE_INVALID",
        "API_KEY_HTTP_REFERRER_BLOCKED",
        "API_KEY_INVALID",
        "API_KEY_IP_ADDRESS_BLOCKED",
        "API_KEY_SERVICE_BLOCKED",
        "BILLING_DISABLED",
        "CONSUMER_INVALID",
        "CONSUMER_SUSPENDED",
        "IAM_PERMISSION_DENIED",
        "SECURITY_POLICY_VIOLATED",
        "SERVICE_DISABLED",
        "SUBSCRIPTION_REQUIRED",
        "TOS_VIOLATION",
        "USER_PROJECT_DENIED",
        "VALIDATION_REQUIRED",
    ];
    const PHRASES: [&str; 9] = [
        "suspended",
        "leaked",
        "has not been used in project",
        "denied access",
        "are blocked",
        "is disabled",
        "licen",
        "verify your account",
        "caller does not have permission",
    ];
    has_reason(error, &REASONS) || says(words, &PHRASES)
}

/// A 429: whose limit, and until when. Without a word on until when it is trouble, not a limit.
fn limited(error: &Status<'_>, words: &str, retry_after_ms: Option<i64>, now_ms: i64) -> Verdict {
    if has_reason(error, &["MODEL_CAPACITY_EXHAUSTED"]) {
        // It is full for everybody.
        return TROUBLED;
    }
    let until = if is_no_quota_at_all(words) {
        Some(now_ms + NO_MODEL_MS)
    } else {
        until(error, words, retry_after_ms, now_ms)
    };
    let mark = until.map_or(Mark::Troubled, |until| Mark::Cool(until.clamp(now_ms, now_ms + LONGEST_MS)));
    Verdict::Next { mark, shows: true }
}

/// `limit: 0`: the account does not have this model, today or tomorrow.
fn is_no_quota_at_all(words: &str) -> bool {
    words.match_indices("limit: 0").any(|(at, phrase)| {
        !words[at + phrase.len()..].starts_with(|next: char| next.is_ascii_digit() || next == '.')
    })
}

fn until(error: &Status<'_>, words: &str, retry_after_ms: Option<i64>, now_ms: i64) -> Option<i64> {
    let quota = |names: &[&str]| error.quotas.iter().any(|id| says(id, names));
    if quota(&["PerDay", "Daily"]) {
        return next_pacific_midnight(now_ms);
    }
    let in_ms = |delay: Option<&str>| delay.and_then(milliseconds).map(|delay| now_ms.saturating_add(delay));
    if has_reason(error, &["QUOTA_EXHAUSTED"]) {
        let at =
            error.reset_at.as_deref().and_then(|at| Some(at.parse::<Timestamp>().ok()?.as_millisecond()));
        if let Some(until) = at.or_else(|| in_ms(error.reset_delay.as_deref())) {
            return Some(until);
        }
    }
    let in_words = ["retry in ", "reset after "].iter().find_map(|phrase| after_words(words, phrase));
    in_ms(error.retry_delay.as_deref())
        .or_else(|| in_words.map(|delay| now_ms.saturating_add(delay)))
        .or(retry_after_ms)
        .or_else(|| quota(&["PerMinute"]).then_some(now_ms + MINUTE_MS))
}

/// `retry-after` in seconds; in milliseconds since 1970.
fn retry_after(headers: &HeaderMap, now_ms: i64) -> Option<i64> {
    let seconds: u32 = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(now_ms + i64::from(seconds) * 1000)
}

/// The HTTP status that goes with a canonical name.
fn code_of(status: &str) -> Option<u16> {
    Some(match status {
        "INVALID_ARGUMENT" | "FAILED_PRECONDITION" | "OUT_OF_RANGE" => 400,
        "UNAUTHENTICATED" => 401,
        "PERMISSION_DENIED" => 403,
        "NOT_FOUND" => 404,
        "RESOURCE_EXHAUSTED" => 429,
        "CANCELLED" => 499,
        "UNAVAILABLE" => 503,
        "DEADLINE_EXCEEDED" => 504,
        _ => return None,
    })
}

fn cause(code: u16, error: &Status<'_>) -> String {
    let mut text = match (&error.status, &error.message) {
        (None, None) => format!("status {code}"),
        (status, message) => {
            let status = status.as_deref().unwrap_or("error");
            format!("{status} ({code}): {}", message.as_deref().unwrap_or_default())
        }
    };
    if let Some(link) = error.link.as_deref().filter(|_| has_reason(error, &["VALIDATION_REQUIRED"])) {
        // A person must go there.
        text.push_str(" – ");
        text.push_str(link);
    }
    text.chars().filter(|c| !c.is_control()).take(LONGEST_CAUSE).collect()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use rstest::rstest;

    use super::*;

    /// 24 November 2026, 14:00 UTC.
    const NOW_MS: i64 = 1_795_528_800_000;
    const MIDNIGHT_MS: i64 = NOW_MS + 18 * 3_600_000;

    fn error(code: u16, status: &str, message: &str, details: &str) -> String {
        format!(
            r#"{{"error":{{"code":{code},"message":"{message}","status":"{status}","details":[{details}]}}}}"#
        )
    }

    fn judged(code: u16, body: &str) -> Judged {
        judge(StatusCode::from_u16(code).unwrap(), &HeaderMap::new(), body.as_bytes(), NOW_MS)
    }

    fn info(reason: &str) -> String {
        format!(r#"{{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"{reason}"}}"#)
    }

    #[rstest]
    #[case(400, "INVALID_ARGUMENT", "Invalid JSON payload", "", Verdict::Deliver)]
    #[case(
        400,
        "INVALID_ARGUMENT",
        "API key not valid. Please pass a valid API key.",
        "API_KEY_INVALID",
        PARK
    )]
    #[case(400, "INVALID_ARGUMENT", "API key expired. Please renew the API key.", "", PARK)]
    #[case(400, "FAILED_PRECONDITION", "User location is not supported for the API use.", "", PARK)]
    #[case(400, "FAILED_PRECONDITION", "Please enable billing on project 1", "", PARK)]
    #[case(400, "FAILED_PRECONDITION", "Precondition check failed.", "", NEXT)]
    #[case(400, "FAILED_PRECONDITION", "The File abc is not in an ACTIVE state", "", Verdict::Deliver)]
    #[case(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.", "", PARK)]
    #[case(403, "PERMISSION_DENIED", "Generative Language API is off", "SERVICE_DISABLED", PARK)]
    #[case(403, "PERMISSION_DENIED", "Your API key was reported as leaked.", "", PARK)]
    #[case(403, "PERMISSION_DENIED", "Consumer has been suspended.", "CONSUMER_SUSPENDED", PARK)]
    #[case(403, "PERMISSION_DENIED", "Verify your account to continue.", "VALIDATION_REQUIRED", PARK)]
    #[case(403, "PERMISSION_DENIED", "The caller does not have permission", "", PARK)]
    #[case(
        403,
        "PERMISSION_DENIED",
        "You do not have permission to access the File abc",
        "",
        Verdict::Deliver
    )]
    #[case(403, "PERMISSION_DENIED", "No.", "", NEXT)]
    #[case(404, "NOT_FOUND", "models/x is not found for API version v1beta", "", Verdict::Deliver)]
    #[case(405, "", "", "", Verdict::Deliver)]
    #[case(413, "", "", "", Verdict::Deliver)]
    #[case(499, "CANCELLED", "The operation was cancelled.", "", TROUBLED)]
    #[case(500, "INTERNAL", "An internal error has occurred.", "", TROUBLED)]
    #[case(502, "", "", "", TROUBLED)]
    #[case(503, "UNAVAILABLE", "The model is overloaded. Please try again later.", "", TROUBLED)]
    #[case(
        504,
        "DEADLINE_EXCEEDED",
        "Deadline expired before operation could complete.",
        "",
        Verdict::Deliver
    )]
    #[case(504, "", "", "", TROUBLED)]
    fn every_row_of_the_table(
        #[case] code: u16,
        #[case] status: &str,
        #[case] message: &str,
        #[case] reason: &str,
        #[case] expected: Verdict,
    ) {
        let judged = judged(code, &error(code, status, message, &info(reason)));

        assert_eq!(judged.verdict, expected, "{}", judged.cause);
    }

    const PER_DAY: &str =
        r#"{"violations":[{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]}"#;
    const PER_MINUTE: &str = r#"{"violations":[{"quotaId":"GenerateRequestsPerMinutePerProjectPerModel"}]}"#;
    const RETRY: &str = r#"{"retryDelay":"34.07s"}"#;

    #[rstest]
    #[case("Quota exceeded.", RETRY.to_owned(), Some(NOW_MS + 34_070))]
    #[case("Quota exceeded.", format!("{PER_DAY},{RETRY}"), Some(MIDNIGHT_MS))]
    #[case("Quota exceeded.", format!("{PER_MINUTE},{RETRY}"), Some(NOW_MS + 34_070))]
    #[case("Quota exceeded.", PER_MINUTE.to_owned(), Some(NOW_MS + 60_000))]
    #[case("Please retry in 900ms.", String::new(), Some(NOW_MS + 900))]
    #[case("Your quota will reset after 1h16m0.667s.", info("RATE_LIMIT_EXCEEDED"), Some(NOW_MS + 4_560_667))]
    #[case("Out.", format!(r#"{{"reason":"QUOTA_EXHAUSTED","metadata":{{"quotaResetTimeStamp":"2026-11-24T15:00:00Z"}}}},{RETRY}"#), Some(NOW_MS + 3_600_000))]
    #[case("Out.", format!(r#"{{"reason":"QUOTA_EXHAUSTED","metadata":{{"quotaResetDelay":"2h"}}}},{RETRY}"#), Some(NOW_MS + 7_200_000))]
    #[case("Out.", format!("{},{}", info("QUOTA_EXHAUSTED"), r#"{"retryDelay":"51820.638305887s"}"#), Some(NOW_MS + 51_820_639))]
    #[case("* Quota exceeded, limit: 0, model: gemini-2.5-pro. Please retry in 3s.", PER_DAY.to_owned(), Some(NOW_MS + 3_600_000))]
    #[case("* Quota exceeded, limit: 05", String::new(), None)]
    #[case("Resource has been exhausted (e.g. check quota).", String::new(), None)]
    #[case("Full.", format!("{},{RETRY}", info("MODEL_CAPACITY_EXHAUSTED")), None)]
    #[case("Long.", r#"{"retryDelay":"99999999s"}"#.to_owned(), Some(NOW_MS + LONGEST_MS))]
    fn a_limit_holds_for_its_model_until_the_instant_that_the_reply_names(
        #[case] message: &str,
        #[case] details: String,
        #[case] until_ms: Option<i64>,
    ) {
        let judged = judged(429, &error(429, "RESOURCE_EXHAUSTED", message, &details));

        let mark = until_ms.map_or(Mark::Troubled, Mark::Cool);
        assert_eq!((judged.verdict, judged.scope), (Verdict::Next { mark, shows: true }, Scope::Model));
    }

    #[test]
    fn the_fixture_keeps_one_model_out_for_half_a_minute() {
        let judged = judged(429, include_str!("../../../tests/fixtures/gemini-429.json"));

        assert_eq!(judged.verdict, Verdict::Next { mark: Mark::Cool(NOW_MS + 34_075), shows: true });
        assert!(judged.cause.starts_with("RESOURCE_EXHAUSTED (429): You exceeded"), "{}", judged.cause);
    }

    #[test]
    fn where_an_account_is_validated_is_told() {
        let details = format!(
            r#"{},{{"links":[{{"url":"https://accounts.example/v"}}]}}"#,
            info("VALIDATION_REQUIRED")
        );

        let judged = judged(403, &error(403, "PERMISSION_DENIED", "Verify your account.", &details));

        assert_eq!(
            judged.cause,
            "PERMISSION_DENIED (403): Verify your account. – https://accounts.example/v"
        );
    }

    #[test]
    fn an_error_in_an_array_is_judged_like_a_bare_one() {
        let body = error(403, "PERMISSION_DENIED", "Consumer has been suspended.", "");

        assert_eq!(judged(403, &format!("[{body}\n]")), judged(403, &body));
    }

    #[test]
    fn the_older_list_of_reasons_and_the_header_are_heeded() {
        let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static("7"))]);
        let body = br#"{"error":{"code":429,"errors":[{"reason":"rateLimitExceeded"}]}}"#;

        let judged = judge(StatusCode::TOO_MANY_REQUESTS, &headers, body, NOW_MS);

        assert_eq!(judged.verdict, Verdict::Next { mark: Mark::Cool(NOW_MS + 7000), shows: true });
    }

    #[rstest]
    #[case(403)]
    #[case(404)]
    #[case(503)]
    fn a_page_is_some_machine_in_between(#[case] code: u16) {
        let headers =
            HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=UTF-8"))]);

        let judged = judge(StatusCode::from_u16(code).unwrap(), &headers, b"<html>", NOW_MS);

        assert_eq!(judged.verdict, TROUBLED_HIDDEN);
        assert_eq!(judged.cause, format!("an HTML page with status {code}"));
    }

    #[test]
    fn an_error_in_a_stream_is_judged_by_its_own_code() {
        let stream = |json: &str| judge_stream(format!("data: {json}\r\n\r\n").as_bytes(), NOW_MS);
        let limit = error(429, "RESOURCE_EXHAUSTED", "Out.", RETRY);
        let nameless = stream(r#"{"error":{"status":"UNAVAILABLE"}}"#);
        let unknown = stream(r#"{"error":"broken"}"#);
        let own = stream(&error(400, "INVALID_ARGUMENT", "Bad.", ""));

        let expected = Verdict::Next { mark: Mark::Cool(NOW_MS + 34_070), shows: true };
        assert_eq!(stream(&limit).verdict, expected);
        assert_eq!(judge_stream(format!("[{limit}\n]").as_bytes(), NOW_MS), stream(&limit));
        assert_eq!((nameless.verdict, nameless.scope), (TROUBLED, Scope::Model));
        assert_eq!(unknown.verdict, TROUBLED);
        assert_eq!(own.verdict, Verdict::Deliver);
    }
}
