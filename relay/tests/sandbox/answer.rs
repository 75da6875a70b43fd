//! What it answers when nothing special is asked for.

use std::time::Duration;

use http::StatusCode;
use http_body_util::BodyExt;
use relay::provider::sandbox::{SandboxPath, SandboxRequest, answer};
use relay::stream::observe::{End, Observer};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::ask::{NOW_MS, asking, bytes, events_of, joined, post, streamed, types, whole, with};

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

#[tokio::test(start_paused = true)]
async fn the_observer_reads_the_usage_that_the_answer_states() {
    let system = json!([{"type": "text", "text": "x".repeat(400), "cache_control": {"type": "ephemeral"}}]);
    let request = with(asking("hello"), "system", system);
    let events = events_of(request.clone()).await;
    let stated = events.iter().find(|event| event["type"] == "message_delta").expect("an end");
    let mut observer = Observer::stream();
    let mut body = streamed(request).body;
    while let Some(frame) = body.frame().await {
        observer.feed(&frame.expect("bytes").into_data().expect("data"));
    }

    let reading = observer.finish(End::Whole);

    let tokens = reading.usage.tokens;
    let number = |name: &str| stated["usage"][name].as_u64().expect("a number");
    assert!(reading.complete && reading.skipped_events == 0);
    assert_eq!(reading.model.as_deref(), Some("claude-opus-9"));
    assert_eq!(tokens.output, number("output_tokens"));
    assert_eq!(tokens.cache_write_5m, number("cache_creation_input_tokens"));
    assert_eq!(tokens.input, number("input_tokens"));
}
