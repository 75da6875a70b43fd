//! The `usage` object of a message, of `message_start` and of `message_delta`.

use std::borrow::Cow;

use crate::wire::lenient::{count, elements, members, present, text};

/// Token counts by class, each absent unless it was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Prompt tokens neither read from nor written to the cache.
    pub input: Option<u64>,
    /// Prompt tokens written to the cache, all lifetimes.
    pub cache_write: Option<u64>,
    /// Of these, for five minutes.
    pub cache_write_5m: Option<u64>,
    /// Of these, for an hour.
    pub cache_write_1h: Option<u64>,
    /// Prompt tokens read from the cache.
    pub cache_read: Option<u64>,
    /// All output, thinking included. In a stream the total so far.
    pub output: Option<u64>,
}

impl Counts {
    /// Takes over what `newer` gives and keeps the rest: counts are cumulative, the last one given wins.
    pub fn update(&mut self, newer: &Self) {
        keep_newer(&mut self.input, newer.input);
        keep_newer(&mut self.cache_write, newer.cache_write);
        keep_newer(&mut self.cache_write_5m, newer.cache_write_5m);
        keep_newer(&mut self.cache_write_1h, newer.cache_write_1h);
        keep_newer(&mut self.cache_read, newer.cache_read);
        keep_newer(&mut self.output, newer.output);
    }

    fn read(&mut self, name: &[u8], value: &str) {
        match name {
            b"input_tokens" => keep_newer(&mut self.input, count(value)),
            b"cache_creation_input_tokens" => keep_newer(&mut self.cache_write, count(value)),
            b"cache_read_input_tokens" => keep_newer(&mut self.cache_read, count(value)),
            b"output_tokens" => keep_newer(&mut self.output, count(value)),
            b"cache_creation" => {
                members(value, |name, value| match name {
                    b"ephemeral_5m_input_tokens" => keep_newer(&mut self.cache_write_5m, count(value)),
                    b"ephemeral_1h_input_tokens" => keep_newer(&mut self.cache_write_1h, count(value)),
                    _ => {}
                });
            }
            _ => {}
        }
    }
}

/// A `usage` object. Null and what has the wrong type count as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage<'a> {
    /// Tokens by class.
    pub counts: Counts,
    /// `output_tokens_details.thinking_tokens`: part of the output.
    pub thinking: Option<u64>,
    /// `server_tool_use.web_search_requests`.
    pub web_searches: Option<u64>,
    /// `standard`, `priority` or `batch`.
    pub service_tier: Option<Cow<'a, str>>,
    /// `standard` or `fast`.
    pub speed: Option<Cow<'a, str>>,
    /// Where inference ran: `us`, `global`, …
    pub inference_geo: Option<Cow<'a, str>>,
    /// What compactions of the context used. It is not part of `counts`, and billed as well.
    pub compactions: Option<Vec<Counts>>,
}

impl<'a> Usage<'a> {
    /// Reads the JSON of the object; what is no object gives an empty usage.
    pub fn read(json: &'a str) -> Self {
        let mut usage = Self::default();
        members(json, |name, value| usage.member(name, value));
        usage
    }

    fn member(&mut self, name: &[u8], value: &'a str) {
        match name {
            b"service_tier" => keep_newer(&mut self.service_tier, text(value)),
            b"speed" => keep_newer(&mut self.speed, text(value)),
            b"inference_geo" => keep_newer(&mut self.inference_geo, text(value)),
            b"iterations" => keep_newer(&mut self.compactions, present(value).map(compactions)),
            b"output_tokens_details" => {
                members(value, |name, value| {
                    if name == b"thinking_tokens" {
                        keep_newer(&mut self.thinking, count(value));
                    }
                });
            }
            b"server_tool_use" => {
                members(value, |name, value| {
                    if name == b"web_search_requests" {
                        keep_newer(&mut self.web_searches, count(value));
                    }
                });
            }
            _ => self.counts.read(name, value),
        }
    }
}

/// The counts of the entries of `iterations` whose type is `compaction`; the others are in the top-level counts.
fn compactions(json: &str) -> Vec<Counts> {
    let mut found = Vec::new();
    elements(json, |entry| {
        let mut counts = Counts::default();
        let mut is_compaction = false;
        members(entry, |name, value| match name {
            b"type" => is_compaction = value == "\"compaction\"",
            _ => counts.read(name, value),
        });
        if is_compaction {
            found.push(counts);
        }
    });
    found
}

fn keep_newer<T>(kept: &mut Option<T>, newer: Option<T>) {
    if newer.is_some() {
        *kept = newer;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_read() {
        let usage = Usage::read(
            r#"{"input_tokens":12,"cache_creation_input_tokens":2000,"cache_read_input_tokens":5000,
                "cache_creation":{"ephemeral_5m_input_tokens":500,"ephemeral_1h_input_tokens":1500},
                "output_tokens":34,"output_tokens_details":{"thinking_tokens":10},
                "server_tool_use":{"web_search_requests":1,"web_fetch_requests":0},
                "service_tier":"priority","inference_geo":"us","speed":"fast",
                "iterations":[{"type":"message","input_tokens":12},{"type":"compaction","input_tokens":7,"output_tokens":3}]}"#,
        );

        assert_eq!(
            usage,
            Usage {
                counts: Counts {
                    input: Some(12),
                    cache_write: Some(2000),
                    cache_write_5m: Some(500),
                    cache_write_1h: Some(1500),
                    cache_read: Some(5000),
                    output: Some(34),
                },
                thinking: Some(10),
                web_searches: Some(1),
                service_tier: Some("priority".into()),
                speed: Some("fast".into()),
                inference_geo: Some("us".into()),
                compactions: Some(vec![Counts { input: Some(7), output: Some(3), ..Counts::default() }]),
            }
        );
    }

    #[test]
    fn one_bad_field_loses_no_other() {
        let usage = Usage::read(
            r#"{"input_tokens":-5,"cache_creation":[1],"cache_read_input_tokens":1e400,"server_tool_use":"x",
                "service_tier":null,"speed":1,"iterations":null,"output_tokens":34}"#,
        );

        assert_eq!(
            usage,
            Usage { counts: Counts { output: Some(34), ..Counts::default() }, ..Usage::default() }
        );
    }

    #[test]
    fn an_absent_or_null_count_keeps_the_earlier_one() {
        let mut counts = Usage::read(r#"{"input_tokens":12,"output_tokens":1}"#).counts;

        counts.update(&Usage::read(r#"{"input_tokens":null,"output_tokens":34}"#).counts);

        assert_eq!(counts, Counts { input: Some(12), output: Some(34), ..Counts::default() });
    }
}
