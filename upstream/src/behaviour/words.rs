//! Owns the words by which a behaviour is chosen from outside: in a credential or by `POST /_script`.
//! Promises that every word listed in the crate's documentation parses, and no other.

use std::str::FromStr;
use std::time::Duration;

use crate::anthropic::usage::OddUsage;
use crate::behaviour::Behaviour;
use crate::books::Usage;
use crate::piece::Split;
use crate::script::Script;

/// A word that names no behaviour.
#[derive(Debug, thiserror::Error)]
#[error("“{0}” names no behaviour; `upstream --help` lists the words")]
pub struct UnknownWords(String);

/// The list of words, for people.
pub(crate) const LIST: &str = "\
Words, joined with `+`; a sequence is written `529*2,ok`; what follows a `:` only makes a credential unique.

What is answered (at most one, first):
  ok                     a message, streamed or not as asked (the default)
  STATUS[-SECONDS]       an error with this status, and retry-after: 429-60, 500, 529
  window-SECONDS         429 of a subscription whose five-hour window resets then
  extra                  429 that asks for paid extra usage
  disabled               400, organisation disabled
  credit                 400, credit balance too low
  forbidden              403, OAuth not allowed for the organisation
  edge                   403 with a web page
  invalid-grant          400 of a token endpoint
  html                   200 with a web page
  garbage[-BYTES]        200 with garbage

Shape of the message:
  events-N               N events in the stream
  usage-IN-OUT[-WRITE5M-WRITE1H-READ]
                         the tokens to bill
  error-N                an overloaded_error event after N events
  unterminated           no message_stop
  after-stop             text after message_stop
  huge-MEGABYTES         one huge event
  comments-LINES         a flood of comments
  no-usage, output-only, repeated, growing, decreasing, negative, overflowing, null
                         an odd usage

How it travels:
  delay-MS               a pause before the head
  interval-MS            a pause between events
  hang                   no answer
  unread                 the request's body is not read
  cut                    broken off in place of an answer
  lost                   done as asked, then broken off in place of an answer
  stall-N                silence after N events
  cut-N                  broken off after N events
  cut-bytes-N            broken off after N bytes
  reset                  cuts are RST, not FIN
  split-N                N bytes a write
  gzip, gzip-uninvited   coded, if allowed or regardless
  chunked, sized         without or with content-length";

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
        for words in [
            "ok",
            "429-60",
            "500",
            "529*2,ok",
            "window-3600",
            "extra",
            "disabled",
            "credit",
            "forbidden",
            "edge",
            "invalid-grant",
            "lost*1,ok",
            "html",
            "garbage",
            "garbage-10",
            "events-40+interval-20",
            "usage-1-2",
            "usage-1-2-3-4-5",
            "ok+error-3",
            "unterminated",
            "after-stop",
            "huge-20",
            "comments-1000",
            "no-usage",
            "output-only",
            "repeated",
            "growing",
            "decreasing",
            "negative",
            "overflowing",
            "null",
            "delay-5",
            "hang",
            "413+unread",
            "cut",
            "stall-3",
            "cut-3",
            "cut-bytes-100+reset",
            "split-7",
            "gzip",
            "gzip-uninvited",
            "chunked",
            "sized",
        ] {
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
