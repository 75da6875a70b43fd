//! The sandbox through its public surface: the dialect is right, the usage adds up, faults come when asked for.
#![cfg(feature = "ssr")]
#![allow(clippy::expect_used)]

use std::time::Duration;

use http::StatusCode;
use http_body_util::BodyExt;
use relay::provider::sandbox::{SandboxCut, SandboxPath, SandboxReply, SandboxRequest, answer};
use serde_json::{Value, json};
use tokio::time::Instant;

const NOW_MS: i64 = 1_790_000_000_000;

fn post(path: SandboxPath<'_>, body: &Value) -> SandboxReply {
    let body = body.to_string();
    answer(&SandboxRequest { path, body: body.as_bytes(), now_ms: NOW_MS })
}

fn asking(text: &str) -> Value {
    json!({"model": "claude-opus-9", "max_tokens": 1000, "messages": [{"role": "user", "content": text}]})
}

fn with(mut request: Value, name: &str, value: Value) -> Value {
    request[name] = value;
    request
}

fn streamed(request: Value) -> SandboxReply {
    post(SandboxPath::Messages, &with(request, "stream", json!(true)))
}

async fn bytes(reply: SandboxReply) -> Vec<u8> {
    reply.body.collect().await.expect("a whole body").to_bytes().to_vec()
}

async fn whole(request: &Value) -> Value {
    let reply = post(SandboxPath::Messages, request);
    assert_eq!(reply.status, StatusCode::OK);
    serde_json::from_slice(&bytes(reply).await).expect("JSON")
}

async fn refused(request: &Value) -> (u16, Value) {
    let reply = post(SandboxPath::Messages, request);
    let status = reply.status.as_u16();
    (status, serde_json::from_slice(&bytes(reply).await).expect("JSON"))
}

/// Every frame's JSON, after checking that it is framed as the provider frames it.
fn events(bytes: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    assert!(text.ends_with("\n\n"));
    let event = |frame: &str| {
        let (name, data) = frame.split_once('\n').expect("two lines");
        let value: Value = serde_json::from_str(data.strip_prefix("data: ").expect("data")).expect("JSON");
        assert_eq!(name.strip_prefix("event: "), value["type"].as_str());
        value
    };
    text.trim_end().split("\n\n").map(event).collect()
}

async fn events_of(request: Value) -> Vec<Value> {
    let reply = streamed(request);
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.headers["content-type"], "text/event-stream; charset=utf-8");
    events(&bytes(reply).await)
}

fn joined(events: &[Value], kind: &str, field: &str) -> String {
    let deltas = events.iter().filter(|event| event["delta"]["type"] == kind);
    deltas.filter_map(|event| event["delta"][field].as_str()).collect()
}

fn types(events: &[Value]) -> Vec<&str> {
    let mut types: Vec<_> = events.iter().filter_map(|event| event["type"].as_str()).collect();
    types.dedup();
    types
}

#[tokio::test(start_paused = true)]
async fn a_stream_runs_from_message_start_to_message_stop_and_echoes_the_user() {
    let events = events_of(asking("What is the time?")).await;

    assert_eq!(
        types(&events),
        [
            "message_start",
            "content_block_start",
            "ping",
            "content_block_delta",
            "content_block_stop",
            "message_delta",
            "message_stop"
        ]
    );
    assert_eq!(events[0]["message"]["model"], "claude-opus-9");
    let text = joined(&events, "text_delta", "text");
    assert!(text.contains("sandbox") && text.contains("What is the time?"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn streamed_and_whole_answers_say_and_use_the_same() {
    let request = with(asking("hello"), "stream", json!(false));
    let streaming = with(asking("hello"), "stream", json!(true));
    let message = whole(&request).await;
    let events = events_of(streaming).await;

    let delta = events.iter().find(|event| event["type"] == "message_delta").expect("an end");
    assert_eq!(message["content"][0]["text"], joined(&events, "text_delta", "text"));
    assert_eq!(message["stop_reason"], delta["delta"]["stop_reason"]);
    assert_eq!(message["usage"]["output_tokens"], delta["usage"]["output_tokens"]);
    assert_eq!(events[0]["message"]["usage"]["input_tokens"], delta["usage"]["input_tokens"]);
}

#[tokio::test(start_paused = true)]
async fn the_pace_is_that_of_a_model_and_the_same_each_time() {
    let mut lengths = Vec::new();
    for _ in 0..2 {
        let mut body = streamed(asking("hello")).body;
        let start = Instant::now();
        body.frame().await.expect("a frame").expect("bytes");
        let first = start.elapsed();
        assert!((250..=351).contains(&first.as_millis()), "{first:?}");
        let rest = body.collect().await.expect("the rest").to_bytes();
        lengths.push((start.elapsed(), rest));
    }

    assert_eq!(lengths[0], lengths[1]);
    assert!(lengths[0].0 > Duration::from_millis(600), "{:?}", lengths[0].0);
}

#[tokio::test(start_paused = true)]
async fn a_tool_that_is_offered_is_called_with_what_its_schema_requires() {
    let tools = json!([
        {"type": "web_search_20250305", "name": "web_search"},
        {"name": "weather", "input_schema": {"type": "object", "required": ["city", "days", "unit"], "properties": {
            "city": {"type": "string"}, "days": {"type": "integer", "minimum": 2},
            "unit": {"enum": ["celsius", "kelvin"]}, "note": {"type": "string"}}}},
    ]);
    let events = events_of(with(asking("Will it rain?"), "tools", tools)).await;

    let input: Value =
        serde_json::from_str(&joined(&events, "input_json_delta", "partial_json")).expect("JSON");
    let start = events.iter().find(|event| event["content_block"]["type"] == "tool_use").expect("a call");
    let end = events.iter().find(|event| event["type"] == "message_delta").expect("an end");
    assert_eq!(input, json!({"city": "sandbox", "days": 2, "unit": "celsius"}));
    assert_eq!(start["content_block"]["name"], "weather");
    assert_eq!(end["delta"]["stop_reason"], "tool_use");
}

#[tokio::test(start_paused = true)]
async fn a_tool_result_is_answered_with_text() {
    let messages = json!([
        {"role": "user", "content": "sandbox:429 was asked before the tool ran"},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "It rains."}]},
    ]);
    let tools = json!([{"name": "weather", "input_schema": {"type": "object"}}]);
    let message = whole(&with(with(asking(""), "messages", messages), "tools", tools)).await;

    assert_eq!(message["stop_reason"], "end_turn");
    assert!(message["content"][0]["text"].as_str().expect("text").contains("It rains."));
}

