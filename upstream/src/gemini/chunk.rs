//! Owns the JSON of one answer of Gemini's, or of one piece of it, in the order of fields that Google writes.

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

/// `GenerateContentResponse`.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Chunk {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) candidates: Vec<Candidate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) prompt_feedback: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) usage_metadata: Option<Metadata>,
    pub(super) model_version: String,
    pub(super) response_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Candidate {
    pub(super) content: Content,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) finish_reason: Option<String>,
    pub(super) index: u32,
}

#[derive(Debug, Serialize)]
pub(super) struct Content {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) parts: Vec<Part>,
    pub(super) role: &'static str,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Part {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) thought: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) function_call: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) thought_signature: Option<&'static str>,
}

impl Part {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..Self::default() }
    }

    pub(super) fn thought(text: &str) -> Self {
        Self { thought: Some(true), ..Self::text(text) }
    }

    pub(super) fn call() -> Self {
        let call = json!({"name": "get_weather", "args": {"city": "Paris"}});
        let thought_signature = Some("CiQBExampleSig==");
        Self { function_call: Some(call), thought_signature, ..Self::default() }
    }
}

/// The usage, well-formed or not.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Metadata {
    Counts(Counts),
    Odd(Box<RawValue>),
}

/// What is counted; classes of which there is nothing are left out.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Counts {
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) prompt_token_count: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) candidates_token_count: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) total_token_count: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) cached_content_token_count: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) thoughts_token_count: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) tool_use_prompt_token_count: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) prompt_tokens_details: Vec<Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) cache_tokens_details: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) traffic_type: Option<&'static str>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the serialiser hands it a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// A list of tokens by modality: all text.
pub(super) fn by_modality(tokens: u64) -> Vec<Value> {
    if tokens == 0 { Vec::new() } else { vec![json!({"modality": "TEXT", "tokenCount": tokens})] }
}
