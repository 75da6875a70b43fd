//! Limits that are never overrun.

use futures_util::future::join_all;
use relay::model::limit::{Budget, KeyLimits};
use serde_json::{Value, json};
use upstream::{Behaviour, Usage};

use super::{body, limits, said};
use crate::support::TestRelay;

fn strict(text: &str) -> KeyLimits {
    KeyLimits { budget: Some(Budget::Strict), ..limits(text) }
}

/// What a call reserves: a token a byte, a thousand more, and its output.
fn worst(max_tokens: u64) -> u64 {
    body(json!({ "max_tokens": max_tokens })).len() as u64 + 1_000 + max_tokens
}

#[tokio::test]
async fn two_hundred_calls_at_once_never_overrun() {
    let relay = TestRelay::start().await;
    relay.account("sk-b").await;
    let worst = worst(500);
    let most = worst * 7 + worst / 2;
    // Some answers go to the bounds of what was asked for, some break off, some fail at once.
    let script = Behaviour::ok().usage(Usage::new(worst - 500, 500)).times(3);
    let script = script.then(Behaviour::ok().usage(Usage::new(60, 500)).cut_after(4));
    relay.upstream.script("sk-a", script.then(Behaviour::ok().usage(Usage::new(worst - 500, 500))));
    relay.upstream.script("sk-b", Behaviour::status(500));
    relay.limit(strict(&format!("tokens {most}/total"))).await;

    let calls = join_all((0..200).map(|n| {
        let relay = &relay;
        async move {
            let answer = relay.ask_with(json!({ "max_tokens": 500, "stream": n % 2 == 0 })).await;
            let _ = answer.bytes().await;
        }
    }));
    calls.await;

    let (used, reserved) = relay.first();
    let billed = relay.upstream.books().totals.billed;
    assert_eq!(reserved, 0);
    assert!(used <= most, "{used} of {most}");
    assert!(billed.input + billed.output <= used, "{billed:?} {used}");
    assert!(used >= worst * 6, "{used}");
}

#[tokio::test]
async fn what_cannot_be_bounded_is_refused_with_the_reason() {
    let relay = TestRelay::start().await;
    relay.limit(strict("cost 100/day")).await;
    let with = |fields: Value| relay.ask_with(fields);
    let image = json!([{ "role": "user", "content": [
        { "type": "image", "source": { "type": "url", "url": "https://example.com/a.png" } } ] }]);

    for (fields, reason) in [
        (
            json!({ "tools": [{ "type": "web_search_20250305", "name": "web_search" }] }),
            "web_search_20250305",
        ),
        (json!({ "mcp_servers": [{ "type": "url", "url": "https://example.com" }] }), "MCP"),
        (json!({ "messages": image }), "a URL"),
        (json!({ "fallbacks": [{ "model": "claude-haiku-4-5" }] }), "fallbacks"),
        (json!({ "context_management": { "edits": [{ "type": "compact_20260112" }] } }), "compaction"),
        (json!({ "model": "claude-unheard-of-9" }), "claude-unheard-of-9 has no known price"),
    ] {
        let refused = said(with(fields).await).await;
        assert_eq!(
            (refused.status, refused.kind.as_str(), refused.may_retry),
            (403, "permission_error", false)
        );
        assert!(refused.text.contains(reason), "{}", refused.text);
    }
    assert_eq!(relay.upstream.books().totals.requests, 0);
    assert_eq!(relay.whole(64).await, 200);
}

#[tokio::test]
async fn a_call_without_final_usage_is_charged_what_it_reserved_also_after_a_restart() {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", Behaviour::ok().usage(Usage::new(12, 500)).cut_after(6));
    relay.limit(strict("tokens 100k/total")).await;

    let answer = relay.ask_with(json!({ "max_tokens": 500, "stream": true })).await;
    let _ = answer.bytes().await;

    let reserved = body(json!({ "max_tokens": 500, "stream": true })).len() as u64 + 1_500;
    assert_eq!(relay.first(), (reserved, 0));
    let record = relay.record().await;
    assert_eq!(record.usage.tokens.all() + record.surplus.tokens, reserved);
    assert!(record.usage.tokens.all() < 600, "the figures stay what they are: {record:?}");
    let relay = relay.restart().await;
    assert_eq!(relay.first(), (reserved, 0));
}

#[tokio::test]
async fn what_upstream_refused_is_charged_nothing() {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", Behaviour::status(400));
    relay.limit(strict("tokens 100k/total")).await;

    assert_eq!(relay.whole(64).await, 400);

    assert_eq!(relay.first(), (0, 0));
}

#[tokio::test]
async fn after_an_attempt_of_unknown_cost_there_is_another_only_if_there_is_room_for_both() {
    for (room, tried) in [(1, 1), (2, 2)] {
        let relay = TestRelay::start().await;
        relay.account("sk-b").await;
        relay.upstream.script("sk-a", Behaviour::ok().cut_before_head());
        relay.upstream.script("sk-b", Behaviour::ok().cut_before_head());
        relay.limit(strict(&format!("tokens {}/total", worst(64) * room + 10))).await;

        relay.whole(64).await;

        assert_eq!(relay.upstream.books().totals.requests, tried);
        assert_eq!(relay.first(), (worst(64) * tried, 0));
    }
}

#[tokio::test]
async fn the_install_may_be_strict_and_a_key_not() {
    let relay = TestRelay::with(&[("SWITCHYARD_LIMITS_BUDGET", "strict")]).await;
    let tool = json!({ "tools": [{ "type": "web_search_20250305", "name": "web_search" }] });
    relay.limit(limits("tokens 100k/day")).await;
    assert_eq!(relay.ask_with(tool.clone()).await.status(), 403);

    relay.limit(KeyLimits { budget: Some(Budget::Normal), ..limits("tokens 100k/day") }).await;

    assert_eq!(relay.ask_with(tool.clone()).await.status(), 200);
    // A limit on requests alone is kept as it is.
    relay.limit(limits("requests 10/1m")).await;
    assert_eq!(relay.ask_with(tool).await.status(), 200);
}

#[tokio::test]
async fn googles_calls_are_bounded_by_what_the_model_ends_at() {
    let relay = TestRelay::empty(&[]).await;
    relay.google_key("goog-a").await;
    relay.upstream.script("goog-a", Behaviour::ok().usage(Usage::new(30, 12)));
    relay.limit(strict("tokens 100k/total, cost 10/total")).await;
    let ask = async |body: Value| {
        let post = relay.post("/gemini/v1beta/models/gemini-2.5-pro:generateContent").body(body.to_string());
        post.send().await.unwrap()
    };
    let contents = json!([{ "role": "user", "parts": [{ "text": "hello" }] }]);

    let searches = said(ask(json!({ "contents": contents, "tools": [{ "googleSearch": {} }] })).await).await;
    let answer = ask(json!({ "contents": contents })).await;

    assert_eq!((searches.status, searches.kind.as_str()), (403, "PERMISSION_DENIED"));
    assert!(searches.text.contains("googleSearch"), "{}", searches.text);
    assert_eq!(answer.status(), 200);
    let header = answer.headers()["x-switchyard-limit-tokens-total"].to_str().unwrap().to_owned();
    answer.bytes().await.unwrap();
    let reserved = json!({ "contents": contents }).to_string().len() + 1_000 + 65_536;
    assert_eq!(header, format!("100000;used=0;reserved={reserved}"));
    assert_eq!(relay.first(), (42, 0));
}
