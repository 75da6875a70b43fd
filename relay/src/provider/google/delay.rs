//! How Google writes lengths of time, and when its daily quotas begin anew.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Daily quotas begin at midnight there (reference: gemini, section 6). As a rule, so that no database is needed.
const PACIFIC: &str = "PST8PDT,M3.2.0,M11.1.0";

/// A length of time in milliseconds, rounded up: `34.07s`, `900ms`, `1h16m0.667s`.
pub fn milliseconds(text: &str) -> Option<i64> {
    let mut rest = text.trim();
    let mut sum = 0.0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').filter(|end| *end > 0)?;
        let (number, after) = rest.split_at(digits);
        let unit = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        let (unit, after) = after.split_at(unit);
        sum += number.parse::<f64>().ok()? * unit_ms(unit)?;
        rest = after;
    }
    #[allow(clippy::cast_possible_truncation)]
    (sum < 1e15).then_some(sum.ceil() as i64)
}

fn unit_ms(unit: &str) -> Option<f64> {
    match unit {
        "ns" => Some(1e-6),
        "us" => Some(1e-3),
        "ms" => Some(1.0),
        "s" => Some(1e3),
        "m" => Some(60e3),
        "h" => Some(3_600e3),
        "d" => Some(86_400e3),
        _ => None,
    }
}

/// The first length of time after `words` in a sentence: `Please retry in 34.07s.`
pub fn after_words(sentence: &str, words: &str) -> Option<i64> {
    let rest = &sentence[sentence.find(words)? + words.len()..];
    let word = rest.split_whitespace().next()?;
    milliseconds(word.trim_end_matches(['.', ',', ';']))
}

/// The next midnight in California after an instant, both in milliseconds since 1970.
pub fn next_pacific_midnight(now_ms: i64) -> Option<i64> {
    let zone = TimeZone::posix(PACIFIC).ok()?;
    let today = Timestamp::from_millisecond(now_ms).ok()?.to_zoned_datetime(zone);
    let tomorrow = today.checked_add(1.day()).ok()?.start_of_day().ok()?;
    Some(tomorrow.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_are_read_in_all_their_spellings() {
        for (text, expected) in [
            ("34.074824224s", Some(34_075)),
            ("900ms", Some(900)),
            ("51820.638305887s", Some(51_820_639)),
            ("1h16m0.667s", Some(4_560_667)),
            ("0s", Some(0)),
            ("", None),
            ("s", None),
            ("-5s", None),
            ("5", None),
            ("5x", None),
            ("1.2.3s", None),
            ("99999999999999999999s", None),
        ] {
            assert_eq!(milliseconds(text), expected, "{text}");
        }
    }

    #[test]
    fn a_length_of_time_is_found_in_a_sentence() {
        assert_eq!(after_words("Too much. Please retry in 34.07s.", "retry in "), Some(34_070));
        assert_eq!(after_words("Your quota will reset after 1h2s.", "reset after "), Some(3_602_000));
        assert_eq!(after_words("Please retry in a moment", "retry in "), None);
        assert_eq!(after_words("Please wait", "retry in "), None);
    }

    #[test]
    fn a_day_of_quota_ends_at_midnight_in_california() {
        for (now, midnight) in [
            ("2026-11-24T14:00:00Z", "2026-11-25T08:00:00Z"),
            ("2026-07-01T06:59:59Z", "2026-07-01T07:00:00Z"),
            ("2026-11-01T07:00:00Z", "2026-11-02T08:00:00Z"),
        ] {
            let ms = |text: &str| text.parse::<Timestamp>().unwrap().as_millisecond();

            assert_eq!(next_pacific_midnight(ms(now)), Some(ms(midnight)), "{now}");
        }
    }
}
