//! What the events of a Messages stream, or its plain reply, come to.
//!
//! Counts are cumulative and the last one given wins; nothing is added up. After `message_stop` nothing counts.

use super::estimate::Estimate;
use super::frame::Frame;
use super::observe::{Reading, Seen, StreamError, shortened};
use crate::model::usage::{Tokens, Usage};
use crate::wire::anthropic::event::{Block, Delta, DeltaKind, Event, Failure, Message};
use crate::wire::anthropic::usage::{Counts, Usage as WireUsage};

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
    compactions: Vec<Counts>,
    thinking: u64,
    web_searches: u64,
    service_tier: Option<String>,
    fast: bool,
    us_only: bool,
    /// The output's total as last given, if it was given for more than a beginning.
    settled_output: Option<u64>,
    /// What has been streamed since that total was given.
    since: Estimate,
    in_text: bool,
    has_content: bool,
    error: Option<StreamError>,
    complete: bool,
}

impl Answer {
    /// Takes in one event of a stream, and notes in `seen` what the delivery must know.
    pub(super) fn event(&mut self, frame: Frame<'_>, seen: &mut Seen) {
        if self.complete {
            return;
        }
        match Event::quick(frame.data) {
            Some(event) => self.apply(event, seen),
            None => self.apply(Event::read(&String::from_utf8_lossy(frame.data), frame.name), seen),
        }
    }

    fn apply(&mut self, event: Event<'_>, seen: &mut Seen) {
        match event {
            Event::MessageStart(message) => self.message(&message),
            Event::BlockStart(block) => self.block(&block, seen),
            Event::BlockDelta(delta) => self.delta(delta, seen),
            Event::BlockStop => self.block_stop(),
            Event::MessageDelta { stop_reason, usage } => {
                keep(&mut self.stop_reason, stop_reason.as_deref(), LONGEST_NAME);
                self.message_delta(usage.as_ref());
            }
            Event::MessageStop => {
                self.complete = true;
                seen.terminator = true;
            }
            Event::Error(failure) => self.fail(&failure, seen),
            Event::Other => {}
        }
    }

    /// Takes in a plain reply. `is_whole` says that nothing of the body is missing.
    pub(super) fn reply(&mut self, json: &str, is_whole: bool) {
        let message = Message::read(json);
        self.message(&message);
        self.settled_output = self.counts.output;
        self.complete = is_whole && message.is_whole && message.error.is_none();
        if let Some(failure) = &message.error {
            self.fail(failure, &mut Seen::default());
        }
    }

    /// Takes in what could be found of the end of a reply too long to be kept.
    pub(super) fn end_of_reply(&mut self, usage: &WireUsage<'_>, stop_reason: Option<&str>, is_whole: bool) {
        keep(&mut self.stop_reason, stop_reason, LONGEST_NAME);
        self.usage(usage);
        self.settled_output = self.counts.output;
        self.complete = is_whole;
    }

    /// Counts text that is known to belong to the answer but whose blocks could not be told apart.
    pub(super) fn loose_text(&mut self, tokens: u64) {
        if self.settled_output.is_none() {
            self.counts.output = Some(self.counts.output.unwrap_or(0).max(tokens));
        }
    }

    /// The terminator has come.
    pub(super) fn is_complete(&self) -> bool {
        self.complete
    }

    /// The model that answered is known, so this is an answer of this dialect.
    pub(super) fn is_known(&self) -> bool {
        self.model.is_some()
    }

    fn message(&mut self, message: &Message<'_>) {
        keep(&mut self.model, message.model.as_deref(), LONGEST_NAME);
        keep(&mut self.message_id, message.id.as_deref(), LONGEST_NAME);
        keep(&mut self.stop_reason, message.stop_reason.as_deref(), LONGEST_NAME);
        if let Some(usage) = &message.usage {
            self.usage(usage);
        }
    }

    fn message_delta(&mut self, usage: Option<&WireUsage<'_>>) {
        let Some(usage) = usage else { return };
        self.usage(usage);
        if usage.counts.output.is_some() {
            self.settled_output = usage.counts.output;
            self.since = Estimate::default();
        }
    }