#[tokio::test(start_paused = true)]
async fn a_forced_tool_is_called_without_a_word() {
    let tools = json!([
        {"name": "first", "input_schema": {"type": "object"}}, {"name": "second", "input_schema": {"type": "object"}},
    ]);
    let request = with(asking("go"), "tools", tools);
    let message = whole(&with(request, "tool_choice", json!({"type": "tool", "name": "second"}))).await;

    assert_eq!(message["content"].as_array().expect("blocks").len(), 1);
    assert_eq!(message["content"][0]["name"], "second");
}

#[tokio::test(start_paused = true)]
async fn thinking_comes_first_with_its_signature() {
    let thinking = json!({"type": "enabled", "budget_tokens": 1024});
    let request = with(with(asking("hm"), "thinking", thinking), "max_tokens", json!(4000));
    let events = events_of(request).await;

    let end = events.iter().find(|event| event["type"] == "message_delta").expect("an end");
    assert_eq!(events[1]["content_block"]["type"], "thinking");
    assert!(!joined(&events, "thinking_delta", "thinking").is_empty());
    assert!(!joined(&events, "signature_delta", "signature").is_empty());
    assert!(end["usage"]["output_tokens_details"]["thinking_tokens"].as_u64() > Some(0));
}

#[tokio::test(start_paused = true)]
async fn an_answer_keeps_within_max_tokens() {
    let message = whole(&with(asking("hello"), "max_tokens", json!(1))).await;

    assert_eq!(message["usage"]["output_tokens"], 1);
    assert_eq!(message["stop_reason"], "max_tokens");
    assert_eq!(message["content"][0]["text"], "Hell");
}

#[tokio::test(start_paused = true)]
async fn a_stop_sequence_ends_the_text() {
    let message = whole(&with(asking("hello"), "stop_sequences", json!(["sandbox"]))).await;

    assert_eq!(message["stop_reason"], "stop_sequence");
    assert_eq!(message["stop_sequence"], "sandbox");
    assert_eq!(message["content"][0]["text"], "Hello from Switchyard's ");
}

#[tokio::test(start_paused = true)]
async fn cache_marks_split_the_prompt_into_disjoint_classes() {
    let system = json!([{"type": "text", "text": "x".repeat(4000), "cache_control": {"type": "ephemeral", "ttl": "1h"}}]);
    let request = with(asking("hello"), "system", system);
    let message = whole(&request).await;

    let usage = &message["usage"];
    let written = usage["cache_creation_input_tokens"].as_u64().expect("a number");
    let sum = usage["input_tokens"].as_u64().expect("a number") + written;
    assert_eq!(sum, (request.to_string().len() as u64).div_ceil(4));
    assert_eq!(usage["cache_creation"]["ephemeral_1h_input_tokens"], written);
    assert_eq!(usage["cache_read_input_tokens"], 0);
}

