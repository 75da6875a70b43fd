//! What comes back: the events of a stream, and the message of a plain reply.

use std::borrow::Cow;

use super::usage::Usage;
use crate::wire::lenient::{members, present, string_body, text};

/// A message, whole or as `message_start` gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message<'a> {
    /// `msg_…`
    pub id: Option<Cow<'a, str>>,
    /// The model that answered: the one to price.
    pub model: Option<Cow<'a, str>>,
    /// Why it ended, once it has.
    pub stop_reason: Option<Cow<'a, str>>,
    /// What it used so far.
    pub usage: Option<Usage<'a>>,
    /// The body of an error in the place of a message.
    pub error: Option<Failure<'a>>,
    /// The text was read to the closing brace.
    pub is_whole: bool,
}

impl<'a> Message<'a> {
    /// Reads the JSON of a message; of text that is cut off, what comes before the cut.
    pub fn read(json: &'a str) -> Self {
        let mut message = Self::default();
        message.is_whole = members(json, |name, value| match name {
            b"id" => message.id = text(value),
            b"model" => message.model = text(value),
            b"stop_reason" => message.stop_reason = text(value),
            b"usage" => message.usage = present(value).map(Usage::read),
            b"error" => message.error = present(value).map(Failure::read),
            _ => {}
        });
        message
    }
}

/// The `error` object of an error event or an error reply.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure<'a> {
    /// `overloaded_error`, …
    pub kind: Option<Cow<'a, str>>,
    /// The provider's words.
    pub message: Option<Cow<'a, str>>,
}

impl<'a> Failure<'a> {
    /// Reads the object; a bare string is taken for the message.
    pub fn read(json: &'a str) -> Self {
        let mut failure = Self { kind: None, message: text(json) };
        members(json, |name, value| match name {
            b"type" => failure.kind = text(value),
            b"message" => failure.message = text(value),
            _ => {}
        });
        failure
    }
}

/// One event of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// `message_start`
    MessageStart(Message<'a>),
    /// `content_block_start`
    BlockStart(Block<'a>),
    /// `content_block_delta`
    BlockDelta(Delta<'a>),
    /// `content_block_stop`
    BlockStop,
    /// `message_delta`: what has changed of the message.
    MessageDelta {
        /// Why it ended, once it has.
        stop_reason: Option<Cow<'a, str>>,
        /// Cumulative, and not always whole.
        usage: Option<Usage<'a>>,
    },
    /// `message_stop`
    MessageStop,
    /// `error`
    Error(Failure<'a>),
    /// `ping`, and whatever there is that is not known.
    Other,
}

impl<'a> Event<'a> {
    /// Recognises an event that is spelled exactly as the provider spells it, without parsing.
    ///
    /// Nearly all events of a stream are these. Nothing, if the spelling is another one: then [`Event::read`]
    /// finds out what it is.
    pub fn quick(data: &'a [u8]) -> Option<Self> {
        let rest = data.strip_prefix(b"{\"type\":\"")?;
        match rest {
            b"ping\"}" => Some(Self::Other),
            b"message_stop\"}" => Some(Self::MessageStop),
            _ if rest.starts_with(b"content_block_stop\",\"index\":") => Some(Self::BlockStop),
            _ => Delta::quick(rest.strip_prefix(b"content_block_delta\",\"index\":")?).map(Self::BlockDelta),
        }
    }

    /// Reads an event's data. Its `type` decides what it is, the event's name only where there is no `type`.
    pub fn read(data: &'a str, name: Option<&[u8]>) -> Self {
        let mut parts = Parts::default();
        members(data, |name, value| match name {
            b"type" => parts.kind = text(value),
            b"message" => parts.message = value,
            b"content_block" => parts.block = value,
            b"delta" => parts.delta = value,
            b"usage" => parts.usage = present(value),
            b"error" => parts.error = present(value),
            _ => {}
        });
        let kind = parts.kind.as_deref().map(str::as_bytes).or(name).unwrap_or_default();
        match kind {
            b"message_start" => Self::MessageStart(Message::read(parts.message)),
            b"content_block_start" => Self::BlockStart(Block::read(parts.block)),
            b"content_block_delta" => Self::BlockDelta(Delta::read(parts.delta)),
            b"content_block_stop" => Self::BlockStop,
            b"message_delta" => Self::MessageDelta {
                stop_reason: Message::read(parts.delta).stop_reason,
                usage: parts.usage.map(Usage::read),
            },
            b"message_stop" => Self::MessageStop,
            b"error" => Self::Error(parts.error.map_or_else(|| unreadable(data), Failure::read)),
            _ => Self::Other,
        }
    }
}

#[derive(Default)]
struct Parts<'a> {
    kind: Option<Cow<'a, str>>,
    message: &'a str,
    block: &'a str,
    delta: &'a str,
    usage: Option<&'a str>,
    error: Option<&'a str>,
}

/// An error event without an `error`: its data is all there is to tell.
fn unreadable(data: &str) -> Failure<'_> {
    Failure { kind: None, message: Some(Cow::Borrowed(data)) }
}

/// A content block as it begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block<'a> {
    /// `text`, `thinking`, `redacted_thinking`, `tool_use`, `server_tool_use`, …
    pub kind: Cow<'a, str>,
    /// A tool's name, between its quotes as it is on the wire.
    pub tool: &'a str,
    /// The encrypted thinking of `redacted_thinking`.
    pub data: &'a str,
    /// Text that is there from the start; mostly there is none.
    pub text: &'a str,
}

