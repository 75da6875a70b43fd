//! Limits in words: as the command line and the settings write them, and as people read them.
//!
//! `tokens 1M/day`, `cost 5.50/month opus`, `requests 60/1m`, `concurrency 4 wait 10s`, `free 600/1m`; a number alone is a
//! budget of tokens in total.

use std::fmt;

use super::pattern::Pattern;
use super::{Concurrency, KeyLimits, Limit, Measure, Per, Rate};

/// Why a text is no limit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{text:?} is no limit; write it like `tokens 1M/day`, `cost 5.50/month opus`, `requests 60/1m`, `concurrency 4 wait 10s` or `free 600/1m`"
)]
pub struct NoLimit {
    text: String,
}

const NANODOLLARS: u64 = 1_000_000_000;
const CENTS_AND_BELOW: usize = 9;

impl KeyLimits {
    /// Adds what a text says; several are set apart by commas.
    ///
    /// # Errors
    /// A part of it is no limit; nothing is added then.
    pub fn add_text(&mut self, text: &str) -> Result<(), NoLimit> {
        let mut limits = self.clone();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            limits.add_one(part).ok_or_else(|| NoLimit { text: part.to_owned() })?;
        }
        *self = limits;
        Ok(())
    }

    fn add_one(&mut self, text: &str) -> Option<()> {
        let words: Vec<&str> = text.split_whitespace().collect();
        match words[..] {
            ["concurrency", most] => {
                self.concurrency = Some(Concurrency { most: most.parse().ok()?, wait_ms: 0 })
            }
            ["concurrency", most, "wait", wait] => {
                self.concurrency = Some(Concurrency { most: most.parse().ok()?, wait_ms: millis(wait)? });
            }
            ["free", amount] => {
                let (most, per) = amount.split_once('/')?;
                self.free_requests = Some(Rate { most: count(most)?, minutes: minutes(per)? });
            }
            [most] => self.set(limit("tokens", &format!("{most}/total"), None)?),
            [measure, amount] => self.set(limit(measure, amount, None)?),
            [measure, amount, models] => self.set(limit(measure, amount, Some(models))?),
            _ => return None,
        }
        Some(())
    }

    /// Adds a limit in the place of one of the same kind.
    pub fn set(&mut self, limit: Limit) {
        match self.limits.iter_mut().find(|other| other.is_same_kind(&limit)) {
            Some(other) => *other = limit,
            None => self.limits.push(limit),
        }
    }
}

fn limit(measure: &str, amount: &str, models: Option<&str>) -> Option<Limit> {
    let (most, per) = amount.split_once('/')?;
    let per = match per {
        "day" | "d" => Per::Day,
        "month" => Per::Month,
        "total" => Per::Total,
        window => Per::Minutes(minutes(window)?),
    };
    let (measure, most) = match measure {
        "requests" => (Measure::Requests, count(most)?),
        "tokens" => (Measure::Tokens, count(most)?),
        "cost" => (Measure::Cost, dollars(most)?),
        _ => return None,
    };
    let models = models.map(Pattern::new).transpose().ok()?;
    Some(Limit { measure, most, per, models })
}

/// `1500`, `500k`, `1M`, `2G`.
pub fn count(text: &str) -> Option<u64> {
    let (digits, unit) = match text.char_indices().last()? {
        (at, 'k' | 'K') => (&text[..at], 1_000),
        (at, 'm' | 'M') => (&text[..at], 1_000_000),
        (at, 'g' | 'G') => (&text[..at], 1_000_000_000),
        _ => (text, 1),
    };
    digits.replace('_', "").parse::<u64>().ok()?.checked_mul(unit)
}

/// Dollars with up to nine decimals, as nano-dollars.
pub fn dollars(text: &str) -> Option<u64> {
    let text = text.strip_prefix('$').unwrap_or(text);
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !are_digits(whole) || !are_digits(part) || part.len() > CENTS_AND_BELOW {
        return None;
    }
    let part: u64 = format!("{part:0<9}").parse().ok()?;
    whole.parse::<u64>().ok()?.checked_mul(NANODOLLARS)?.checked_add(part)
}

/// `5m`, `2h`, `90` (minutes).
fn minutes(text: &str) -> Option<u32> {
    let (digits, unit) = match text.strip_suffix('h') {
        Some(hours) => (hours, 60),
        None => (text.strip_suffix('m').unwrap_or(text), 1),
    };
    digits.parse::<u32>().ok()?.checked_mul(unit)
}