    fn usage(&mut self, usage: &WireUsage<'_>) {
        self.counts.update(&usage.counts);
        self.thinking = usage.thinking.unwrap_or(self.thinking);
        self.web_searches = usage.web_searches.unwrap_or(self.web_searches);
        keep(&mut self.service_tier, usage.service_tier.as_deref(), LONGEST_TIER);
        if let Some(speed) = &usage.speed {
            self.fast = speed == "fast";
        }
        if let Some(place) = &usage.inference_geo {
            self.us_only = place == "us";
        }
        if let Some(compactions) = &usage.compactions {
            self.compactions.clone_from(compactions);
        }
    }

    fn block(&mut self, block: &Block<'_>, seen: &mut Seen) {
        self.content(seen);
        self.in_text = false;
        match &*block.kind {
            "tool_use" | "server_tool_use" | "mcp_tool_use" => self.since.tool_block(block.tool.as_bytes()),
            "redacted_thinking" => self.since.redacted_block(block.data.as_bytes()),
            "text" => {
                self.in_text = true;
                self.since.text(block.text.as_bytes());
            }
            _ => {}
        }
    }

    fn delta(&mut self, delta: Delta<'_>, seen: &mut Seen) {
        self.content(seen);
        match delta.kind {
            DeltaKind::Text | DeltaKind::ToolInput => self.since.text(delta.escaped),
            DeltaKind::Thinking => self.since.thinking(delta.escaped),
            DeltaKind::Signature => self.since.encrypted(delta.escaped),
            DeltaKind::Other => {}
        }
    }

    fn block_stop(&mut self) {
        if std::mem::take(&mut self.in_text) {
            self.since.text_block();
        }
    }

    fn content(&mut self, seen: &mut Seen) {
        if !self.has_content {
            self.has_content = true;
            seen.content = true;
        }
    }

    fn fail(&mut self, failure: &Failure<'_>, seen: &mut Seen) {
        let error = StreamError::new(failure.kind.as_deref(), failure.message.as_deref());
        seen.error.get_or_insert_with(|| error.clone());
        self.error.get_or_insert(error);
    }

    /// What is known at the end.
    pub(super) fn finish(self, skipped_events: u64) -> Reading {
        let (output, output_estimated) = self.output();
        let input_seen = self.counts.input.is_some();
        let mut tokens = tokens(&Counts { output: Some(output), ..self.counts });
        for compaction in &self.compactions {
            tokens += self::tokens(compaction);
        }
        Reading {
            usage: Usage {
                tokens,
                thinking: self.thinking,
                audio: 0,
                web_searches: self.web_searches,
                service_tier: self.service_tier.filter(|tier| tier != "standard"),
                fast: self.fast,
                us_only: self.us_only,
                input_estimated: false,
                output_estimated,
            },
            model: self.model,
            message_id: self.message_id,
            stop_reason: self.stop_reason,
            input_seen,
            complete: self.complete,
            error: self.error,
            skipped_events,
        }
    }

    /// The output, and whether it is an estimate: the last total is exact if no content followed it.
    fn output(&self) -> (u64, bool) {
        match self.settled_output {
            Some(total) if self.complete || self.since.is_empty() => (total, false),
            Some(total) => (total.saturating_add(self.since.tokens()), true),
            None => (
                self.counts.output.unwrap_or(0).max(self.since.tokens()),
                self.is_known() || self.has_content,
            ),
        }
    }
}

/// Counts as billed. Where the lifetimes of cache writes do not sum up to the whole, the rest is at five minutes.
fn tokens(counts: &Counts) -> Tokens {
    let whole = counts.cache_write.unwrap_or(0);
    let hour = counts.cache_write_1h.unwrap_or(0);
    let five_minutes = counts.cache_write_5m.unwrap_or(0);
    let rest = whole.saturating_sub(five_minutes.saturating_add(hour));
    Tokens {
        input: counts.input.unwrap_or(0),
        output: counts.output.unwrap_or(0),
        cache_write_5m: five_minutes.saturating_add(rest),
        cache_write_1h: hour,
        cache_read: counts.cache_read.unwrap_or(0),
    }
}

fn keep(kept: &mut Option<String>, newer: Option<&str>, longest: usize) {
    if let Some(newer) = newer {
        *kept = Some(shortened(newer, longest));
    }
}
