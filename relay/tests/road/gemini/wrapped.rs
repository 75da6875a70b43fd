//! A client of the Gemini API served by somebody who signed in: Code Assist's wrapper goes on and comes off by splicing.

use relay::model::outcome::Outcome;
use relay::model::usage::Tokens;
use rstest::rstest;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use upstream::{Behaviour, Endpoint, GoogleAccount, Split, Usage};

use super::{BODY, MODEL, events, said};
use crate::support::TestRelay;

const SSE: &str = "streamGenerateContent?alt=sse&prettyPrint=false";
const ARRAY: &str = "streamGenerateContent";

async fn relay() -> TestRelay {
    let relay = TestRelay::empty(&[]).await;
    let project = Some("silken-oven-1".to_owned());
    relay.google_person(GoogleAccount { project, ..GoogleAccount::new("alice") }).await;
    relay
}

#[rstest]
#[case("generateContent", "generateContent")]
#[case(SSE, "streamGenerateContent?alt=sse")]
#[case(ARRAY, "streamGenerateContent?alt=sse")]
#[tokio::test]
async fn the_clients_bytes_stand_in_the_wrapper_as_they_came(#[case] verb: &str, #[case] sent: &str) {
    let relay = relay().await;

    let answer = relay.gemini(verb).await;

    assert_eq!(answer.status(), 200);
    let wrapped = format!(r#"{{"model":"{MODEL}","project":"silken-oven-1","request":{BODY}}}"#);
    let books = relay.upstream.books();
    let exchange = books.at(Endpoint::AssistGenerate).next().expect("a call");
    assert_eq!(exchange.target, format!("/v1internal:{sent}"));
    assert_eq!(exchange.body_sha256, Some(hex::encode(Sha256::digest(wrapped))));
    assert_eq!(exchange.account.as_deref(), Some("alice"));
    assert!(!format!("{:?}", exchange.headers).contains(&relay.key));
}

#[tokio::test]
async fn an_account_without_a_project_names_none() {
    let relay = TestRelay::empty(&[]).await;
    relay.google_person(GoogleAccount { project: None, ..GoogleAccount::new("alice") }).await;

    assert_eq!(relay.gemini("generateContent").await.status(), 200);

    assert_eq!(relay.upstream.books().messages().next().unwrap().project, None);
}

/// A wrapped stream: an answer in the provider's own spelling.
const WRAPPED: &str = "data: {\"response\":{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"1.50e+2 \\u00e9\"}]}}]},\"traceId\":\"t1\"}\n\ndata: {\"traceId\":\"t1\",\ndata: \"response\":{ \"candidates\":[{\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":7,\ndata:  \"candidatesTokenCount\":9},\"modelVersion\":\"gemini-2.5-pro\"},\"remainingCredits\":[]}\n\n";
const FIRST: &str = r#"{"candidates":[{"content":{"parts":[{"text":"1.50e+2 \u00e9"}]}}],"responseId":"t1"}"#;
const SECOND: &str = r#"{ "candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":7, "candidatesTokenCount":9},"modelVersion":"gemini-2.5-pro","responseId":"t1"}"#;

#[rstest]
#[case(SSE, format!("data: {FIRST}\r\n\r\ndata: {SECOND}\r\n\r\n"), "text/event-stream")]
#[case(ARRAY, format!("[{FIRST}\r\n,\r\n{}]", SECOND.replace(", ", ",\n ")), "application/json")]
#[tokio::test]
async fn the_reply_comes_out_of_its_wrapper_as_it_is(
    #[case] verb: &str,
    #[case] expected: String,
    #[case] kind: &str,
    #[values(1, 50, 1 << 20)] size: usize,
) {
    let relay = relay().await;
    let behaviour = Behaviour::replay(WRAPPED).content_type("text/event-stream").split(Split::Every(size));
    relay.upstream.script("alice", behaviour);

    let answer = relay.gemini(verb).await;

    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with(kind));
    assert_eq!(answer.text().await.unwrap(), expected);
    let record = relay.record().await;
    assert_eq!(record.usage.tokens, Tokens { input: 7, output: 9, ..Tokens::default() });
    assert_eq!(record.outcome, Outcome::Ok);
}

