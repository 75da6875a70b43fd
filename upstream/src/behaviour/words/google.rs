//! Owns the words that only Google's endpoints have.

use std::time::Duration;

use crate::behaviour::Behaviour;
use crate::behaviour::words::{UnknownWords, number};

/// A day, for a quota per day that does not say when it is free again.
const DAY: u64 = 86_400;

/// A word that says what is answered.
pub(super) fn content(word: &str) -> Result<Option<Behaviour>, UnknownWords> {
    let seconds = |text: &str| number(text, word).map(Duration::from_secs);
    Ok(Some(match word {
        "quota-day" => Behaviour::quota_per_day(Duration::from_secs(DAY)),
        "quota-zero" => Behaviour::quota_zero(),
        "quota-reasons" => Behaviour::quota_reasons(),
        "key-invalid" => Behaviour::key_invalid(),
        "key-leaked" => Behaviour::key_leaked(),
        "service-disabled" => Behaviour::service_disabled(),
        "validation" => Behaviour::validation_required("https://accounts.example.com/validate"),
        "no-licence" => Behaviour::no_licence(),
        "security-policy" => Behaviour::security_policy(),
        "region" => Behaviour::region_unsupported(),
        "capacity" => Behaviour::capacity_exhausted(),
        "credits" => Behaviour::credits_exhausted(),
        _ => match word.rsplit_once('-') {
            Some(("quota-minute", delay)) => Behaviour::quota_per_minute(seconds(delay)?),
            Some(("quota-day", delay)) => Behaviour::quota_per_day(seconds(delay)?),
            Some(("assist-rate", delay)) => Behaviour::assist_rate_limited(seconds(delay)?),
            Some(("assist-exhausted", delay)) => Behaviour::assist_exhausted(seconds(delay)?),
            _ => return Ok(None),
        },
    }))
}

/// Whether a word shapes a message of Gemini's.
pub(super) fn is_shape(word: &str) -> bool {
    let name = word.split_once('-').map_or(word, |(name, _)| name);
    word == "split-data" || matches!(name, "thoughts" | "tool" | "blocked" | "finish")
}

/// Applies a word that shapes a message of Gemini's.
pub(super) fn shape(behaviour: Behaviour, word: &str) -> Result<Behaviour, UnknownWords> {
    Ok(match word.split_once('-') {
        Some(("tool", "call")) => behaviour.tool_call(),
        Some(("split", "data")) => behaviour.split_data(),
        Some(("thoughts", tokens)) => behaviour.thoughts(number(tokens, word)?),
        Some(("tool", tokens)) => behaviour.tool_tokens(number(tokens, word)?),
        Some(("blocked", reason)) => behaviour.blocked(reason),
        Some(("finish", reason)) => behaviour.finish_reason(reason),
        _ => return Err(UnknownWords(word.to_owned())),
    })
}