#[tokio::test(start_paused = true)]
async fn what_the_provider_refuses_is_refused_in_its_shape() {
    let no_model = json!({"max_tokens": 1, "messages": [{"role": "user", "content": "a"}]});
    let no_limit = json!({"model": "m", "messages": [{"role": "user", "content": "a"}]});
    let cases = [
        (json!([]), "Input should be an object"),
        (no_model, "model: Field required"),
        (no_limit, "max_tokens: Field required"),
        (with(asking("a"), "messages", json!([])), "messages: at least one message is required"),
        (
            with(asking("a"), "messages", json!([{"role": "me", "content": "a"}])),
            "messages.0.role: Input should be 'user' or 'assistant'",
        ),
        (with(asking("a"), "max_tokens", json!(0)), "max_tokens: Input should be greater than or equal to 1"),
        (
            with(asking("a"), "thinking", json!({"type": "enabled", "budget_tokens": 2000})),
            "`max_tokens` must be greater than `thinking.budget_tokens`.",
        ),
    ];
    for (request, message) in cases {
        let (status, error) = refused(&request).await;
        assert_eq!((status, error["error"]["message"].as_str()), (400, Some(message)));
        assert_eq!(
            (&error["type"], &error["error"]["type"]),
            (&json!("error"), &json!("invalid_request_error"))
        );
    }
}

#[tokio::test(start_paused = true)]
async fn every_refusal_can_be_asked_for() {
    let cases = [
        (400, "invalid_request_error"),
        (401, "authentication_error"),
        (402, "billing_error"),
        (403, "permission_error"),
        (404, "not_found_error"),
        (413, "request_too_large"),
        (429, "rate_limit_error"),
        (500, "api_error"),
        (503, "api_error"),
        (529, "overloaded_error"),
    ];
    for (status, kind) in cases {
        let (got, error) = refused(&asking(&format!("please (sandbox:{status}), now"))).await;
        assert_eq!((got, error["error"]["type"].as_str()), (status, Some(kind)));
        assert!(error["request_id"].as_str().is_some_and(|id| id.starts_with("req_")));
    }
    assert_eq!(post(SandboxPath::Messages, &asking("sandbox:429")).headers["retry-after"], "5");
}

#[tokio::test(start_paused = true)]
async fn an_error_event_ends_a_stream_that_had_begun() {
    let events = events_of(asking("sandbox:error-event")).await;

    assert_eq!(types(&events)[..4], ["message_start", "content_block_start", "ping", "content_block_delta"]);
    assert_eq!(events.last().expect("an event")["error"]["type"], "overloaded_error");
}

#[tokio::test(start_paused = true)]
async fn an_error_event_can_come_before_any_content() {
    let events = events_of(asking("sandbox:error-first")).await;

    assert_eq!(types(&events), ["message_start", "error"]);
}

#[tokio::test(start_paused = true)]
async fn a_cut_breaks_the_body_off() {
    for stream in [false, true] {
        let request = with(asking("sandbox:cut"), "stream", json!(stream));
        let end = post(SandboxPath::Messages, &request).body.collect().await;
        assert_eq!(end.expect_err("a cut"), SandboxCut);
    }
}

#[tokio::test(start_paused = true)]
async fn a_stall_never_ends() {
    let end = tokio::time::timeout(Duration::from_secs(3600), bytes(streamed(asking("sandbox:stall")))).await;

    assert!(end.is_err());
}

#[tokio::test(start_paused = true)]
async fn slow_and_long_change_only_the_pace_and_the_length() {
    let mut took = Vec::new();
    for words in ["plain text", "sandbox:slow", "sandbox:long"] {
        let start = Instant::now();
        let events = events_of(with(asking(words), "max_tokens", json!(100_000))).await;
        assert_eq!(types(&events).last(), Some(&"message_stop"));
        took.push(start.elapsed());
    }

    assert!(took[1] > took[0] * 5 && took[2] > took[0] * 10, "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_mistyped_magic_word_is_told_in_the_answer() {
    let message = whole(&asking("sandbox:592")).await;

    let text = message["content"][0]["text"].as_str().expect("text");
    assert!(text.contains("I do not know sandbox:592") && text.contains("529"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn tokens_are_counted_without_a_limit() {
    let request = json!({"model": "m", "messages": [{"role": "user", "content": "a"}]});
    let counted: Value =
        serde_json::from_slice(&bytes(post(SandboxPath::CountTokens, &request)).await).expect("JSON");
    let refused = post(SandboxPath::CountTokens, &asking("a"));

    assert_eq!(counted, json!({"input_tokens": (request.to_string().len() as u64).div_ceil(4)}));
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
}

#[tokio::test(start_paused = true)]
async fn the_list_of_models_is_paged_as_the_provider_pages_it() {
    let page = async |query| {
        let request = SandboxRequest { path: SandboxPath::Models(query), body: b"", now_ms: NOW_MS };
        serde_json::from_slice::<Value>(&bytes(answer(&request)).await).expect("JSON")
    };
    let all = page(None).await;
    let first = page(Some("limit=1")).await;
    let rest =
        page(Some(&format!("limit=1000&after_id={}", first["last_id"].as_str().expect("an id")))).await;

    assert_eq!(all["has_more"], false);
    assert_eq!(first["has_more"], true);
    assert_eq!(
        all["data"].as_array().expect("models").len(),
        1 + rest["data"].as_array().expect("models").len()
    );
    assert_eq!(all["data"][0]["id"], "claude-sandbox-1");
}