#[rstest]
#[case(Behaviour::ok())]
#[case(Behaviour::ok().gzip_uninvited())]
#[case(Behaviour::ok().split_data())]
#[case(Behaviour::ok().chunked())]
#[tokio::test]
async fn every_form_says_and_costs_the_same(#[case] behaviour: Behaviour) {
    let relay = relay().await;
    let text = "Hello, 世界 🌍!";
    let usage = Usage::new(120, 34).cache_read(20);
    relay.upstream.script("alice", behaviour.text(text).events(4).usage(usage).thoughts(4));

    let of_events = events(&relay.gemini(SSE).await.text().await.unwrap());
    let of_array: Vec<Value> = relay.gemini(ARRAY).await.json().await.unwrap();
    let whole: Value = relay.gemini("generateContent").await.json().await.unwrap();

    assert_eq!([said(&of_events), said(&of_array), said(std::slice::from_ref(&whole))], [text; 3]);
    assert!(of_events.iter().chain(&of_array).chain([&whole]).all(|chunk| chunk["responseId"].is_string()));
    for record in relay.records().await {
        let expected = Tokens { input: 120, cache_read: 20, output: 34, ..Tokens::default() };
        assert_eq!((record.outcome, record.usage.tokens), (Outcome::Ok, expected));
    }
}

#[tokio::test]
async fn counting_has_a_wrapper_of_its_own() {
    let relay = relay().await;

    let answer = relay.gemini("countTokens").await;

    assert_eq!(answer.status(), 200);
    assert!(answer.json::<Value>().await.unwrap()["totalTokens"].is_u64());
    let rest = BODY.trim_start().strip_prefix('{').unwrap();
    let wrapped = format!(r#"{{"request":{{"model":"models/{MODEL}",{rest}}}"#);
    let books = relay.upstream.books();
    let exchange = books.at(Endpoint::AssistCount).next().expect("a call");
    assert_eq!(exchange.body_sha256, Some(hex::encode(Sha256::digest(wrapped))));
    assert_eq!(relay.record().await.cost, None);
}

#[tokio::test]
async fn a_cut_behind_the_wrapper_is_told_in_the_clients_form() {
    let relay = relay().await;
    relay.upstream.script("alice", Behaviour::ok().events(20).cut_after(5));

    let text = relay.gemini(SSE).await.text().await.expect("a clean end");
    let array = relay.gemini(ARRAY).await;

    assert_eq!(events(&text).last().unwrap()["error"]["code"], 502);
    array.bytes().await.expect_err("no good end");
}

#[tokio::test]
async fn a_refusal_passes_as_it_is() {
    let relay = relay().await;
    relay.upstream.script("alice", Behaviour::status(400).message("Invalid JSON payload received."));

    let answer = relay.gemini("generateContent").await;

    assert_eq!(answer.status(), 400);
    let error: Value = answer.json().await.unwrap();
    assert_eq!(error["error"]["message"], json!("Invalid JSON payload received."));
}

#[tokio::test]
async fn embeddings_are_for_api_keys_alone() {
    let relay = relay().await;
    let body = r#"{"content":{"parts":[{"text":"hi"}]}}"#;
    let path = "/gemini/v1beta/models/gemini-embedding-001:embedContent";

    let without = relay.google(path, body).await;
    relay.google_key("goog-a").await;
    let with = relay.google(path, body).await;

    assert_eq!((without.status().as_u16(), with.status().as_u16()), (503, 200));
    assert_eq!(relay.upstream.books().of("goog-a").count(), 1);
}

#[tokio::test]
async fn an_ended_token_is_renewed_and_the_client_sees_nothing() {
    let relay = relay().await;
    relay.upstream.expire("alice");

    let answer = relay.gemini("generateContent").await;

    assert_eq!(answer.status(), 200);
    assert_eq!(relay.upstream.books().account("alice").refreshes, 1);
}
