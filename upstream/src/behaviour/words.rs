//! Owns the words by which a behaviour is chosen from outside: in a credential or by `POST /_script`.
//! Promises that every word listed in the crate's documentation parses, and no other.

mod google;
mod list;

use std::str::FromStr;
use std::time::Duration;

use crate::anthropic::usage::OddUsage;
use crate::behaviour::Behaviour;
use crate::books::Usage;
use crate::piece::Split;
use crate::script::Script;

pub(crate) use list::LIST;

/// A word that names no behaviour.
#[derive(Debug, thiserror::Error)]
#[error("“{0}” names no behaviour; `upstream --help` lists the words")]
pub struct UnknownWords(String);

impl FromStr for Script {
    type Err = UnknownWords;

    fn from_str(words: &str) -> Result<Self, UnknownWords> {
        let mut script: Option<Script> = None;
        for step in words.split(',') {
            let (words, calls) = match step.rsplit_once('*') {
                Some((words, calls)) => (words, Some(number(calls, step)?)),
                None => (step, None),
            };
            let behaviour: Behaviour = words.parse()?;
            let next = calls.map_or_else(|| behaviour.clone().into(), |calls| behaviour.clone().times(calls));
            script = Some(match script {
                Some(script) => script.then(next),
                None => next,
            });
        }
        script.ok_or_else(|| UnknownWords(words.to_owned()))
    }
}

impl FromStr for Behaviour {
    type Err = UnknownWords;

    fn from_str(words: &str) -> Result<Self, UnknownWords> {
        let mut words = words.split('+').peekable();
        let first = words.peek().copied().unwrap_or_default();
        let start = content(first)?;
        if start.is_some() {
            words.next();
        }
        words.try_fold(start.unwrap_or_else(Behaviour::ok), change)
    }
}

/// A word that says what is answered.
fn content(word: &str) -> Result<Option<Behaviour>, UnknownWords> {
    if let Some(behaviour) = google::content(word)? {
        return Ok(Some(behaviour));
    }
    let (name, argument) = word.split_once('-').map_or((word, None), |(name, rest)| (name, Some(rest)));
    let behaviour = match (name, argument) {
        ("ok", None) => Behaviour::ok(),
        ("extra", None) => Behaviour::extra_usage_required(),
        ("disabled", None) => Behaviour::organization_disabled(),
        ("credit", None) => Behaviour::credit_too_low(),
        ("forbidden", None) => Behaviour::oauth_not_allowed(),
        ("edge", None) => Behaviour::edge_refusal(),
        ("invalid", Some("grant")) => Behaviour::invalid_grant(),
        ("html", None) => Behaviour::html(),
        ("garbage", length) => Behaviour::garbage(length.map_or(Ok(4096), |length| number(length, word))?),
        ("window", Some(seconds)) => Behaviour::window_spent(Duration::from_secs(number(seconds, word)?)),
        (status, retry_after) if is_error_status(status) => {
            let behaviour = Behaviour::status(number(status, word)?);
            match retry_after {
                Some(seconds) => behaviour.header("retry-after", &number::<u64>(seconds, word)?.to_string()),
                None => behaviour,
            }
        }
        _ => return Ok(None),
    };
    Ok(Some(behaviour))
}

fn is_error_status(word: &str) -> bool {
    matches!(word.parse(), Ok(400..=599_u16))
}

