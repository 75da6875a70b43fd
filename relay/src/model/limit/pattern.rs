//! Which models are meant: a name, a family's word, or either with `*` for anything.

use serde::{Deserialize, Deserializer, Serialize};

use crate::model::problem::Problem;

const PREFIXES: [&str; 5] = ["models/", "anthropic/", "google/", "gemini/", "openai/"];
const LONGEST: usize = 100;

/// Which models are meant.
///
/// - With `*`, which stands for anything: `claude-*-4-5*`.
/// - A single word means every model that has it as a part of its name: `opus`, `flash`.
/// - A whole name also means the same model with a date or `latest` behind it, or without the date that it has.
///
/// Upper and lower case, a provider's prefix (`models/`) and a client's `[1m]` make no difference.
///
/// ```
/// use relay::model::limit::pattern::Pattern;
///
/// let family = Pattern::new("opus").unwrap();
/// assert!(family.matches("claude-opus-4-5-20251101"));
/// assert!(!family.matches("claude-sonnet-4-5"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Pattern(String);

impl Pattern {
    /// Reads one.
    ///
    /// # Errors
    /// It is empty, too long, or has characters that no model's name has.
    pub fn new(text: &str) -> Result<Self, Problem> {
        let pattern = plain(text.trim());
        let is_usual = |c: char| c.is_ascii_alphanumeric() || "-._:@/*".contains(c);
        match pattern.len() {
            0 => Err(Problem::Required),
            length if length > LONGEST => Err(Problem::TooLong { max: 100 }),
            _ if !pattern.chars().all(is_usual) => Err(Problem::BadCharacters),
            _ => Ok(Self(pattern)),
        }
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a model is meant.
    pub fn matches(&self, model: &str) -> bool {
        let name = plain(model);
        let (pattern, undated) = (self.0.as_str(), undated(&name));
        if pattern.contains('*') {
            return wild(pattern.as_bytes(), name.as_bytes()) || wild(pattern.as_bytes(), undated.as_bytes());
        }
        if is_word(pattern) && name.split(['-', '/', '.', ':', '@']).any(|part| part == pattern) {
            return true;
        }
        pattern == name
            || pattern == undated
            || undated_only(pattern) == Some(name.trim_end_matches("-latest"))
    }
}

impl std::fmt::Display for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

fn plain(model: &str) -> String {
    let lower = model.to_lowercase();
    let mut name = lower.as_str();
    while let Some(rest) = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)) {
        name = rest;
    }
    name.strip_suffix("[1m]").unwrap_or(name).to_owned()
}

/// The name without `-latest` or a date at its end.
fn undated(name: &str) -> &str {
    name.strip_suffix("-latest").or_else(|| undated_only(name)).unwrap_or(name)
}

/// The name in front of a date; none if it has no date.
fn undated_only(name: &str) -> Option<&str> {
    let (front, date) = name.rsplit_once(['-', '@'])?;
    let is_date = date.len() == 8 && date.starts_with("20") && date.bytes().all(|byte| byte.is_ascii_digit());
    (is_date && !front.is_empty()).then_some(front)
}

fn is_word(pattern: &str) -> bool {
    pattern.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// `*` is any text, also none. Goes back to the last `*` alone, so it takes at most the product of the lengths.
fn wild(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut place) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while place < name.len() {
        if pattern.get(at) == Some(&b'*') {
            back = Some((at, place));
            at += 1;
        } else if pattern.get(at) == Some(&name[place]) {
            at += 1;
            place += 1;
        } else if let Some((star, from)) = back {
            at = star + 1;
            place = from + 1;
            back = Some((star, from + 1));
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, model: &str) -> bool {
        Pattern::new(pattern).is_ok_and(|pattern| pattern.matches(model))
    }

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, model) in [
            ("*", "claude-opus-4-5"),
            ("claude-*", "claude-opus-4-5"),
            ("*opus*", "us.anthropic.claude-opus-4-5-v1:0"),
            ("claude-*-4-5", "claude-sonnet-4-5-20250929"),
            ("GEMINI-2.5-*", "models/gemini-2.5-pro"),
            ("claude-opus-4-5*", "claude-opus-4-5[1m]"),
        ] {
            assert!(matches(pattern, model), "{pattern} {model}");
        }
        for (pattern, model) in
            [("claude-*-4", "claude-opus-4-5"), ("*haiku", "claude-haiku-4-5"), ("a*b", "ac")]
        {
            assert!(!matches(pattern, model), "{pattern} {model}");
        }
    }

    #[test]
    fn a_word_means_a_family() {
        assert!(matches("opus", "claude-opus-4-5"));
        assert!(matches("haiku", "claude-3-5-haiku-20241022"));
        assert!(matches("flash", "gemini-2.5-flash-lite"));
        assert!(!matches("opus", "claude-octopus-1"));
    }

    #[test]
    fn a_name_means_its_versions_and_no_other_model() {
        for model in [
            "claude-opus-4-5",
            "claude-opus-4-5-20251101",
            "claude-opus-4-5@20251101",
            "Claude-Opus-4-5-latest",
        ] {
            assert!(matches("claude-opus-4-5", model), "{model}");
        }
        assert!(matches("claude-opus-4-5-20251101", "claude-opus-4-5"));
        assert!(matches("claude-opus-4-5-20251101", "claude-opus-4-5-latest"));
        assert!(!matches("claude-opus-4-5-20251101", "claude-opus-4-5-20251102"));
        assert!(!matches("claude-opus-4", "claude-opus-4-5"));
    }

    #[test]
    fn what_no_model_is_named_is_no_pattern() {
        assert_eq!(Pattern::new("  "), Err(Problem::Required));
        assert_eq!(Pattern::new("claude opus"), Err(Problem::BadCharacters));
        assert_eq!(Pattern::new(&"a".repeat(101)), Err(Problem::TooLong { max: 100 }));
    }
}
