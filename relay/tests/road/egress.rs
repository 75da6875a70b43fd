//! What passes the relay in headers and codings, what never does, and a relay that is pointed at itself (hard cases 7
//! and 34).

use std::io::Read;

use relay::admin::{account, key};
use relay::model::account::AccountKind;
use relay::model::key::NewKey;
use relay::model::outcome::Outcome;
use relay::secret::Secret;
use rstest::rstest;
use serde_json::Value;
use upstream::{Behaviour, Usage};

use crate::raw::body;
use crate::support::{TestRelay, message, new_account};

fn usage() -> Behaviour {
    Behaviour::ok().usage(Usage::new(12, 340).cache_read(5_000))
}

#[tokio::test]
async fn only_listed_headers_go_up() {
    let relay = TestRelay::start().await;
    let passing = [
        ("accept", "application/json"),
        ("accept-language", "*"),
        ("user-agent", "claude-cli/2.1.330 (external, cli)"),
        ("anthropic-version", "2026-10-21"),
        ("anthropic-beta", "claude-code-20250219,interleaved-thinking-2025-05-14"),
        ("anthropic-dangerous-direct-browser-access", "true"),
        ("x-app", "cli"),
        ("x-stainless-lang", "js"),
        ("x-stainless-retry-count", "3"),
        ("x-claude-code-session-id", "5f0c0c1e-0000-4000-8000-000000000000"),
        ("sec-fetch-mode", "cors"),
    ];
    let staying = [
        ("cookie", "session=1"),
        ("proxy-authorization", "Basic eA=="),
        ("te", "trailers"),
        ("keep-alive", "timeout=5"),
        ("x-forwarded-for", "203.0.113.9"),
        ("x-forwarded-host", "evil.example"),
        ("x-real-ip", "203.0.113.9"),
        ("forwarded", "for=203.0.113.9"),
        ("via", "1.1 proxy"),
        ("cf-connecting-ip", "203.0.113.9"),
        ("cdn-loop", "x"),
        ("true-client-ip", "203.0.113.9"),
        ("origin", "https://evil.example"),
        ("referer", "https://evil.example/"),
        ("x-http-method-override", "DELETE"),
        ("x-original-url", "/v1/files"),
        ("host", "evil.example"),
        ("expect", "100-continue"),
        ("x-unknown", "y"),
    ];

    let mut request = relay.post("/api/v1/messages?beta=true").body(body(false));
    for (name, value) in passing.iter().chain(&staying) {
        request = request.header(*name, *value);
    }
    assert_eq!(request.send().await.unwrap().status(), 200);

    let books = relay.upstream.books();
    let exchange = books.last().unwrap();
    for (name, value) in passing {
        assert_eq!(exchange.header(name), Some(value), "{name}");
    }
    for (name, value) in staying {
        assert_ne!(exchange.header(name), Some(value), "{name}");
    }
    let more = ["content-type", "content-length", "x-api-key", "accept-encoding", "host", "via"];
    let known = |name: &str| more.contains(&name) || passing.iter().any(|(known, _)| *known == name);
    assert!(exchange.headers.iter().all(|(name, _)| known(name)), "{:?}", exchange.headers);
}

#[tokio::test]
async fn only_listed_headers_come_down() {
    let relay = TestRelay::start().await;
    let behaviour = usage()
        .header("retry-after", "7")
        .header("x-should-retry", "true")
        .header("connection", "x-app")
        .header("x-powered-by", "PHP")
        .header("x-switchyard-request-id", "forged")
        .header("access-control-allow-origin", "*");
    relay.upstream.script("sk-a", behaviour);

    let answer = relay.message(true).await;

    let headers = answer.headers();
    let books = relay.upstream.books();
    assert_eq!(headers["request-id"], books.last().unwrap().request_id.as_str());
    assert_eq!(headers["content-type"], "text/event-stream; charset=utf-8");
    assert_eq!(
        (&headers["retry-after"], &headers["x-should-retry"]),
        (&"7".parse().unwrap(), &"true".parse().unwrap())
    );
    assert_eq!(headers["anthropic-ratelimit-requests-remaining"], "3999");
    assert_eq!(headers["cache-control"], "no-cache");
    assert_eq!(headers["x-accel-buffering"], "no");
    assert_ne!(headers["x-switchyard-request-id"], "forged");
    for name in [
        "set-cookie",
        "anthropic-organization-id",
        "server",
        "cf-ray",
        "via",
        "alt-svc",
        "x-powered-by",
        "connection",
        "strict-transport-security",
        "access-control-allow-origin",
    ] {
        assert!(!headers.contains_key(name), "{name}");
    }
    assert_eq!(headers["x-switchyard-request-id"], relay.record().await.call.to_string().as_str());
}

#[tokio::test]
async fn rate_limit_headers_can_be_kept_from_clients() {
    let relay = TestRelay::with(&[("SWITCHYARD_RELAY_RATE_LIMIT_HEADERS", "false")]).await;

    let answer = relay.message(false).await;

    assert!(
        answer.headers().keys().all(|name| !name.as_str().starts_with("anthropic-")),
        "{:?}",
        answer.headers()
    );
    assert!(answer.headers().contains_key("request-id"));
}

