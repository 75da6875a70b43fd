//! Magic words: `sandbox:…` in the user's last words asks for a fault or another pace.

use http::StatusCode;

const PREFIX: &str = "sandbox:";

/// A refusal before the first byte.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refuse {
    word: &'static str,
    pub(super) status: StatusCode,
    pub(super) kind: &'static str,
    pub(super) message: &'static str,
    pub(super) retry_after_s: Option<u32>,
}

impl Refuse {
    pub(super) const OVERLOADED: Self = refuse("529", 529, "overloaded_error", "Overloaded", None);
}

const fn refuse(
    word: &'static str,
    status: u16,
    kind: &'static str,
    message: &'static str,
    retry_after_s: Option<u32>,
) -> Refuse {
    let Ok(status) = StatusCode::from_u16(status) else { panic!("not a status") };
    Refuse { word, status, kind, message, retry_after_s }
}

/// Statuses, types and wording: reference/anthropic.md, section 7.
#[rustfmt::skip]
const REFUSALS: &[Refuse] = &[
    refuse("400", 400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum", None),
    refuse("401", 401, "authentication_error", "invalid x-api-key", None),
    refuse("402", 402, "billing_error", "Your payment failed. Please update your payment method.", None),
    refuse("403", 403, "permission_error", "Your API key does not have permission to use the specified resource.", None),
    refuse("404", 404, "not_found_error", "model: no such model", None),
    refuse("413", 413, "request_too_large", "Request exceeds the maximum size", None),
    refuse("429", 429, "rate_limit_error", "This request would exceed your account's rate limit. Please try again later.", Some(5)),
    refuse("500", 500, "api_error", "Internal server error", None),
    refuse("503", 503, "api_error", "Service temporarily unavailable", None),
    Refuse::OVERLOADED,
];

/// A fault after the first byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Break {
    /// An error event in mid-stream.
    ErrorEvent,
    /// An error event before any content.
    ErrorFirst,
    /// The connection breaks in mid-answer.
    Cut,
    /// Silence in mid-answer.
    Stall,
}

const BREAKS: &[(&str, Break)] = &[
    ("error-event", Break::ErrorEvent),
    ("error-first", Break::ErrorFirst),
    ("cut", Break::Cut),
    ("stall", Break::Stall),
];

const SLOW: &str = "slow";
const LONG: &str = "long";

/// The magic words of one prompt.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub(super) refuse: Option<Refuse>,
    pub(super) broken: Option<Break>,
    /// Ten times slower.
    pub(super) slow: bool,
    /// An answer of about a minute.
    pub(super) long: bool,
    /// Words that mean nothing here.
    pub(super) unknown: Vec<String>,
}

impl Words {
    pub(super) fn find(text: &str) -> Self {
        let mut words = Self::default();
        for (at, _) in text.match_indices(PREFIX) {
            let rest = &text[at + PREFIX.len()..];
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
            words.add(rest[..end].trim_end_matches('-'));
        }
        words
    }

    fn add(&mut self, word: &str) {
        let refuse = REFUSALS.iter().find(|refuse| refuse.word == word);
        let broken = BREAKS.iter().find(|(name, _)| *name == word);
        match (refuse, broken, word) {
            (Some(refuse), ..) => self.refuse = Some(*refuse),
            (_, Some((_, broken)), _) => self.broken = Some(*broken),
            (.., SLOW) => self.slow = true,
            (.., LONG) => self.long = true,
            (.., "") => {}
            (.., unknown) => self.unknown.push(unknown.to_owned()),
        }
    }

    /// Every word, for an answer to one who mistyped.
    pub(super) fn all() -> String {
        let names = REFUSALS.iter().map(|refuse| refuse.word).chain(BREAKS.iter().map(|(name, _)| *name));
        names.chain([SLOW, LONG]).collect::<Vec<_>>().join(", ")
    }
}
