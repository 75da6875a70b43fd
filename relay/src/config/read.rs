//! How the text of a setting becomes a value. Nothing here knows which settings there are.

use std::net::IpAddr;
use std::time::Duration;

use super::ConfigError;
use super::source::Source;
use crate::model::limit::{Budget, KeyLimits};
use crate::secret::Secret;

pub(super) fn optional(source: &Source, name: &str) -> Option<String> {
    Some(source.text(name).0).filter(|text| !text.is_empty())
}

pub(super) fn given(source: &Source, name: &'static str) -> Result<Option<Secret>, ConfigError> {
    match optional(source, name) {
        None => Ok(None),
        Some(text) if is_strong(&text) => Ok(Some(Secret::new(text))),
        Some(_) => Err(ConfigError::Value {
            name,
            origin: source.text(name).1,
            want: "at least 32 characters, not all the same and no example value",
        }),
    }
}

/// Whether a secret will do: not what is short, one character repeated, or copied from an example file.
pub fn is_strong(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    let distinct = text.chars().collect::<std::collections::BTreeSet<_>>().len();
    text.chars().count() >= 32
        && distinct >= 6
        && !upper.contains("CHANGE-THIS")
        && !upper.contains("CHANGE_THIS")
}

pub(super) fn host(text: &str) -> Option<IpAddr> {
    if text == "localhost" { Some(IpAddr::from([127, 0, 0, 1])) } else { text.parse().ok() }
}

pub(super) fn switch(text: &str) -> Option<bool> {
    match text {
        "true" | "1" | "on" | "yes" => Some(true),
        "false" | "0" | "off" | "no" => Some(false),
        _ => None,
    }
}

#[allow(clippy::option_option)]
pub(super) fn sync(text: &str) -> Option<Option<Duration>> {
    if text == "always" { Some(None) } else { duration(text).map(Some) }
}

pub(super) fn format_is_json(text: &str) -> Option<bool> {
    match text {
        "json" => Some(true),
        "text" => Some(false),
        _ => None,
    }
}

/// An address without query or fragment, given without a slash at its end.
pub(super) fn url(text: &str) -> Option<String> {
    let parsed = reqwest::Url::parse(text).ok()?;
    let usable = matches!(parsed.scheme(), "http" | "https")
        && parsed.query().is_none()
        && parsed.fragment().is_none();
    usable.then(|| text.trim_end_matches('/').to_owned())
}

/// An address that is sent on as it was written, to the byte: a redirect address must equal the registered one.
pub(super) fn address(text: &str) -> Option<String> {
    let parsed = reqwest::Url::parse(text).ok()?;
    let usable = matches!(parsed.scheme(), "http" | "https") && parsed.fragment().is_none();
    usable.then(|| text.to_owned())
}

/// Words with blanks between; at least one.
pub(super) fn words(text: &str) -> Option<Vec<String>> {
    let words: Vec<_> = text.split_whitespace().map(str::to_owned).collect();
    (!words.is_empty()).then_some(words)
}

/// A text that is not empty.
pub(super) fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// `90s`, `300ms`, `7d`.
pub fn duration(text: &str) -> Option<Duration> {
    humantime::parse_duration(text).ok()
}

/// `32MiB`, `1KiB`, `1048576`.
pub(super) fn size(text: &str) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..digits].parse().ok()?;
    let unit = match text[digits..].trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kib" | "k" => 1 << 10,
        "mib" | "m" => 1 << 20,
        "gib" | "g" => 1 << 30,
        _ => return None,
    };
    number.checked_mul(unit)
}

pub(super) fn budget(text: &str) -> Option<Budget> {
    match text {
        "normal" => Some(Budget::Normal),
        "strict" => Some(Budget::Strict),
        _ => None,
    }
}

/// Limits as the command line writes them, commas between.
pub(super) fn key_limits(text: &str) -> Option<KeyLimits> {
    let mut limits = KeyLimits::default();
    limits.add_text(text).ok()?;
    limits.check().is_ok().then_some(limits)
}

pub(super) fn drains(text: &str) -> Option<bool> {
    match text {
        "cancel" => Some(false),
        "drain" => Some(true),
        _ => None,
    }
}
