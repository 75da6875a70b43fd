//! Owns a message of the provider as JSON and as an event stream.
//! Promises one piece per event, each with the figures that it adds to the books.

use std::fmt::Write;

use bytes::Bytes;

use crate::anthropic::error;
use crate::anthropic::text::{self, Part, event, quoted, text_delta};
use crate::anthropic::usage::{self, OddUsage};
use crate::books::Usage;
use crate::piece::Piece;

/// Events of a stream that carry no text: start, block start, ping; block stop, delta, stop.
const FRAME_EVENTS: usize = 6;

/// Events of a stream when nothing says how many.
const USUAL_EVENTS: usize = 12;

/// Comment lines in one piece.
const COMMENTS_PER_PIECE: usize = 1000;

/// What a message is to be like.
#[derive(Clone, Debug, Default)]
pub(crate) struct Message {
    pub(crate) text: Option<String>,
    pub(crate) events: Option<usize>,
    pub(crate) usage: Option<Usage>,
    pub(crate) odd: Option<OddUsage>,
    /// Tokens of the output that are thoughts, with Gemini.
    pub(crate) thoughts: u64,
    /// Tokens of the input that come from tools, with Gemini.
    pub(crate) tool: u64,
    pub(crate) twists: Vec<Twist>,
}

/// What is unusual about a stream's events.
#[derive(Clone, Debug)]
pub(crate) enum Twist {
    Comments(usize),
    Huge(usize),
    TextAfterStop,
    Unterminated,
    Error {
        events: usize,
        kind: String,
    },
    /// With Gemini: a payload over several `data:` lines.
    SplitData,
    /// With Gemini: no candidates, for this reason.
    Blocked(String),
    /// With Gemini: another reason to end, without content.
    Finish(String),
    /// With Gemini: a call of a tool at the end.
    ToolCall,
}

/// The request that a message answers.
pub(crate) struct Call<'a> {
    pub(crate) model: &'a str,
    pub(crate) message_id: &'a str,
    pub(crate) request_id: &'a str,
    pub(crate) body_length: usize,
}

