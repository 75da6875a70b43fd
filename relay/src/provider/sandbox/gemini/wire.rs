//! Google's JSON as the sandbox writes it.

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};

use crate::provider::sandbox::turn::{Part, Turn};

/// Google's words for a model that is overloaded.
pub(super) const OVERLOADED: &str = "The model is overloaded. Please try again later.";

/// One piece of an answer, or all of it.
#[derive(Debug)]
pub(super) struct Chunk<'a> {
    turn: &'a Turn,
    parts: Vec<Value>,
    is_last: bool,
}

impl<'a> Chunk<'a> {
    fn new(turn: &'a Turn, part: Value) -> Self {
        Self { turn, parts: vec![part], is_last: false }
    }

    pub(super) fn text(turn: &'a Turn, text: String) -> Self {
        Self::new(turn, json!({ "text": text }))
    }

    pub(super) fn thought(turn: &'a Turn, text: String) -> Self {
        Self::new(turn, json!({ "text": text, "thought": true }))
    }

    pub(super) fn call(turn: &'a Turn, id: &str, name: &str, arguments: &Value) -> Self {
        Self::new(turn, called(id, name, arguments))
    }

    /// The whole answer.
    pub(super) fn whole(turn: &'a Turn) -> Self {
        let part = |part: &Part| match part {
            Part::Thinking(text) => json!({ "text": text, "thought": true }),
            Part::Text(text) => json!({ "text": text }),
            Part::Tool { id, name, input } => called(id, name, input),
        };
        Self { turn, parts: turn.parts.iter().map(part).collect(), is_last: true }
    }

    /// Nothing comes after it.
    pub(super) fn finish(&mut self) {
        self.is_last = true;
    }

    pub(super) fn bytes(&self, wrapped: bool) -> Bytes {
        let mut candidate = json!({ "content": { "parts": self.parts, "role": "model" }, "index": 0 });
        if self.is_last {
            let reason = if self.turn.stop_reason == "max_tokens" { "MAX_TOKENS" } else { "STOP" };
            candidate["finishReason"] = reason.into();
        }
        let mut reply = json!({
            "candidates": [candidate],
            "usageMetadata": self.usage(),
            "modelVersion": self.turn.model,
        });
        if wrapped {
            return text(&json!({ "response": reply, "traceId": self.turn.id }));
        }
        reply["responseId"] = self.turn.id.as_str().into();
        text(&reply)
    }

    /// All of it at the end; before that only the prompt.
    fn usage(&self) -> Value {
        let usage = &self.turn.usage;
        let prompt = usage.input_tokens + usage.cache_creation_input_tokens + usage.cache_read_input_tokens;
        let mut told = json!({ "promptTokenCount": prompt });
        if usage.cache_read_input_tokens > 0 {
            told["cachedContentTokenCount"] = usage.cache_read_input_tokens.into();
        }
        if !self.is_last {
            return told;
        }
        let thoughts = usage.output_tokens_details.as_ref().map_or(0, |details| details.thinking_tokens);
        told["candidatesTokenCount"] = usage.output_tokens.saturating_sub(thoughts).into();
        if thoughts > 0 {
            told["thoughtsTokenCount"] = thoughts.into();
        }
        told["totalTokenCount"] = (prompt + usage.output_tokens).into();
        told
    }
}

fn called(id: &str, name: &str, arguments: &Value) -> Value {
    json!({
        "functionCall": { "id": id, "name": name, "args": arguments },
        "thoughtSignature": Turn::signature(),
    })
}

/// The form of a stream: events, or an array that is written piece by piece.
pub(super) struct Form {
    events: bool,
    begun: bool,
}

impl Form {
    pub(super) fn new(events: bool) -> Self {
        Self { events, begun: false }
    }

    /// For what comes behind other pieces.
    pub(super) fn begun(events: bool) -> Self {
        Self { events, begun: true }
    }

    pub(super) fn next(&mut self, json: &Bytes) -> Bytes {
        let (before, after) = match (self.events, std::mem::replace(&mut self.begun, true)) {
            (true, _) => ("data: ", "\r\n\r\n"),
            (false, false) => ("[", ""),
            (false, true) => ("\r\n,\r\n", ""),
        };
        [before.as_bytes(), json, after.as_bytes()].concat().into()
    }

    pub(super) fn end(&self) -> Option<Bytes> {
        (!self.events).then(|| Bytes::from_static(b"]"))
    }
}

/// The error of an overloaded model.
pub(super) fn overloaded() -> Bytes {
    text(&failure(StatusCode::SERVICE_UNAVAILABLE, OVERLOADED, None).1)
}

/// An error in Google's shape. 529 is no status of Google's.
pub(super) fn failure(status: StatusCode, message: &str, retry_after_s: Option<u32>) -> (StatusCode, Value) {
    let (status, name, message) = match status.as_u16() {
        400 => (status, "INVALID_ARGUMENT", message),
        401 => (status, "UNAUTHENTICATED", "Request had invalid authentication credentials."),
        402 | 403 => (StatusCode::FORBIDDEN, "PERMISSION_DENIED", "The caller does not have permission"),
        404 => (status, "NOT_FOUND", "models/none is not found for API version v1beta."),
        429 => (status, "RESOURCE_EXHAUSTED", "You exceeded your current quota. Please retry in 5s."),
        503 | 529 => (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", OVERLOADED),
        500.. => (status, "INTERNAL", "An internal error has occurred."),
        _ => (status, "INVALID_ARGUMENT", message),
    };
    let mut error = json!({ "code": status.as_u16(), "message": message, "status": name });
    if let Some(seconds) = retry_after_s {
        let kind = "type.googleapis.com/google.rpc.RetryInfo";
        error["details"] = json!([{ "@type": kind, "retryDelay": format!("{seconds}s") }]);
    }
    (status, json!({ "error": error }))
}

/// Names under which the sandbox presents itself; it answers to every other name too.
pub(super) fn models() -> Value {
    let model = |id: &str, name: &str, methods: &[&str]| {
        json!({
            "name": format!("models/{id}"),
            "version": "1",
            "displayName": name,
            "inputTokenLimit": 1_048_576,
            "outputTokenLimit": 65_536,
            "supportedGenerationMethods": methods,
        })
    };
    let answers = ["generateContent", "countTokens"];
    json!([
        model("gemini-sandbox-1", "Switchyard Sandbox 1", &answers),
        model("gemini-sandbox-1-mini", "Switchyard Sandbox 1 mini", &answers),
        model("gemini-sandbox-embedding", "Switchyard Sandbox embedding", &["embedContent"]),
    ])
}

fn text(value: &Value) -> Bytes {
    value.to_string().into()
}