/// Applies a word that says how.
fn change(behaviour: Behaviour, word: &str) -> Result<Behaviour, UnknownWords> {
    if let Some(odd) = odd_usage(word) {
        return Ok(behaviour.odd_usage(odd));
    }
    if let Some(model) = word.strip_prefix("for-") {
        return Ok(behaviour.only_for(model));
    }
    if google::is_shape(word) {
        return google::shape(behaviour, word);
    }
    let (name, argument) = word.rsplit_once('-').unwrap_or((word, ""));
    let count = || number::<usize>(argument, word);
    let pause = || number(argument, word).map(Duration::from_millis);
    Ok(match (name, word) {
        (_, "hang") => behaviour.hang(),
        (_, "unread") => behaviour.without_reading(),
        (_, "lost") => behaviour.lost(),
        (_, "cut") => behaviour.cut_before_head(),
        (_, "reset") => behaviour.by_reset(),
        (_, "gzip") => behaviour.gzip(),
        (_, "gzip-uninvited") => behaviour.gzip_uninvited(),
        (_, "chunked") => behaviour.chunked(),
        (_, "sized") => behaviour.sized(),
        (_, "unterminated") => behaviour.unterminated(),
        (_, "after-stop") => behaviour.text_after_stop(),
        ("delay", _) => behaviour.delay(pause()?),
        ("interval", _) => behaviour.interval(pause()?),
        ("events", _) => behaviour.events(count()?),
        ("error", _) => behaviour.error_after(count()?, "overloaded_error"),
        ("huge", _) => behaviour.huge_event(count()?.saturating_mul(1 << 20)),
        ("comments", _) => behaviour.comments(count()?),
        ("stall", _) => behaviour.stall_after(count()?),
        ("cut", _) => behaviour.cut_after(count()?),
        ("cut-bytes", _) => behaviour.cut_after_bytes(count()?),
        ("split", _) => behaviour.split(Split::Every(count()?)),
        _ if word.starts_with("usage-") => behaviour.usage(usage(word)?),
        _ => return Err(UnknownWords(word.to_owned())),
    })
}

fn odd_usage(word: &str) -> Option<OddUsage> {
    Some(match word {
        "no-usage" => OddUsage::Missing,
        "output-only" => OddUsage::OutputOnly,
        "repeated" => OddUsage::Repeated,
        "growing" => OddUsage::Growing,
        "decreasing" => OddUsage::Decreasing,
        "negative" => OddUsage::Negative,
        "overflowing" => OddUsage::Overflowing,
        "null" => OddUsage::Null,
        "last-usage" => OddUsage::LastOnly,
        "thoughts-inside" => OddUsage::ThoughtsInside,
        _ => return None,
    })
}

fn usage(word: &str) -> Result<Usage, UnknownWords> {
    let counts = word.split('-').skip(1).map(|count| number(count, word)).collect::<Result<Vec<u64>, _>>()?;
    match counts[..] {
        [input, output] => Ok(Usage::new(input, output)),
        [input, output, five_minutes, one_hour, read] => {
            Ok(Usage::new(input, output).cache_written(five_minutes, one_hour).cache_read(read))
        }
        _ => Err(UnknownWords(word.to_owned())),
    }
}

fn number<T: FromStr>(text: &str, word: &str) -> Result<T, UnknownWords> {
    text.parse().map_err(|_| UnknownWords(word.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_example_parses() {
        let words = "ok 429-60 500 529*2,ok window-3600 extra disabled credit forbidden edge invalid-grant lost*1,ok \
             html garbage garbage-10 events-40+interval-20 usage-1-2 usage-1-2-3-4-5 ok+error-3 unterminated \
             after-stop huge-20 comments-1000 no-usage output-only repeated growing decreasing negative \
             overflowing null delay-5 hang 413+unread cut stall-3 cut-3 cut-bytes-100+reset split-7 gzip \
             gzip-uninvited chunked sized quota-minute-34 quota-day quota-day-60 quota-zero quota-reasons \
             key-invalid key-leaked service-disabled validation no-licence security-policy region \
             assist-rate-5 assist-exhausted-3600 capacity credits thoughts-20+tool-3 tool-call \
             blocked-SAFETY finish-MAX_TOKENS split-data last-usage thoughts-inside 529+for-claude-opus-5";
        for words in words.split(' ') {
            assert!(words.parse::<Script>().is_ok(), "{words}");
        }
    }

    #[test]
    fn other_words_are_refused_by_name() {
        for words in ["", "oko", "ok+nonsense", "cut-x", "429-soon", "usage-1", "200"] {
            assert!(words.parse::<Script>().is_err(), "{words}");
        }
    }
}
