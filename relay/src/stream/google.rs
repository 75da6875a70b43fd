//! What the chunks of a Gemini answer come to, streamed or whole, bare or in Code Assist's wrapper.
//!
//! Counts are cumulative and the last one given wins; nothing is added up. There is no terminator: an answer is
//! complete once every candidate has said why it ended, or the prompt was blocked.

use super::estimate::Estimate;
use super::json::{first_string, last_value};
use super::observe::{Reading, Seen, StreamError, shortened};
use crate::model::usage::{Tokens, Usage};
use crate::wire::google::chunk::{Candidate, Chunk, Part};
use crate::wire::google::status::Status;
use crate::wire::google::usage::{Counts, Usage as WireUsage};
use crate::wire::lenient::text;

/// Bounds of what is kept of texts that the provider chooses, in bytes.
const LONGEST_NAME: usize = 256;
const LONGEST_TIER: usize = 32;

/// An answer so far.
#[derive(Debug, Default)]
pub(super) struct Answer {
    model: Option<String>,
    message_id: Option<String>,
    stop_reason: Option<String>,
    counts: Counts,
    service_tier: Option<String>,
    /// The most web searches that a chunk spoke of.
    searches: u64,
    /// What has been streamed since its count was given.
    visible: Estimate,
    thinking: Estimate,
    /// Candidates seen, and of these the ended ones, a bit each.
    candidates: u64,
    ended: u64,
    is_blocked: bool,
    has_content: bool,
    error: Option<StreamError>,
}

impl Answer {
    /// Takes in one chunk of a stream, or a whole reply, and notes in `seen` what the delivery must know.
    pub(super) fn chunk(&mut self, json: &[u8], seen: &mut Seen) {
        let json = String::from_utf8_lossy(json);
        let chunk = Chunk::read(&json);
        keep(&mut self.model, chunk.model.as_deref(), LONGEST_NAME);
        keep(&mut self.message_id, chunk.id.as_deref(), LONGEST_NAME);
        let mut searches = 0;
        chunk.candidates(|candidate| {
            searches += candidate.searches;
            self.candidate(&candidate, seen);
        });
        self.searches = self.searches.max(searches);
        if let Some(reason) = &chunk.block_reason {
            keep(&mut self.stop_reason, Some(reason), LONGEST_NAME);
            self.is_blocked = true;
            self.content(seen);
        }
        if let Some(usage) = &chunk.usage {
            self.usage(usage);
        }
        if let Some(error) = &chunk.error {
            self.fail(error, seen);
        }
    }

    /// Takes in what can be found in an object that is too long to be kept.
    pub(super) fn long_chunk(&mut self, beginning: &[u8], end: &[u8], seen: &mut Seen) {
        let (beginning, end) = (String::from_utf8_lossy(beginning), String::from_utf8_lossy(end));
        if beginning.contains("\"candidates\"") {
            self.content(seen);
        }
        let named = |name| text(first_string(last_value(&end, name)?)?);
        keep(&mut self.model, named("\"modelVersion\"").as_deref(), LONGEST_NAME);
        keep(&mut self.message_id, named("\"responseId\"").as_deref(), LONGEST_NAME);
        if let Some(reason) = named("\"finishReason\"") {
            keep(&mut self.stop_reason, Some(&reason), LONGEST_NAME);
            self.candidates |= 1;
            self.ended |= 1;
        }
        if let Some(usage) = last_value(&end, "\"usageMetadata\"") {
            self.usage(&WireUsage::read(usage));
        }
    }

    /// Counts the texts in an object that was broken off. What is a summary of thinking cannot be told there.
    pub(super) fn broken_chunk(&mut self, json: &[u8]) {
        for at in memchr::memmem::find_iter(json, b"\"text\"") {
            let rest = json[at + 6..].trim_ascii_start();
            let value = rest.strip_prefix(b":").and_then(|rest| rest.trim_ascii_start().strip_prefix(b"\""));
            if let Some(value) = value {
                self.has_content = true;
                self.visible.text(value);
            }
        }
    }

    fn candidate(&mut self, candidate: &Candidate<'_>, seen: &mut Seen) {
        let bit = 1_u64.checked_shl(u32::try_from(candidate.index).unwrap_or(63)).unwrap_or(1 << 63);
        self.candidates |= bit;
        let mut has_parts = false;
        candidate.parts(|part| {
            has_parts = true;
            match part {
                Part::Text(text) => self.visible.text(text.as_bytes()),
                Part::Thought(text) => self.thinking.thinking(text.as_bytes()),
                Part::Call { name, arguments } => {
                    self.visible.tool_block(name.as_bytes());
                    self.visible.json(arguments.as_bytes());
                }
                Part::Other => {}
            }
        });
        if let Some(reason) = &candidate.finish_reason {
            keep(&mut self.stop_reason, Some(reason), LONGEST_NAME);
            self.ended |= bit;
        }
        if has_parts || candidate.finish_reason.is_some() {
            self.content(seen);
        }
    }

