//! An error: `google.rpc.Status` in JSON, with the details that say whose fault it is and until when it lasts.

use std::borrow::Cow;

use crate::wire::lenient::{count, elements, members, present, text};

/// An error as the provider tells it. Every field is absent unless it was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status<'a> {
    /// The HTTP status, also where the error came in a stream.
    pub code: Option<u16>,
    /// The canonical name of the error: `RESOURCE_EXHAUSTED`, …
    pub status: Option<Cow<'a, str>>,
    /// The provider's words.
    pub message: Option<Cow<'a, str>>,
    /// `reason` of every `ErrorInfo`, and of the older list `errors`.
    pub reasons: Vec<Cow<'a, str>>,
    /// `quotaId` of every violated quota.
    pub quotas: Vec<Cow<'a, str>>,
    /// `RetryInfo.retryDelay`: a duration like `34.07s`.
    pub retry_delay: Option<Cow<'a, str>>,
    /// `metadata.quotaResetTimeStamp`, RFC 3339.
    pub reset_at: Option<Cow<'a, str>>,
    /// `metadata.quotaResetDelay`: a duration.
    pub reset_delay: Option<Cow<'a, str>>,
    /// The first address that a person is sent to: to validate an account, say.
    pub link: Option<Cow<'a, str>>,
}

impl<'a> Status<'a> {
    /// Reads the `error` object; a bare string is taken for the message.
    pub fn read(json: &'a str) -> Self {
        let mut status = Self { message: text(json), ..Self::default() };
        members(json, |name, value| match name {
            b"code" => status.code = count(value).and_then(|code| u16::try_from(code).ok()),
            b"status" => status.status = text(value),
            b"message" => status.message = text(value),
            b"details" => drop(elements(value, |detail| status.detail(detail))),
            b"errors" => drop(elements(value, |error| status.reason(error))),
            _ => {}
        });
        status
    }

    /// Reads an error's whole body: an object with `error`, or an array whose first element is one.
    pub fn of_body(json: &'a str) -> Option<Self> {
        let mut found = None;
        let mut first = json;
        if json.trim_ascii_start().starts_with('[') {
            let mut begun = false;
            elements(json, |element| {
                if !std::mem::replace(&mut begun, true) {
                    first = element;
                }
            });
        }
        members(first, |name, value| {
            if name == b"error" {
                found = present(value).map(Self::read);
            }
        });
        found
    }

    fn detail(&mut self, json: &'a str) {
        members(json, |name, value| match name {
            b"reason" => self.reasons.extend(text(value)),
            b"retryDelay" => self.retry_delay = text(value),
            b"metadata" => {
                members(value, |name, value| match name {
                    b"quotaResetTimeStamp" => self.reset_at = text(value),
                    b"quotaResetDelay" => self.reset_delay = text(value),
                    b"validation_url" | b"validationUrl" => self.link = text(value),
                    _ => {}
                });
            }
            b"links" => drop(elements(value, |link| self.linked(link))),
            b"violations" => drop(elements(value, |violation| self.violation(violation))),
            _ => {}
        });
    }

    fn linked(&mut self, json: &'a str) {
        members(json, |name, value| {
            if name == b"url" && self.link.is_none() {
                self.link = text(value);
            }
        });
    }

    fn violation(&mut self, json: &'a str) {
        members(json, |name, value| {
            if name == b"quotaId" {
                self.quotas.extend(text(value));
            }
        });
    }

    fn reason(&mut self, json: &'a str) {
        members(json, |name, value| {
            if name == b"reason" {
                self.reasons.extend(text(value));
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = include_str!("../../../tests/fixtures/gemini-429.json");

    #[test]
    fn a_quota_error_is_read_with_its_details() {
        let status = Status::of_body(BODY).unwrap();

        assert_eq!((status.code, status.status.as_deref()), (Some(429), Some("RESOURCE_EXHAUSTED")));
        assert_eq!(status.retry_delay.as_deref(), Some("34.074824224s"));
        assert_eq!(status.quotas, ["GenerateRequestsPerMinutePerProjectPerModel-FreeTier"]);
    }

    #[test]
    fn an_error_in_an_array_reads_like_a_bare_one() {
        assert_eq!(Status::of_body(&format!(" [{BODY}]")), Status::of_body(BODY));
    }

    #[test]
    fn reasons_come_from_both_lists() {
        let status = Status::of_body(
            r#"{"error":{"errors":[{"reason":"rateLimitExceeded"}],"details":[{"reason":"QUOTA_EXHAUSTED",
                "metadata":{"quotaResetTimeStamp":"2026-01-01T08:00:00Z","quotaResetDelay":"9s"}}]}}"#,
        )
        .unwrap();

        assert_eq!(status.reasons, ["rateLimitExceeded", "QUOTA_EXHAUSTED"]);
        assert_eq!(status.reset_at.as_deref(), Some("2026-01-01T08:00:00Z"));
        assert_eq!(status.reset_delay.as_deref(), Some("9s"));
    }

    #[test]
    fn the_first_link_is_kept() {
        let status = Status::of_body(
            r#"{"error":{"details":[{"links":[{"description":"a","url":"https://a"},{"url":"https://b"}]}]}}"#,
        )
        .unwrap();

        assert_eq!(status.link.as_deref(), Some("https://a"));
    }

    #[test]
    fn what_is_no_error_is_nothing() {
        for body in ["", "<html>", "{}", "[]", "[5]", r#"{"error":null}"#] {
            assert_eq!(Status::of_body(body), None, "{body}");
        }
        assert_eq!(Status::of_body(r#"{"error":"no"}"#).unwrap().message.as_deref(), Some("no"));
    }
}