impl<'a> Block<'a> {
    fn read(json: &'a str) -> Self {
        let mut block = Self::default();
        members(json, |name, value| match name {
            b"type" => block.kind = text(value).unwrap_or_default(),
            b"name" => block.tool = string_body(value).unwrap_or_default(),
            b"data" => block.data = string_body(value).unwrap_or_default(),
            b"text" => block.text = string_body(value).unwrap_or_default(),
            _ => {}
        });
        block
    }
}

/// A piece of a content block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delta<'a> {
    /// Of what it is a piece.
    pub kind: DeltaKind,
    /// The piece as it is on the wire: between its quotes, with its escapes. It may go on past an unescaped
    /// quote, which ends the piece.
    pub escaped: &'a [u8],
}

/// What a piece can be a piece of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeltaKind {
    /// Text of the answer.
    Text,
    /// Thinking, in full or summarised.
    Thinking,
    /// The encrypted form of a block's thinking.
    Signature,
    /// The JSON of a tool's input.
    ToolInput,
    /// Not output, or not known.
    Other,
}

/// How the provider spells pieces: first the `type` of the delta, then the name of its only other member.
const SPELLINGS: [(&[u8], &[u8], DeltaKind); 4] = [
    (b"text_delta", b"text", DeltaKind::Text),
    (b"input_json_delta", b"partial_json", DeltaKind::ToolInput),
    (b"thinking_delta", b"thinking", DeltaKind::Thinking),
    (b"signature_delta", b"signature", DeltaKind::Signature),
];

impl<'a> Delta<'a> {
    const NOTHING: Self = Self { kind: DeltaKind::Other, escaped: b"" };

    /// Reads what comes after `"index":`, if it is spelled exactly as the provider spells it.
    fn quick(rest: &'a [u8]) -> Option<Self> {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let rest = rest.get(digits..)?.strip_prefix(b",\"delta\":{\"type\":\"")?;
        SPELLINGS.iter().find_map(|(kind, member, meaning)| {
            let rest = rest.strip_prefix(*kind)?.strip_prefix(b"\",\"")?;
            let escaped = rest.strip_prefix(*member)?.strip_prefix(b"\":\"")?;
            Some(Self { kind: *meaning, escaped })
        })
    }

    fn read(json: &'a str) -> Self {
        let mut delta = Self::NOTHING;
        members(json, |name, value| {
            let known = SPELLINGS.iter().find(|(_, member, _)| *member == name);
            if let (Some((_, _, kind)), Some(body)) = (known, string_body(value)) {
                delta = Self { kind: *kind, escaped: body.as_bytes() };
            }
        });
        delta
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delta(kind: DeltaKind, escaped: &'static [u8]) -> Event<'static> {
        Event::BlockDelta(Delta { kind, escaped })
    }

    #[test]
    fn the_type_outweighs_the_name_of_the_event() {
        assert_eq!(Event::read(r#"{"type":"message_stop"}"#, Some(b"ping")), Event::MessageStop);
        assert_eq!(Event::read("{}", Some(b"message_stop")), Event::MessageStop);
        assert_eq!(Event::read(r#"{"type":"news"}"#, Some(b"message_stop")), Event::Other);
        assert_eq!(Event::read("[DONE]", None), Event::Other);
    }

    #[test]
    fn both_ways_of_reading_a_delta_agree() {
        let data = r#"{"type":"content_block_delta","index":12,"delta":{"type":"text_delta","text":"a\"b"}}"#;

        let quick = Event::quick(data.as_bytes());

        assert_eq!(quick, Some(delta(DeltaKind::Text, b"a\\\"b\"}}")));
        assert_eq!(Event::read(data, None), delta(DeltaKind::Text, b"a\\\"b"));
    }

    #[test]
    fn a_delta_in_another_spelling_is_still_read() {
        let data = r#"{ "index": 0, "delta": {"partial_json": "{", "type": "input_json_delta"}, "type": "content_block_delta" }"#;

        assert_eq!(Event::quick(data.as_bytes()), None);
        assert_eq!(Event::read(data, None), delta(DeltaKind::ToolInput, b"{"));
    }

    #[test]
    fn an_error_is_told_whatever_its_shape() {
        let told = |data| match Event::read(data, Some(b"error")) {
            Event::Error(Failure { kind, message }) => {
                (kind.map(Cow::into_owned), message.map(Cow::into_owned).unwrap_or_default())
            }
            other => panic!("{other:?}"),
        };

        assert_eq!(
            told(r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#),
            (Some("overloaded_error".into()), "Overloaded".into())
        );
        assert_eq!(told(r#"{"error":"broken","status":500}"#), (None, "broken".into()));
        assert_eq!(told("oops"), (None, "oops".into()));
    }
}
