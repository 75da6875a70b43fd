//! What reaches Google is what the client sent, and nothing of the client's credential.

use rstest::rstest;
use sha2::{Digest, Sha256};
use upstream::Endpoint;

use super::{BODY, MODEL};
use crate::identity::Log;
use crate::support::TestRelay;

fn hash(body: &str) -> Option<String> {
    Some(hex::encode(Sha256::digest(body)))
}

#[rstest]
#[case::generate("generateContent", "generateContent", Endpoint::Generate)]
#[case::events("streamGenerateContent?alt=sse", "streamGenerateContent?alt=sse", Endpoint::Generate)]
#[case::array("streamGenerateContent", "streamGenerateContent", Endpoint::Generate)]
#[case::count("countTokens?a=1&key=KEY&b=2", "countTokens?a=1&b=2", Endpoint::GeminiCount)]
#[case::encoded("%67enerateContent?%6bey=KEY", "generateContent", Endpoint::Generate)]
#[tokio::test]
async fn an_api_key_forwards_byte_for_byte(
    #[case] asked: &str,
    #[case] sent: &str,
    #[case] endpoint: Endpoint,
) {
    let relay = TestRelay::empty(&[]).await;
    relay.google_key("goog-a").await;

    let answer = relay.gemini(&asked.replace("KEY", &relay.key)).await;

    assert_eq!(answer.status(), 200);
    let books = relay.upstream.books();
    let exchange = books.at(endpoint).next().expect("a call");
    assert_eq!(exchange.target, format!("/v1beta/models/{MODEL}:{sent}"));
    assert_eq!(exchange.body_sha256, hash(BODY));
    assert_eq!(exchange.header("x-goog-api-key"), Some("goog-a"));
    assert!(!format!("{:?}{}", exchange.headers, exchange.target).contains(&relay.key));
}

#[tokio::test]
async fn the_client_is_who_it_says_and_its_installation_is_nobodys_business() {
    let relay = TestRelay::empty(&[]).await;
    relay.google_key("goog-a").await;
    let agent = "GeminiCLI-tui/0.61.0/gemini-2.5-pro (linux; x64; terminal)";
    let url = relay.url(&format!("/gemini/v1/models/{MODEL}:generateContent"));

    let request = relay.client.post(url).bearer_auth(&relay.key).header("user-agent", agent);
    let request = request.header("x-gemini-api-privileged-user-id", "installation-1");
    let request =
        request.header("x-goog-api-client", "google-genai-sdk/3.1 gl-node/24").header("cookie", "a=b");
    let answer = request.header("content-type", "application/json").body(BODY).send().await.unwrap();

    assert_eq!(answer.status(), 200);
    let books = relay.upstream.books();
    let exchange = books.messages().next().unwrap();
    assert_eq!(exchange.header("user-agent"), Some(agent));
    assert_eq!(exchange.header("x-goog-api-client"), Some("google-genai-sdk/3.1 gl-node/24"));
    assert_eq!(exchange.header("content-type"), Some("application/json"));
    for gone in ["x-gemini-api-privileged-user-id", "cookie", "authorization", "x-api-key"] {
        assert_eq!(exchange.header(gone), None, "{gone}");
    }
}

#[tokio::test]
async fn the_key_may_stand_in_the_query_of_googles_dialects_only() {
    let relay = TestRelay::empty(&[]).await;
    relay.google_key("goog-a").await;
    relay.account("sk-a").await;
    let post = |path: String| relay.client.post(relay.url(&path)).body(BODY).send();
    let key = &relay.key;

    let google = post(format!("/gemini/v1beta/models/{MODEL}:generateContent?key={key}")).await.unwrap();
    let claude = post(format!("/api/v1/messages?key={key}")).await.unwrap();

    assert_eq!((google.status().as_u16(), claude.status().as_u16()), (200, 401));
}

#[tokio::test]
async fn a_key_in_the_query_shows_in_no_log() {
    let (log, _guard) = Log::start();
    let relay = TestRelay::empty(&[]).await;
    relay.google_key("goog-secret").await;
    let key = relay.key.clone();

    for path in [
        format!("/gemini/v1beta/models/{MODEL}:generateContent?key={key}"),
        format!("/gemini/none?key={key}"),
    ] {
        relay.client.post(relay.url(&path)).body(BODY).send().await.unwrap();
    }
    relay.records().await;

    let log = log.text();
    assert!(!log.is_empty() && !log.contains("goog-secret"));
    // The test's own client logs what it sends; the relay and its server never do.
    let lines = log.lines().filter(|line| line.contains(&key[3..]) && line.contains("relay::"));
    assert_eq!(lines.collect::<Vec<_>>(), Vec::<&str>::new());
}

#[tokio::test]
async fn what_comes_back_is_what_upstream_sent() {
    let relay = TestRelay::empty(&[]).await;
    relay.google_key("goog-a").await;
    let body = include_str!("../../fixtures/gemini-nonstream.json");
    relay.upstream.script("goog-a", upstream::Behaviour::replay_json(body));

    let answer = relay.gemini("generateContent").await;

    assert!(answer.headers().get("set-cookie").is_none());
    assert!(answer.headers().contains_key("x-switchyard-request-id"));
    assert_eq!(answer.text().await.unwrap(), body);
}

#[tokio::test]
async fn claudes_accounts_serve_no_client_of_googles() {
    let relay = TestRelay::start().await;

    let answer = relay.gemini("generateContent").await;

    assert_eq!(answer.status(), 503);
    assert_eq!(relay.upstream.books().totals.requests, 0);
}
