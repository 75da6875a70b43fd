//! The pace of an answer: its events one by one with the pauses between, and the faults that were asked for.

use std::time::Duration;

use bytes::Bytes;
use rand::RngExt;
use rand::rngs::SmallRng;

use super::body::{Step, StepEvent};
use super::turn::{Part, Turn};
use super::wire::{Block, Delta, Detail, Event, Stop};
use super::word::{Break, Words};

/// Milliseconds to the first byte.
pub(super) const FIRST: std::ops::RangeInclusive<u64> = 250..=350;
/// Milliseconds between deltas.
pub(super) const BETWEEN: std::ops::RangeInclusive<u64> = 20..=60;
/// Words in a delta.
const WORDS: std::ops::RangeInclusive<usize> = 1..=4;
/// An answer that is not streamed is there after this at most.
const WHOLE_AT_MOST: Duration = Duration::from_secs(2);
const SLOWER: u32 = 10;

/// The steps of a streamed answer.
pub(super) fn stream(turn: &Turn, words: &Words, dice: &mut SmallRng, request_id: &str) -> Vec<Step> {
    let mut steps =
        vec![step(dice.random_range(FIRST), Event::MessageStart { message: turn.begun() }.frame())];
    for (index, part) in turn.parts.iter().enumerate() {
        block(&mut steps, index, part, dice);
    }
    let stop = Stop { stop_reason: turn.stop_reason, stop_sequence: turn.stop_sequence.as_deref() };
    let end = Event::MessageDelta { delta: stop, usage: turn.usage.clone() };
    steps.push(step(dice.random_range(BETWEEN), end.frame()));
    steps.push(step(0, Event::MessageStop.frame()));
    let error = Detail { kind: "overloaded_error", message: "Overloaded" };
    break_off(&mut steps, words.broken, || Event::Error { error, request_id }.frame());
    slow_down(&mut steps, words);
    steps
}

/// The steps of an answer that is not streamed.
pub(super) fn whole(turn: &Turn, bytes: Bytes, words: &Words, dice: &mut SmallRng) -> Vec<Step> {
    let writing = Duration::from_millis(turn.usage.output_tokens.saturating_mul(10));
    let after = (Duration::from_millis(dice.random_range(FIRST)) + writing).min(WHOLE_AT_MOST);
    let half = bytes.slice(..bytes.len() / 2);
    let mut steps = match words.broken {
        None | Some(Break::ErrorEvent | Break::ErrorFirst) => vec![step(0, bytes)],
        Some(Break::Cut) => vec![step(0, half), Step { after: Duration::ZERO, event: StepEvent::Cut }],
        Some(Break::Stall) => vec![step(0, half), Step { after: Duration::ZERO, event: StepEvent::Stall }],
    };
    if let Some(first) = steps.first_mut() {
        first.after = after;
    }
    slow_down(&mut steps, words);
    steps
}

fn block(steps: &mut Vec<Step>, index: usize, part: &Part, dice: &mut SmallRng) {
    let empty = serde_json::Value::Object(serde_json::Map::new());
    let content_block = match part.block() {
        Block::Thinking { .. } => Block::Thinking { thinking: "", signature: "" },
        Block::Text { .. } => Block::Text { text: "" },
        Block::ToolUse { id, name, .. } => Block::ToolUse { id, name, input: &empty },
    };
    steps.push(step(0, Event::ContentBlockStart { index, content_block }.frame()));
    if index == 0 {
        steps.push(step(0, Event::Ping.frame()));
    }
    let mut push = |delta: Delta<'_>, dice: &mut SmallRng| {
        steps.push(step(dice.random_range(BETWEEN), Event::ContentBlockDelta { index, delta }.frame()));
    };
    match part {
        Part::Text(text) => pieces(text, dice, |text, dice| push(Delta::Text { text }, dice)),
        Part::Thinking(text) => {
            pieces(text, dice, |thinking, dice| push(Delta::Thinking { thinking }, dice));
            push(Delta::Signature { signature: Turn::signature() }, dice);
        }
        Part::Tool { input, .. } => {
            push(Delta::InputJson { partial_json: "" }, dice);
            let json = input.to_string();
            pieces(&json, dice, |partial_json, dice| push(Delta::InputJson { partial_json }, dice));
        }
    }
    steps.push(step(0, Event::ContentBlockStop { index }.frame()));
}

/// Cuts a text into runs of a few words.
pub(super) fn pieces(text: &str, dice: &mut SmallRng, mut each: impl FnMut(&str, &mut SmallRng)) {
    let mut rest = text;
    while !rest.is_empty() {
        let words = dice.random_range(WORDS);
        // A break stands before the space, as in the provider's own deltas.
        let end = rest.match_indices([' ', '\n']).map(|(at, _)| at).filter(|at| *at > 0).nth(words - 1);
        let (piece, after) = rest.split_at(end.unwrap_or(rest.len()));
        each(piece, dice);
        rest = after;
    }
}

/// Replaces the end of a stream by the fault that was asked for.
pub(super) fn break_off(steps: &mut Vec<Step>, broken: Option<Break>, error: impl FnOnce() -> Bytes) {
    let after = Duration::from_millis(*BETWEEN.end());
    let error = || StepEvent::Bytes(error());
    let (keep, event) = match broken {
        None => return,
        Some(Break::ErrorFirst) => (1, error()),
        Some(Break::ErrorEvent) => (steps.len() / 2, error()),
        Some(Break::Cut) => (steps.len() / 2, StepEvent::Cut),
        Some(Break::Stall) => (steps.len() / 2, StepEvent::Stall),
    };
    steps.truncate(keep);
    steps.push(Step { after, event });
}

pub(super) fn slow_down(steps: &mut [Step], words: &Words) {
    if words.slow {
        steps.iter_mut().for_each(|step| step.after *= SLOWER);
    }
}

pub(super) fn step(after_ms: u64, bytes: Bytes) -> Step {
    Step { after: Duration::from_millis(after_ms), event: StepEvent::Bytes(bytes) }
}
