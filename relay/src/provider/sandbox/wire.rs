//! The dialect's JSON as the sandbox writes it, fields in the provider's order.

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

/// One event of a stream.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Event<'a> {
    MessageStart { message: Message<'a> },
    Ping,
    ContentBlockStart { index: usize, content_block: Block<'a> },
    ContentBlockDelta { index: usize, delta: Delta<'a> },
    ContentBlockStop { index: usize },
    MessageDelta { delta: Stop<'a>, usage: Usage },
    MessageStop,
    Error { error: Detail<'a>, request_id: &'a str },
}

impl Event<'_> {
    fn name(&self) -> &'static str {
        match self {
            Self::MessageStart { .. } => "message_start",
            Self::Ping => "ping",
            Self::ContentBlockStart { .. } => "content_block_start",
            Self::ContentBlockDelta { .. } => "content_block_delta",
            Self::ContentBlockStop { .. } => "content_block_stop",
            Self::MessageDelta { .. } => "message_delta",
            Self::MessageStop => "message_stop",
            Self::Error { .. } => "error",
        }
    }

    /// As server-sent event.
    pub(super) fn frame(&self) -> Bytes {
        let mut frame = format!("event: {}\ndata: ", self.name()).into_bytes();
        frame.extend_from_slice(&to_bytes(self));
        frame.extend_from_slice(b"\n\n");
        frame.into()
    }
}

/// A message, whole or as a stream begins it.
#[derive(Debug, Serialize)]
pub(super) struct Message<'a> {
    pub(super) id: &'a str,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) role: &'static str,
    pub(super) model: &'a str,
    pub(super) content: Vec<Block<'a>>,
    pub(super) stop_reason: Option<&'a str>,
    pub(super) stop_sequence: Option<&'a str>,
    pub(super) usage: Usage,
}

/// A content block.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Block<'a> {
    Thinking { thinking: &'a str, signature: &'a str },
    Text { text: &'a str },
    ToolUse { id: &'a str, name: &'a str, input: &'a Value },
}

/// A piece of a content block.
#[derive(Debug, Serialize)]
#[serde(tag = "type")]
pub(super) enum Delta<'a> {
    #[serde(rename = "thinking_delta")]
    Thinking { thinking: &'a str },
    #[serde(rename = "signature_delta")]
    Signature { signature: &'a str },
    #[serde(rename = "text_delta")]
    Text { text: &'a str },
    #[serde(rename = "input_json_delta")]
    InputJson { partial_json: &'a str },
}

/// Why a message ended.
#[derive(Debug, Serialize)]
pub(super) struct Stop<'a> {
    pub(super) stop_reason: &'a str,
    pub(super) stop_sequence: Option<&'a str>,
}

/// Tokens by class.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Usage {
    pub(super) input_tokens: u64,
    pub(super) cache_creation_input_tokens: u64,
    pub(super) cache_read_input_tokens: u64,
    pub(super) cache_creation: CacheCreation,
    pub(super) output_tokens: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) output_tokens_details: Option<OutputDetails>,
    pub(super) service_tier: &'static str,
}

/// Cache writes by lifetime.
#[derive(Clone, Debug, Serialize)]
pub(super) struct CacheCreation {
    pub(super) ephemeral_5m_input_tokens: u64,
    pub(super) ephemeral_1h_input_tokens: u64,
}

/// Parts of the output.
#[derive(Clone, Debug, Serialize)]
pub(super) struct OutputDetails {
    pub(super) thinking_tokens: u64,
}

/// The answer of `count_tokens`.
#[derive(Debug, Serialize)]
pub(super) struct Counted {
    pub(super) input_tokens: u64,
}

/// An error as whole body.
#[derive(Debug, Serialize)]
pub(super) struct Failure<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    error: Detail<'a>,
    request_id: &'a str,
}

/// What an error says.
#[derive(Debug, Serialize)]
pub(super) struct Detail<'a> {
    #[serde(rename = "type")]
    pub(super) kind: &'a str,
    pub(super) message: &'a str,
}

impl<'a> Failure<'a> {
    pub(super) fn new(kind: &'a str, message: &'a str, request_id: &'a str) -> Self {
        Self { kind: "error", error: Detail { kind, message }, request_id }
    }
}

/// The value as JSON bytes.
pub(super) fn to_bytes(value: &impl Serialize) -> Bytes {
    #[expect(clippy::expect_used, reason = "these types hold only what JSON can say")]
    serde_json::to_vec(value).expect("plain data").into()
}