#[rstest]
#[case("gzip, deflate, br, zstd", false, "gzip, deflate, br, zstd")]
#[case("gzip;q=0.5, compress, x-lzma, br", false, "gzip;q=0.5, br")]
#[case("compress, *", false, "identity")]
#[case("gzip, br", true, "identity")]
#[tokio::test]
async fn only_codings_that_can_be_metered_are_asked_for(
    #[case] accepted: &str,
    #[case] streamed: bool,
    #[case] asked: &str,
) {
    let relay = TestRelay::start().await;

    let request = relay.post("/api/v1/messages").header("accept-encoding", accepted);
    assert_eq!(request.body(body(streamed)).send().await.unwrap().status(), 200);

    assert_eq!(relay.upstream.books().last().unwrap().header("accept-encoding"), Some(asked));
}

#[rstest]
#[case(usage().gzip())]
#[case(usage().gzip().chunked())]
#[tokio::test]
async fn compressed_answers_pass_as_they_are_and_are_metered(#[case] behaviour: Behaviour) {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", behaviour);

    let request = relay.post("/api/v1/messages").header("accept-encoding", "gzip");
    let answer = request.body(body(false)).send().await.unwrap();

    assert_eq!(answer.headers()["content-encoding"], "gzip");
    let coded = answer.bytes().await.unwrap();
    assert_eq!(coded.len() as u64, relay.upstream.books().last().unwrap().bytes_sent);
    let mut text = String::new();
    flate2::read::GzDecoder::new(&coded[..]).read_to_string(&mut text).unwrap();
    assert!(text.contains("\"output_tokens\":340"));
    let record = relay.record().await;
    assert_eq!((record.outcome, record.usage.tokens.output), (Outcome::Ok, 340));
    assert_eq!((record.usage.tokens.cache_read, record.usage.output_estimated), (5_000, false));
}

/// An answer that unpacks to so many bytes of blanks.
fn bomb(bytes: usize) -> Vec<u8> {
    let mut coded =
        flate2::read::GzEncoder::new(std::io::repeat(b' ').take(bytes as u64), flate2::Compression::best());
    let mut packed = Vec::new();
    coded.read_to_end(&mut packed).unwrap();
    packed
}

#[rstest]
#[case::a_bomb("gzip", bomb(32 << 20))]
#[case::nested("gzip, gzip", bomb(1_000))]
#[case::not_what_it_says("br", vec![0xff; 1_000])]
#[case::unknown("x-unknown", vec![b'x'; 1_000])]
#[tokio::test]
async fn a_coding_that_cannot_be_read_passes_and_is_metered_as_an_estimate(
    #[case] coding: &str,
    #[case] packed: Vec<u8>,
    #[values("application/json", "text/event-stream")] form: &str,
) {
    let relay = TestRelay::start().await;
    let behaviour = Behaviour::replay(packed.clone()).content_type(form).header("content-encoding", coding);
    relay.upstream.script("sk-a", behaviour.chunked());

    let answer = relay.message(form == "text/event-stream").await;

    assert_eq!(answer.headers()["content-encoding"], coding);
    assert_eq!(answer.bytes().await.unwrap(), packed);
    let record = relay.record().await;
    assert_eq!((record.outcome, record.accepted), (Outcome::Ok, true));
    assert!(record.usage.tokens.input > 0 && record.usage.output_estimated, "{:?}", record.usage);
}

/// A relay whose only account is itself.
async fn ouroboros() -> TestRelay {
    let relay = TestRelay::empty(&[]).await;
    let new = NewKey::new("the account's");
    let own = key::create(&relay.shared, &relay.admin, new).await.unwrap();
    let kind = AccountKind::ClaudeApiKey;
    let new = new_account("itself", kind, &relay.url("/api"), 1);
    account::create(&relay.shared, &relay.admin, new, Some(Secret::new(own.key))).await.unwrap();
    relay
}

#[rstest]
#[case("/api/v1/messages")]
#[case("/claude/v1/messages/count_tokens")]
#[tokio::test]
async fn a_relay_pointed_at_itself_says_so(#[case] path: &str) {
    let relay = ouroboros().await;

    let answer = relay.post(path).body(body(true)).send().await.unwrap();

    assert_eq!(answer.status(), 508);
    assert_eq!(answer.headers()["x-should-retry"], "false");
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["error"]["type"], "invalid_request_error");
    assert!(body["error"]["message"].as_str().unwrap().contains("points back at it"), "{body}");
    let records = relay.records().await;
    let seen: Vec<_> = records.iter().map(|record| (record.n, record.status, record.outcome)).collect();
    assert_eq!(seen, [(1, 508, Outcome::UpstreamError), (0, 508, Outcome::Rejected)]);
    assert_eq!(relay.shared.live.streams_open(), 0);
}

#[tokio::test]
async fn a_relay_pointed_at_itself_lists_no_models() {
    let relay = ouroboros().await;

    let answer =
        relay.client.get(relay.url("/api/v1/models")).header("x-api-key", &relay.key).send().await.unwrap();

    assert_eq!(answer.status(), 508);
    assert_eq!(answer.headers()["x-should-retry"], "false");
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["error"]["type"], "invalid_request_error");
    assert!(body["error"]["message"].as_str().unwrap().contains("points back at it"), "{body}");
    assert_eq!(relay.records().await, []);
}

#[tokio::test]
async fn another_relay_in_between_is_no_loop() {
    let relay = TestRelay::start().await;

    let request = relay.post("/api/v1/messages").header("via", "1.1 switchyard-000000000000, 2.0 proxy");
    assert_eq!(request.body(message(false).to_string()).send().await.unwrap().status(), 200);

    assert_eq!(relay.record().await.outcome, Outcome::Ok);
}
