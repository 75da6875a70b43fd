//! What is in the books of Google's calls.

use relay::model::outcome::Outcome;
use relay::model::usage::Tokens;
use relay::store::attempt::Endpoint;
use serde_json::json;
use upstream::{Behaviour, OddUsage, Usage};

use super::MODEL;
use crate::support::TestRelay;

async fn relay() -> TestRelay {
    let relay = TestRelay::empty(&[]).await;
    relay.google_key("goog-a").await;
    relay
}

#[tokio::test]
async fn an_answer_is_metered_by_the_model_that_gave_it() {
    let relay = relay().await;
    let usage = Usage::new(1000, 200).cache_read(500);
    relay.upstream.script("goog-a", Behaviour::ok().usage(usage).thoughts(50));

    assert_eq!(relay.gemini("generateContent").await.status(), 200);

    let record = relay.record().await;
    assert_eq!((record.endpoint, record.outcome), (Endpoint::Messages, Outcome::Ok));
    assert_eq!(
        record.usage.tokens,
        Tokens { input: 1000, output: 200, cache_read: 500, ..Tokens::default() }
    );
    assert_eq!(record.usage.thinking, 50);
    // 1000 at 1.25, 500 at 0.125, 200 at 10 dollars per million.
    assert_eq!(record.cost.unwrap().0, 1_250_000 + 62_500 + 2_000_000);
}

#[tokio::test]
async fn thinking_that_a_backend_counts_twice_is_charged_once() {
    let relay = relay().await;
    let behaviour = Behaviour::ok().usage(Usage::new(100, 200)).thoughts(50);
    relay.upstream.script("goog-a", behaviour.odd_usage(OddUsage::ThoughtsInside));

    assert_eq!(relay.gemini("streamGenerateContent?alt=sse").await.status(), 200);

    assert_eq!(relay.record().await.usage.tokens.output, 200);
}

#[tokio::test]
async fn counting_is_recorded_and_free() {
    let relay = relay().await;

    assert_eq!(relay.gemini("countTokens").await.status(), 200);

    let record = relay.record().await;
    assert_eq!((record.endpoint, record.asked.as_str()), (Endpoint::CountTokens, MODEL));
    assert_eq!((record.usage.tokens, record.cost), (Tokens::default(), None));
    assert_eq!(relay.usage().await["usage"]["total"]["requests"], 0);
}

#[tokio::test]
async fn embeddings_cost_their_prompt() {
    let relay = relay().await;
    let content = json!({"parts": [{"text": "some words to embed"}]});
    let one = json!({ "content": content }).to_string();
    let entry = json!({"model": "models/gemini-embedding-001", "content": content});
    let two = json!({"requests": [entry, entry]}).to_string();
    let path = "/gemini/v1beta/models/gemini-embedding-001";

    let first = relay.google(&format!("{path}:embedContent"), &one).await;
    let second = relay.google(&format!("{path}:batchEmbedContents"), &two).await;

    assert_eq!((first.status().as_u16(), second.status().as_u16()), (200, 200));
    for record in relay.records().await {
        assert_eq!((record.endpoint, record.outcome), (Endpoint::Embeddings, Outcome::Ok));
        assert!(record.usage.tokens.input > 0 && record.usage.tokens.output == 0);
        assert!(record.cost.unwrap().0 > 0);
    }
    assert_eq!(relay.usage().await["usage"]["total"]["requests"], 2);
}