/// `500ms`, `10s`, `1m`.
fn millis(text: &str) -> Option<u32> {
    let (digits, unit) = if let Some(digits) = text.strip_suffix("ms") {
        (digits, 1)
    } else if let Some(digits) = text.strip_suffix('s') {
        (digits, 1_000)
    } else {
        (text.strip_suffix('m')?, 60_000)
    };
    digits.parse::<u32>().ok()?.checked_mul(unit)
}

/// An amount in a measure: `1,000,000 tokens`, `$5.50`.
pub fn amount(measure: Measure, amount: u64) -> String {
    match measure {
        Measure::Requests => {
            format!("{} {}", grouped(amount), if amount == 1 { "request" } else { "requests" })
        }
        Measure::Tokens => format!("{} {}", grouped(amount), if amount == 1 { "token" } else { "tokens" }),
        Measure::Cost => format!("${}", plain_dollars(amount)),
    }
}

/// Dollars with at least two decimals and no more than needed.
pub fn plain_dollars(nanodollars: u64) -> String {
    let part = format!("{:09}", nanodollars % NANODOLLARS);
    let part = part.trim_end_matches('0');
    format!("{}.{part:0<2}", nanodollars / NANODOLLARS)
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

impl fmt::Display for Limit {
    /// `1,000,000 tokens a day for opus`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", amount(self.measure, self.most), self.per)?;
        match &self.models {
            Some(models) => write!(f, " for {models}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Per {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Minutes(1) => f.write_str("a minute"),
            Self::Minutes(60) => f.write_str("an hour"),
            Self::Minutes(minutes) => write!(f, "in {minutes} minutes"),
            Self::Day => f.write_str("a day"),
            Self::Month => f.write_str("a month"),
            Self::Total => f.write_str("in total"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<KeyLimits, NoLimit> {
        let mut limits = KeyLimits::default();
        limits.add_text(text).map(|()| limits)
    }

    #[test]
    fn limits_are_read_as_they_are_written() {
        let limits =
            read("tokens 1M/day, cost 5.5/month opus, requests 60/1m, concurrency 4 wait 10s, free 600/2h");

        let limits = limits.unwrap_or_default();
        let words: Vec<_> = limits.limits.iter().map(Limit::to_string).collect();
        assert_eq!(words, ["1,000,000 tokens a day", "$5.50 a month for opus", "60 requests a minute"]);
        assert_eq!(limits.concurrency, Some(Concurrency { most: 4, wait_ms: 10_000 }));
        assert_eq!(limits.free_requests, Some(Rate { most: 600, minutes: 120 }));
        let names: Vec<_> = limits.limits.iter().map(Limit::name).collect();
        assert_eq!(names, ["tokens-day", "cost-month", "requests-1m"]);
    }

    #[test]
    fn a_number_alone_is_a_budget_of_tokens() {
        let limits = read("1_500k").unwrap_or_default();

        assert_eq!(limits.limits[0].to_string(), "1,500,000 tokens in total");
    }

    #[test]
    fn a_later_limit_of_the_same_kind_takes_the_place_of_the_former() {
        let limits = read("tokens 1/day, tokens 2/day, tokens 3/day opus").unwrap_or_default();

        assert_eq!(limits.limits.iter().map(|limit| limit.most).collect::<Vec<_>>(), [2, 3]);
    }

    #[test]
    fn what_is_no_limit_is_told_with_the_part_that_is_wrong() {
        for wrong in [
            "tokens",
            "tokens 5",
            "tokens x/day",
            "5/day",
            "cost 1.0000000001/day",
            "bytes 5/day",
            "tokens 5/day a b",
        ] {
            let text = format!("requests 1/1m, {wrong}");
            assert_eq!(read(&text), Err(NoLimit { text: wrong.to_owned() }), "{wrong}");
        }
    }

    #[test]
    fn money_is_exact() {
        assert_eq!(dollars("0.000000001"), Some(1));
        assert_eq!(dollars("$12.34"), Some(12_340_000_000));
        assert_eq!(dollars("99999999999999999999"), None);
        assert_eq!(plain_dollars(12_340_000_001), "12.340000001");
        assert_eq!(plain_dollars(0), "0.00");
    }
}