    fn usage(&mut self, usage: &WireUsage<'_>) {
        self.counts.update(&usage.counts);
        if usage.counts.candidates.is_some() {
            self.visible = Estimate::default();
        }
        if usage.counts.thoughts.is_some() {
            self.thinking = Estimate::default();
        }
        let tier = match usage.traffic.as_deref() {
            Some("ON_DEMAND_PRIORITY") => Some("priority".to_owned()),
            Some("ON_DEMAND_FLEX") => Some("flex".to_owned()),
            _ => usage.service_tier.as_deref().map(str::to_lowercase),
        };
        keep(&mut self.service_tier, tier.as_deref(), LONGEST_TIER);
    }

    fn content(&mut self, seen: &mut Seen) {
        if !self.has_content {
            self.has_content = true;
            seen.content = true;
        }
    }

    fn fail(&mut self, error: &Status<'_>, seen: &mut Seen) {
        let error = StreamError::new(error.status.as_deref(), error.message.as_deref());
        seen.error.get_or_insert_with(|| error.clone());
        self.error.get_or_insert(error);
    }

    /// Content has come, and not what ends it.
    pub(super) fn lacks_end(&self) -> bool {
        self.has_content && !self.is_complete()
    }

    fn is_complete(&self) -> bool {
        let has_ended = self.ended != 0 && self.candidates & !self.ended == 0;
        (has_ended || self.is_blocked) && self.error.is_none()
    }

    /// What is known at the end. `is_closed` says that the body has a form that shows its end, and showed it.
    pub(super) fn finish(self, is_closed: bool, skipped_events: u64) -> Reading {
        let complete = self.is_complete() || (is_closed && self.error.is_none());
        let (output, output_estimated) = self.output(complete);
        let counts = &self.counts;
        let cached = counts.cached.unwrap_or(0);
        let uncached = counts.prompt.unwrap_or(0).saturating_sub(cached);
        let audio = counts.audio.unwrap_or(0).saturating_sub(counts.cached_audio.unwrap_or(0));
        Reading {
            usage: Usage {
                tokens: Tokens {
                    input: uncached.saturating_add(counts.tool_use.unwrap_or(0)),
                    output,
                    cache_read: cached,
                    ..Tokens::default()
                },
                thinking: counts.thoughts.unwrap_or(0).min(output),
                audio: audio.min(uncached),
                web_searches: self.searches,
                service_tier: self.service_tier.filter(|tier| tier == "priority" || tier == "flex"),
                output_estimated,
                ..Usage::default()
            },
            input_seen: self.counts.prompt.is_some(),
            model: self.model,
            message_id: self.message_id,
            stop_reason: self.stop_reason,
            complete,
            error: self.error,
            skipped_events,
        }
    }

    /// The output, and whether it is an estimate.
    fn output(&self, complete: bool) -> (u64, bool) {
        let counts = &self.counts;
        let since = self.visible.tokens().saturating_add(self.thinking.tokens());
        let has_count = counts.candidates.is_some() || counts.thoughts.is_some();
        let counted = counted_output(counts);
        let is_all = self.visible.is_empty() && self.thinking.is_empty();
        if counts.total.is_some() && (complete || is_all) || has_count && is_all {
            return (counted, false);
        }
        (counted.saturating_add(since), has_count || self.has_content)
    }
}

/// Visible output and thinking. A backend whose total shows that it counts thinking as visible output must not be
/// charged twice; one that gives only the total is taken at its word.
fn counted_output(counts: &Counts) -> u64 {
    let visible = counts.candidates.unwrap_or(0);
    let thoughts = counts.thoughts.unwrap_or(0);
    let prompt = counts.prompt.unwrap_or(0).saturating_add(counts.tool_use.unwrap_or(0));
    match counts.total.map(|total| total.saturating_sub(prompt)) {
        Some(rest) if counts.candidates.is_none() => rest.max(thoughts),
        Some(rest) if rest == visible => visible,
        _ => visible.saturating_add(thoughts),
    }
}

fn keep(kept: &mut Option<String>, newer: Option<&str>, longest: usize) {
    if let Some(newer) = newer {
        *kept = Some(shortened(newer, longest));
    }
}