impl Message {
    /// The message as JSON: one piece.
    pub(crate) fn whole(&self, call: &Call<'_>) -> Piece {
        let parts = self.parts();
        let usage = self.usage(call, &parts);
        let huge =
            self.twists.iter().map(|twist| if let Twist::Huge(bytes) = twist { *bytes } else { 0 }).sum();
        let mut text: String = parts.iter().map(|part| part.text).collect();
        text.extend(std::iter::repeat_n('x', huge));
        let (json, announces) = match self.odd {
            Some(odd) => usage::odd_whole(usage, odd),
            None => (Some(usage::whole(usage)), Some(usage)),
        };
        let json = json.map(|json| format!(r#","usage":{json}"#)).unwrap_or_default();
        let body = format!(
            r#"{{"id":"{}","type":"message","role":"assistant","model":{},"content":[{{"type":"text","text":{}}}],"stop_reason":"end_turn","stop_sequence":null{json}}}"#,
            call.message_id,
            quoted(call.model),
            quoted(&text)
        );
        Piece { bytes: body.into(), generated: usage.output, announces }
    }

    /// The message as a stream: one piece an event.
    pub(crate) fn stream(&self, call: &Call<'_>) -> Vec<Piece> {
        let parts = self.parts();
        let usage = self.usage(call, &parts);
        let mut pieces = Vec::with_capacity(parts.len() + FRAME_EVENTS + 1);
        pieces.push(self.start(call, usage));
        pieces.push(Piece::plain(BLOCK_START));
        pieces.push(Piece::plain(PING));
        let count = parts.len() as u64;
        for (index, part) in (0_u64..).zip(&parts) {
            let generated = share(usage.output, index + 1, count) - share(usage.output, index, count);
            pieces.push(Piece::carrying(part.event(), generated));
        }
        pieces.push(Piece::plain(BLOCK_STOP));
        for (json, announces) in usage::finals(usage, self.odd) {
            pieces.push(Piece { bytes: message_delta(json.as_deref()), generated: 0, announces });
        }
        pieces.push(Piece::plain(STOP));
        for twist in &self.twists {
            twist.apply(&mut pieces, call);
        }
        pieces
    }

    fn start(&self, call: &Call<'_>, usage: Usage) -> Piece {
        let first = Usage { output: usage.output.min(1), ..usage };
        let (json, announces) = match self.odd {
            Some(OddUsage::Missing) => (String::new(), None),
            _ => (format!(r#","usage":{}"#, usage::whole(first)), Some(first)),
        };
        let data = format!(
            r#"{{"type":"message_start","message":{{"id":"{}","type":"message","role":"assistant","model":{},"content":[],"stop_reason":null,"stop_sequence":null{json}}}}}"#,
            call.message_id,
            quoted(call.model)
        );
        Piece { bytes: event("message_start", &data), generated: 0, announces }
    }

    /// The text in as many parts as there are deltas.
    fn parts(&self) -> Vec<Part<'_>> {
        let deltas = self.events.map(|events| events.saturating_sub(FRAME_EVENTS).max(1));
        match &self.text {
            None => text::usual(deltas.unwrap_or(USUAL_EVENTS - FRAME_EVENTS)),
            Some(text) => text::divide(text, deltas),
        }
    }

    /// What to bill: as told, or about a token for four characters each way.
    pub(crate) fn usage(&self, call: &Call<'_>, parts: &[Part<'_>]) -> Usage {
        self.usage.unwrap_or_else(|| {
            let characters: usize = parts.iter().map(|part| part.characters).sum();
            Usage::new(call.body_length.div_ceil(4).max(1) as u64, characters.div_ceil(4).max(1) as u64)
        })
    }
}

impl Twist {
    fn apply(&self, pieces: &mut Vec<Piece>, call: &Call<'_>) {
        match self {
            Self::Comments(lines) => {
                let after_start = pieces.len().min(1);
                pieces.splice(after_start..after_start, comments(*lines));
            }
            Self::Huge(bytes) => {
                let middle = pieces.len() / 2;
                pieces.insert(middle, Piece::plain(text_delta(&"x".repeat(*bytes))));
            }
            Self::TextAfterStop => pieces.push(Piece::plain(text_delta("one more thing"))),
            Self::Unterminated => {
                pieces.pop();
            }
            Self::Error { events, kind } => {
                pieces.truncate(*events);
                let data = error::body(kind, error::event_message(kind), call.request_id);
                pieces.push(Piece::plain([b"event: error\ndata: ", data.as_ref(), b"\n\n"].concat()));
            }
            Self::SplitData | Self::Blocked(_) | Self::Finish(_) | Self::ToolCall => {}
        }
    }
}

const BLOCK_START: &str = "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n";
const PING: &str = "event: ping\ndata: {\"type\":\"ping\"}\n\n";
const BLOCK_STOP: &str = "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n";
const STOP: &str = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

fn message_delta(usage: Option<&str>) -> Bytes {
    let usage = usage.map(|usage| format!(r#","usage":{usage}"#)).unwrap_or_default();
    let data = format!(
        r#"{{"type":"message_delta","delta":{{"stop_reason":"end_turn","stop_sequence":null}}{usage}}}"#
    );
    event("message_delta", &data)
}

fn comments(lines: usize) -> Vec<Piece> {
    let piece = |from: usize| {
        let mut text = String::new();
        for line in from..lines.min(from + COMMENTS_PER_PIECE) {
            // Writing to a string cannot fail.
            let _ = write!(text, ": comment {line}\n\n");
        }
        Piece::plain(text)
    };
    (0..lines).step_by(COMMENTS_PER_PIECE).map(piece).collect()
}

/// The share of `total` that the first `index` of `count` parts have.
fn share(total: u64, index: u64, count: u64) -> u64 {
    let share = u128::from(total) * u128::from(index) / u128::from(count.max(1));
    u64::try_from(share).unwrap_or(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL: Call<'static> =
        Call { model: "claude-sonnet-4-5", message_id: "msg_1", request_id: "req_1", body_length: 400 };

    fn text(pieces: &[Piece]) -> String {
        let events = pieces.iter().map(|piece| String::from_utf8(piece.bytes.to_vec()).expect("UTF-8"));
        let data = events.filter_map(|event| event.split_once("data: ").map(|(_, data)| data.to_owned()));
        let values = data.map(|data| serde_json::from_str::<serde_json::Value>(&data).expect("JSON"));
        values.filter_map(|value| value["delta"]["text"].as_str().map(str::to_owned)).collect()
    }

    #[test]
    fn a_stream_has_as_many_events_as_asked() {
        for events in [7, 12, 40] {
            let message = Message { events: Some(events), ..Message::default() };

            assert_eq!(message.stream(&CALL).len(), events);
        }
    }

    #[test]
    fn a_given_text_arrives_whole_however_it_is_divided() {
        let given = "Hello, 世界 🌍! \"quoted\"";
        for events in [None, Some(7), Some(9), Some(60)] {
            let message = Message { text: Some(given.to_owned()), events, ..Message::default() };

            assert_eq!(text(&message.stream(&CALL)), given);
        }
    }

    #[test]
    fn a_stream_generates_what_it_bills() {
        let message = Message { usage: Some(Usage::new(5, 1001)), ..Message::default() };
        let pieces = message.stream(&CALL);

        assert_eq!(pieces.iter().map(|piece| piece.generated).sum::<u64>(), 1001);
        assert_eq!(pieces.iter().rev().find_map(|piece| piece.announces), Some(Usage::new(5, 1001)));
    }

    #[test]
    fn every_form_of_a_message_is_json() {
        let odds = [
            OddUsage::Missing,
            OddUsage::OutputOnly,
            OddUsage::Repeated,
            OddUsage::Growing,
            OddUsage::Decreasing,
            OddUsage::Negative,
            OddUsage::Null,
        ];
        for odd in odds {
            let message = Message { odd: Some(odd), ..Message::default() };

            assert!(!text(&message.stream(&CALL)).is_empty());
            let whole = message.whole(&CALL).bytes;
            assert!(serde_json::from_slice::<serde_json::Value>(&whole).is_ok(), "{odd:?}");
        }
    }
}
