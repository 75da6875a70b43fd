//! What comes back: a `GenerateContentResponse`, whole or as one piece of a stream, bare or in Code Assist's wrapper.

use std::borrow::Cow;

use super::status::Status;
use super::usage::Usage;
use crate::wire::lenient::{boolean, count, elements, members, present, string_body, text};

/// One reply, or one piece of a streamed one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chunk<'a> {
    /// `modelVersion`: the model that answered, the one to price.
    pub model: Option<Cow<'a, str>>,
    /// `responseId`; in Code Assist's wrapper its `traceId`, where the reply itself has none.
    pub id: Option<Cow<'a, str>>,
    /// What has been used so far.
    pub usage: Option<Usage<'a>>,
    /// `promptFeedback.blockReason`: there will be no answer to this prompt.
    pub block_reason: Option<Cow<'a, str>>,
    /// An error in the place of a reply.
    pub error: Option<Status<'a>>,
    /// The text was read to the closing brace.
    pub is_whole: bool,
    candidates: Option<&'a str>,
}

impl<'a> Chunk<'a> {
    /// Reads the JSON of a reply; of text that is cut off, what comes before the cut.
    pub fn read(json: &'a str) -> Self {
        let mut chunk = Self::default();
        let (mut wrapped, mut trace) = (None, None);
        chunk.is_whole = members(json, |name, value| match name {
            b"response" => wrapped = Some(value),
            b"traceId" => trace = text(value),
            _ => chunk.member(name, value),
        });
        if let Some(response) = wrapped {
            members(response, |name, value| chunk.member(name, value));
        }
        chunk.id = chunk.id.or(trace);
        chunk
    }

    fn member(&mut self, name: &[u8], value: &'a str) {
        match name {
            b"candidates" => self.candidates = present(value),
            b"usageMetadata" => self.usage = present(value).map(Usage::read),
            b"modelVersion" => self.model = text(value),
            b"responseId" => self.id = text(value),
            b"error" => self.error = present(value).map(Status::read),
            b"promptFeedback" => {
                members(value, |name, value| {
                    if name == b"blockReason" {
                        self.block_reason = text(value);
                    }
                });
            }
            _ => {}
        }
    }

    /// Calls `each` with every candidate.
    pub fn candidates(&self, mut each: impl FnMut(Candidate<'a>)) {
        if let Some(list) = self.candidates {
            elements(list, |candidate| each(Candidate::read(candidate)));
        }
    }
}

/// One of the answers, or a piece of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// Which one; absent means the first.
    pub index: u64,
    /// Why it ended, once it has.
    pub finish_reason: Option<Cow<'a, str>>,
    /// How many web searches it rests on, as far as it says.
    pub searches: u64,
    parts: Option<&'a str>,
}

impl<'a> Candidate<'a> {
    fn read(json: &'a str) -> Self {
        let mut candidate = Self::default();
        members(json, |name, value| match name {
            b"index" => candidate.index = count(value).unwrap_or(0),
            b"finishReason" => candidate.finish_reason = text(value),
            b"content" => {
                members(value, |name, value| {
                    if name == b"parts" {
                        candidate.parts = present(value);
                    }
                });
            }
            b"groundingMetadata" => candidate.searches = searches(value),
            _ => {}
        });
        candidate
    }

    /// Calls `each` with every part of its content.
    pub fn parts(&self, mut each: impl FnMut(Part<'a>)) {
        if let Some(list) = self.parts {
            elements(list, |part| each(Part::read(part)));
        }
    }
}

fn searches(grounding: &str) -> u64 {
    let mut searches = 0;
    members(grounding, |name, value| {
        if name == b"webSearchQueries" {
            elements(value, |_| searches += 1);
        }
    });
    searches
}

/// A part of the content, by what it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Text of the answer, escaped as on the wire.
    Text(&'a str),
    /// A summary of thinking, escaped as on the wire.
    Thought(&'a str),
    /// A function call: its name, escaped, and the JSON of its arguments.
    Call {
        /// Between its quotes as it is on the wire.
        name: &'a str,
        /// The JSON text.
        arguments: &'a str,
    },
    /// Code, results, pictures and what else there is.
    Other,
}

impl<'a> Part<'a> {
    fn read(json: &'a str) -> Self {
        let (mut part, mut is_thought) = (Self::Other, false);
        members(json, |name, value| match name {
            b"text" => part = string_body(value).map_or(Self::Other, Self::Text),
            b"thought" => is_thought = boolean(value).unwrap_or(false),
            b"functionCall" => part = Self::call(value),
            _ => {}
        });
        match part {
            Self::Text(text) if is_thought => Self::Thought(text),
            part => part,
        }
    }

    fn call(json: &'a str) -> Self {
        let (mut called, mut arguments) = ("", "");
        members(json, |name, value| match name {
            b"name" => called = string_body(value).unwrap_or_default(),
            b"args" => arguments = value,
            _ => {}
        });
        Self::Call { name: called, arguments }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INNER: &str = r#"{"candidates":[{"content":{"parts":[{"text":"a\"b","thought":true},{"text":"c"},
        {"functionCall":{"name":"f","args":{"x":1}}},{"inlineData":{}}],"role":"model"},"index":1,
        "finishReason":"STOP","groundingMetadata":{"webSearchQueries":["a","b"]}}],
        "usageMetadata":{"promptTokenCount":4},"modelVersion":"gemini-2.5-pro"}"#;

    fn parts(chunk: &Chunk<'_>) -> (Vec<String>, Vec<String>) {
        let (mut heads, mut all) = (Vec::new(), Vec::new());
        chunk.candidates(|candidate| {
            let reason = candidate.finish_reason.as_deref().unwrap_or("none");
            heads.push(format!("{} {reason} {}", candidate.index, candidate.searches));
            candidate.parts(|part| all.push(format!("{part:?}")));
        });
        (heads, all)
    }

    #[test]
    fn a_wrapped_reply_reads_like_a_bare_one() {
        let wrapped = format!(r#"{{"response":{INNER},"traceId":"t1","consumedCredits":[]}}"#);

        let (bare, wrapped) = (Chunk::read(INNER), Chunk::read(&wrapped));

        assert_eq!(wrapped.id.as_deref(), Some("t1"));
        assert_eq!(Chunk { id: None, ..wrapped }, bare);
        assert_eq!(bare.usage.as_ref().and_then(|usage| usage.counts.prompt), Some(4));
        let (heads, parts) = parts(&bare);
        assert_eq!(heads, ["1 STOP 2"]);
        assert_eq!(
            parts,
            [
                r#"Thought("a\\\"b")"#,
                r#"Text("c")"#,
                r#"Call { name: "f", arguments: "{\"x\":1}" }"#,
                "Other"
            ]
        );
    }

    #[test]
    fn the_replys_own_id_outweighs_the_trace() {
        let chunk = Chunk::read(r#"{"traceId":"t","response":{"responseId":"r"}}"#);

        assert_eq!(chunk.id.as_deref(), Some("r"));
    }

    #[test]
    fn a_blocked_prompt_and_an_error_are_told() {
        let blocked = Chunk::read(r#"{"promptFeedback":{"blockReason":"SAFETY"}}"#);
        let failed = Chunk::read(r#"{"error":{"code":503,"status":"UNAVAILABLE","message":"later"}}"#);

        assert_eq!(blocked.block_reason.as_deref(), Some("SAFETY"));
        assert_eq!(failed.error.and_then(|error| error.code), Some(503));
    }
}
