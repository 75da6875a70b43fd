//! What passes unchanged, both ways.

use relay::model::outcome::Outcome;
use sha2::{Digest, Sha256};
use upstream::{Behaviour, Usage};

use crate::support::{TestRelay, message};

#[tokio::test]
async fn a_message_is_relayed_and_metered() {
    let relay = TestRelay::start().await;
    relay
        .upstream
        .script("sk-a", Behaviour::ok().usage(Usage::new(12, 34).cache_written(500, 1500).cache_read(5000)));

    let answer = relay.message(false).await;

    assert_eq!(answer.status(), 200);
    assert!(answer.headers().contains_key("x-switchyard-request-id"));
    let body: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(body["usage"]["output_tokens"], 34);
    let record = relay.record().await;
    assert_eq!(record.outcome, Outcome::Ok);
    assert_eq!(record.cost.unwrap().0, 12_921_000);
    let usage = relay.usage().await;
    assert_eq!(usage["usage"]["total"]["requests"], 1);
    assert_eq!(usage["usage"]["total"]["cacheCreate1hTokens"], 1500);
}

#[tokio::test]
async fn a_stream_is_relayed_to_its_last_event_and_metered() {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", Behaviour::ok().events(40).usage(Usage::new(12, 340)));

    let answer = relay.message(true).await;

    assert_eq!(answer.headers()["content-type"], "text/event-stream; charset=utf-8");
    let body = answer.text().await.unwrap();
    assert!(body.ends_with("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"), "{body}");
    let record = relay.record().await;
    assert_eq!((record.outcome, record.usage.tokens.output), (Outcome::Ok, 340));
    assert!(!record.usage.output_estimated);
}

#[tokio::test]
async fn the_body_reaches_upstream_byte_for_byte() {
    let relay = TestRelay::start().await;
    let body = format!(
        " {}\n",
        message(false).to_string().replace("\"max_tokens\"", "\"x-unknown\" : 1e30 , \"max_tokens\"")
    );

    let answer = relay
        .post("/api/v1/messages?beta=true")
        .header("anthropic-beta", "one,two")
        .body(body.clone())
        .send()
        .await;

    assert_eq!(answer.unwrap().status(), 200);
    let books = relay.upstream.books();
    let exchange = books.last().unwrap();
    assert_eq!(exchange.body_sha256, Some(hex::encode(Sha256::digest(body.as_bytes()))));
    assert_eq!(exchange.header("anthropic-beta"), Some("one,two"));
    assert_eq!(exchange.header("x-api-key"), Some("sk-a"));
    assert!(!format!("{exchange:?}").contains(&relay.key));
}
