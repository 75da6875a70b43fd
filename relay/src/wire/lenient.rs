//! Reading JSON of which nothing may be taken for granted: one level at a time, by slices of the text.
//!
//! Values are only parsed once somebody asks for them with a type, so a number out of range or a lone surrogate
//! in a field nobody reads does no harm. Skipping is iterative: depth costs no stack.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// The largest count that is believed. Beyond 2⁵³ − 1 JSON itself is not exact, and no answer has so many tokens.
pub const LARGEST_COUNT: u64 = (1 << 53) - 1;

/// Calls `each` with every member of a JSON object, in order: the key decoded, the value as its JSON text.
///
/// Returns whether the object was read to its closing brace. In text that is cut off or broken, the members in
/// front of the fault are still given. What follows the object is not looked at.
pub fn members<'a>(json: &'a str, mut each: impl FnMut(&[u8], &'a str)) -> bool {
    let mut parser = serde_json::Deserializer::from_str(json);
    parser.deserialize_map(Members(&mut each)).is_ok()
}

/// Calls `each` with every element of a JSON array, as its JSON text. Otherwise like [`members`].
pub fn elements<'a>(json: &'a str, mut each: impl FnMut(&'a str)) -> bool {
    elements_while(json, |element| {
        each(element);
        true
    })
}

/// The same until `each` says no; what follows is not looked at.
pub fn elements_while<'a>(json: &'a str, mut each: impl FnMut(&'a str) -> bool) -> bool {
    let mut parser = serde_json::Deserializer::from_str(json);
    parser.deserialize_seq(Elements(&mut each)).is_ok()
}

/// The value at a path of names through objects; of two members of one name the later. Null is there.
pub fn find<'a>(json: &'a str, path: &[&str]) -> Option<&'a str> {
    path.iter().try_fold(json, |json, name| {
        let mut found = None;
        members(json, |member, value| {
            if member == name.as_bytes() {
                found = Some(value);
            }
        });
        found
    })
}

/// A count: a whole number from 0 to [`LARGEST_COUNT`]. Everything else, null included, is nothing.
pub fn count(json: &str) -> Option<u64> {
    let whole = json.parse::<u64>().ok().or_else(|| whole_float(json))?;
    (whole <= LARGEST_COUNT).then_some(whole)
}

/// `12.0` and `1e3` are whole numbers too, though no provider is known to write them.
fn whole_float(json: &str) -> Option<u64> {
    if !json.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let number = json.parse::<f64>().ok()?;
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    (number.fract() == 0.0 && number <= LARGEST_COUNT as f64).then_some(number as u64)
}

/// A string, borrowed unless it has escapes. What is no string, or has a lone surrogate, is nothing.
pub fn text(json: &str) -> Option<Cow<'_, str>> {
    let escaped = string_body(json)?;
    if memchr::memchr(b'\\', escaped.as_bytes()).is_none() {
        return Some(Cow::Borrowed(escaped));
    }
    serde_json::from_str::<String>(json).ok().map(Cow::Owned)
}

/// What is between the quotes of a JSON string, escapes as they are.
pub fn string_body(json: &str) -> Option<&str> {
    json.strip_prefix('"')?.strip_suffix('"')
}

/// `true` or `false`; everything else is nothing.
pub fn boolean(json: &str) -> Option<bool> {
    match json {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// Whether the value is there at all: null counts as absent.
pub fn present(json: &str) -> Option<&str> {
    (json != "null").then_some(json)
}

struct Members<F>(F);

impl<'a, F: FnMut(&[u8], &'a str)> Visitor<'a> for Members<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(KeySeed)? {
            let value: &'a RawValue = map.next_value()?;
            (self.0)(&key, value.get());
        }
        Ok(())
    }
}

struct Elements<F>(F);

impl<'a, F: FnMut(&'a str) -> bool> Visitor<'a> for Elements<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'a>>(mut self, mut array: A) -> Result<(), A::Error> {
        while let Some(value) = array.next_element::<&'a RawValue>()? {
            if !(self.0)(value.get()) {
                break;
            }
        }
        Ok(())
    }
}

/// A member's name as bytes: as text, a lone surrogate in a name would end the reading of the whole object.
pub(crate) struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Cow<'de, [u8]>;

    fn deserialize<D: Deserializer<'de>>(self, key: D) -> Result<Self::Value, D::Error> {
        key.deserialize_bytes(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Cow<'de, [u8]>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_borrowed_bytes<E>(self, name: &'de [u8]) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_bytes<E>(self, name: &[u8]) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_vec()))
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name.as_bytes()))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.as_bytes().to_vec()))
    }
}

/// Reads over a value of any kind.
pub(crate) type Skipped = IgnoredAny;

#[cfg(test)]
mod tests {
    use super::*;

    fn names(json: &str) -> (Vec<String>, bool) {
        let mut names = Vec::new();
        let whole = members(json, |name, _| names.push(String::from_utf8_lossy(name).into_owned()));
        (names, whole)
    }

    #[test]
    fn members_before_a_fault_are_given() {
        assert_eq!(names(r#"{"a":1,"b":[1,{"x":2}],"c":{"#), (vec!["a".into(), "b".into()], false));
        assert_eq!(names(r#"{"a":1} trailing"#), (vec!["a".into()], true));
        assert_eq!(names("[1]"), (vec![], false));
    }

    #[test]
    fn what_nobody_reads_does_no_harm() {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        let json = format!(r#"{{"deep":{deep},"huge":1e400,"lone":"\ud800","\udc00":1,"last":2}}"#);

        let (names, whole) = names(&json);

        assert!(whole);
        assert_eq!(names.last().map(String::as_str), Some("last"));
    }

    #[test]
    fn only_whole_numbers_in_range_count() {
        for (json, expected) in [
            ("0", Some(0)),
            ("12", Some(12)),
            ("12.0", Some(12)),
            ("9007199254740991", Some(LARGEST_COUNT)),
            ("9007199254740992", None),
            ("18446744073709551616", None),
            ("1e400", None),
            ("-1", None),
            ("-0", None),
            ("1.5", None),
            ("null", None),
            ("true", None),
            ("\"12\"", None),
            ("[12]", None),
            ("infinity", None),
        ] {
            assert_eq!(count(json), expected, "{json}");
        }
    }

    #[test]
    fn strings_are_borrowed_unless_escaped() {
        assert!(matches!(text(r#""plain""#), Some(Cow::Borrowed("plain"))));
        assert_eq!(text(r#""a\n\u4e16""#).as_deref(), Some("a\n世"));
        assert_eq!(text(r#""\ud800""#), None);
        assert_eq!(text("5"), None);
    }
}
