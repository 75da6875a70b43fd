//! The `usageMetadata` object: counts of the whole answer so far.

use std::borrow::Cow;

use crate::wire::lenient::{count, elements, members, text};

/// Token counts, each absent unless it was given. They are cumulative: the last object of a stream has them all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// The whole prompt, with what came from the cache.
    pub prompt: Option<u64>,
    /// Of the prompt, what came from the cache.
    pub cached: Option<u64>,
    /// What tools inside the call fed back; not part of the prompt.
    pub tool_use: Option<u64>,
    /// Visible output.
    pub candidates: Option<u64>,
    /// Thinking.
    pub thoughts: Option<u64>,
    /// The sum of all.
    pub total: Option<u64>,
    /// Of the prompt, audio.
    pub audio: Option<u64>,
    /// Of the cached tokens, audio.
    pub cached_audio: Option<u64>,
}

impl Counts {
    /// Takes over what `newer` gives and keeps the rest: the last one given wins, nothing is added up.
    pub fn update(&mut self, newer: &Self) {
        for (kept, newer) in [
            (&mut self.prompt, newer.prompt),
            (&mut self.cached, newer.cached),
            (&mut self.tool_use, newer.tool_use),
            (&mut self.candidates, newer.candidates),
            (&mut self.thoughts, newer.thoughts),
            (&mut self.total, newer.total),
            (&mut self.audio, newer.audio),
            (&mut self.cached_audio, newer.cached_audio),
        ] {
            if newer.is_some() {
                *kept = newer;
            }
        }
    }
}

/// A `usageMetadata` object. Null and what has the wrong type count as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage<'a> {
    /// Tokens.
    pub counts: Counts,
    /// `serviceTier`: `standard`, `flex` or `priority`.
    pub service_tier: Option<Cow<'a, str>>,
    /// `trafficType`: `ON_DEMAND`, `ON_DEMAND_FLEX`, `ON_DEMAND_PRIORITY` or `PROVISIONED_THROUGHPUT`.
    pub traffic: Option<Cow<'a, str>>,
}

impl<'a> Usage<'a> {
    /// Reads the JSON of the object; what is no object gives an empty usage.
    pub fn read(json: &'a str) -> Self {
        let mut usage = Self::default();
        let counts = &mut usage.counts;
        members(json, |name, value| match name {
            b"promptTokenCount" => counts.prompt = count(value),
            b"cachedContentTokenCount" => counts.cached = count(value),
            b"toolUsePromptTokenCount" => counts.tool_use = count(value),
            b"candidatesTokenCount" => counts.candidates = count(value),
            b"thoughtsTokenCount" => counts.thoughts = count(value),
            b"totalTokenCount" => counts.total = count(value),
            b"promptTokensDetails" => counts.audio = audio(value),
            b"cacheTokensDetails" => counts.cached_audio = audio(value),
            b"serviceTier" => usage.service_tier = text(value),
            b"trafficType" => usage.traffic = text(value),
            _ => {}
        });
        usage
    }
}

/// The audio tokens of a list of counts by modality.
fn audio(json: &str) -> Option<u64> {
    let mut sum = None;
    elements(json, |entry| {
        let (mut is_audio, mut tokens) = (false, None);
        members(entry, |name, value| match name {
            b"modality" => is_audio = value == "\"AUDIO\"",
            b"tokenCount" => tokens = count(value),
            _ => {}
        });
        if let Some(tokens) = tokens.filter(|_| is_audio) {
            sum = Some(tokens.saturating_add(sum.unwrap_or(0)));
        }
    });
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_read() {
        let usage = Usage::read(
            r#"{"promptTokenCount":1200,"cachedContentTokenCount":800,"candidatesTokenCount":40,
                "thoughtsTokenCount":110,"toolUsePromptTokenCount":30,"totalTokenCount":1380,
                "promptTokensDetails":[{"modality":"TEXT","tokenCount":942},{"modality":"AUDIO","tokenCount":258}],
                "cacheTokensDetails":[{"modality":"AUDIO","tokenCount":8}],"trafficType":"ON_DEMAND",
                "serviceTier":"flex"}"#,
        );

        let counts = Counts {
            prompt: Some(1200),
            cached: Some(800),
            tool_use: Some(30),
            candidates: Some(40),
            thoughts: Some(110),
            total: Some(1380),
            audio: Some(258),
            cached_audio: Some(8),
        };
        let expected = Usage { counts, service_tier: Some("flex".into()), traffic: Some("ON_DEMAND".into()) };
        assert_eq!(usage, expected);
    }

    #[test]
    fn one_bad_field_loses_no_other() {
        let usage = Usage::read(
            r#"{"promptTokenCount":-5,"cachedContentTokenCount":null,"thoughtsTokenCount":"9",
                "promptTokensDetails":{"modality":"AUDIO"},"candidatesTokenCount":40}"#,
        );

        assert_eq!(usage.counts, Counts { candidates: Some(40), ..Counts::default() });
    }

    #[test]
    fn an_absent_count_keeps_the_earlier_one() {
        let mut counts = Usage::read(r#"{"promptTokenCount":12,"thoughtsTokenCount":1}"#).counts;

        counts.update(&Usage::read(r#"{"thoughtsTokenCount":3}"#).counts);

        assert_eq!(counts, Counts { prompt: Some(12), thoughts: Some(3), ..Counts::default() });
    }
}
