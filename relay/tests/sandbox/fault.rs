//! Refusals and faults.

use std::time::Duration;

use http_body_util::BodyExt;
use relay::provider::sandbox::{SandboxCut, SandboxPath};
use serde_json::json;
use tokio::time::Instant;

use crate::ask::{asking, bytes, events_of, post, refused, streamed, types, whole, with};

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
