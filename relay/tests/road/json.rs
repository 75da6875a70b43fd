//! Bodies: what the relay reads of them, and that it changes nothing (hard cases 12 to 20).

use relay::model::outcome::Outcome;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::support::{TestRelay, message};

/// A message whose object has `more` members behind the usual ones.
fn with(more: &str) -> String {
    let message = message(false).to_string();
    format!("{},{more}}}", message.strip_suffix('}').unwrap())
}

async fn send(relay: &TestRelay, body: impl Into<reqwest::Body>) -> reqwest::Response {
    relay.post("/api/v1/messages").body(body).send().await.unwrap()
}

/// The body reached upstream byte for byte, was answered and is in the books.
async fn assert_passes(relay: &TestRelay, body: &str) {
    let what: String = body.chars().take(200).collect();
    let answer = send(relay, body.to_owned()).await;
    assert_eq!(answer.status(), 200, "{what}");
    let books = relay.upstream.books();
    let sent = hex::encode(Sha256::digest(body));
    assert_eq!(books.last().unwrap().body_sha256.as_deref(), Some(sent.as_str()), "{what}");
    assert_eq!(relay.records().await.last().unwrap().outcome, Outcome::Ok, "{what}");
}

/// The client is told what is wrong, nothing goes upstream, and the refusal is in the books.
async fn assert_refused(relay: &TestRelay, body: impl Into<reqwest::Body>, message: &str) {
    let before = relay.records().await.len();
    let answer = send(relay, body).await;
    assert_eq!(answer.status(), 400, "{message}");
    assert_eq!(answer.headers()["x-should-retry"], "false", "{message}");
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["error"]["type"], "invalid_request_error");
    assert!(body["error"]["message"].as_str().unwrap().contains(message), "{body}");
    assert_eq!(relay.upstream.books().totals.requests, 0, "{message}");
    let records = relay.records().await;
    assert_eq!(records.len(), before + 1);
    let record = records.last().unwrap();
    assert_eq!((record.outcome, record.status, record.account.is_none()), (Outcome::Rejected, 400, true));
}

#[tokio::test]
async fn depth_is_no_matter_of_the_relay_s() {
    let relay = TestRelay::start().await;
    let (arrays, objects) = (10_000, 10_000);

    let nested = format!("\"x\":{}1{}", "[".repeat(arrays), "]".repeat(arrays));
    assert_passes(&relay, &with(&nested)).await;
    let nested = format!("\"x\":{}1{}", "{\"y\":".repeat(objects), "}".repeat(objects));
    assert_passes(&relay, &with(&nested)).await;
}

#[tokio::test]
async fn a_repeated_model_or_stream_is_refused() {
    let relay = TestRelay::start().await;

    assert_refused(&relay, with(r#""model":"claude-opus-4-5""#), "model: given more than once").await;
    assert_refused(&relay, with(r#""mod\u0065l":"claude-opus-4-5""#), "model: given more than once").await;
    assert_refused(&relay, with(r#""stream":true"#), "stream: given more than once").await;
}

#[tokio::test]
async fn other_repeated_members_are_for_the_provider_to_judge() {
    let relay = TestRelay::start().await;

    assert_passes(&relay, &with(r#""max_tokens":1,"system":"a","system":"b","messages":[]"#)).await;
}

#[tokio::test]
async fn numbers_pass_as_they_are_written() {
    let relay = TestRelay::start().await;

    assert_passes(
        &relay,
        &with(
            r#""a":1e400,"b":-0,"c":-0.0,"d":9007199254740993,"e":9223372036854775808,"f":1E+2,"g":0.10,
               "h":123456789012345678901234567890,"temperature":1e-400,"top_k":-1"#,
        ),
    )
    .await;
}

#[tokio::test]
async fn what_is_no_json_object_is_refused() {
    let relay = TestRelay::start().await;

    for (body, message) in [
        ("", "no body"),
        (" \n", "no body"),
        ("[]", "must be a JSON object"),
        ("\"model\"", "must be a JSON object"),
        ("null", "must be a JSON object"),
        ("{", "not valid JSON"),
        (&with("\"x\":NaN"), "not valid JSON"),
        (&with("\"x\":Infinity"), "not valid JSON"),
        (&with("\"x\":01"), "not valid JSON"),
        (&with("\"x\":'y'"), "not valid JSON"),
        (&with("\"x\":1,"), "not valid JSON"),
        (&format!("{}{}", message_text(), "{}"), "not valid JSON"),
        (&format!("{}\0", message_text()), "not valid JSON"),
        (&format!("\u{feff}{}", message_text()), "byte-order mark"),
        ("model=claude&stream=true", "not valid JSON"),
    ] {
        assert_refused(&relay, body.to_owned(), message).await;
    }
    let mut bytes = message_text().into_bytes();
    bytes[30] = 0xff;
    assert_refused(&relay, bytes, "not valid UTF-8 (first fault at byte 30)").await;
}

fn message_text() -> String {
    message(false).to_string()
}

#[tokio::test]
async fn lone_surrogates_pass() {
    let relay = TestRelay::start().await;

    assert_passes(&relay, &with(r#""x":"\ud800","\udfff":"\udc00\ud83d","y":"\u0000\u001b[31m""#)).await;
}

#[tokio::test]
async fn unknown_fields_and_blocks_pass() {
    let relay = TestRelay::start().await;

    assert_passes(
        &relay,
        r#"{"future" : {"a":[ 1 , null ]},"model":"claude-sonnet-4-5","messages":[{"role":"system","content":"x"},
            {"role":"user","content":[{"type":"hologram","data":{"z":1}},{"type":"thinking","thinking":"…","signature":"Eq=="}]}],
            "max_tokens":  7,"cache_control":{"type":"ephemeral","ttl":"2h"},"mcp_servers":[],"fallbacks":["m"]}
        "#,
    )
    .await;
}

#[tokio::test]
async fn any_max_tokens_passes() {
    let relay = TestRelay::start().await;

    for value in ["-1", "0", "1e400", "99999999999999999999", "\"64\"", "null", "1.5", "{}"] {
        let body = message_text().replace("\"max_tokens\":64", &format!("\"max_tokens\":{value}"));
        assert!(body.contains(value));
        assert_passes(&relay, &body).await;
    }
}

#[tokio::test]
async fn a_model_is_a_name_and_leads_nowhere() {
    let relay = TestRelay::start().await;
    let names = [
        "../../v1/models",
        "/etc/passwd",
        "http://evil.example/",
        "claude-*",
        "%2e%2e%2f",
        "CLAUDE-SONNET-4-5",
        " claude-sonnet-4-5",
        "claude-sonnet-4-5[1m]",
        "сlaude-sonnet-4-5",
        "claude\u{200b}",
        "\u{202e}4-5",
        "?",
        "*",
    ];

    for name in names {
        let body = message_text().replace("claude-sonnet-4-5", name);
        assert_passes(&relay, &body).await;
        assert_eq!(relay.upstream.books().last().unwrap().target, "/v1/messages");
        assert_eq!(relay.records().await.last().unwrap().asked, name);
    }

    let unpriced = ["../../v1/models", "/etc/passwd", "claude-*", "сlaude-sonnet-4-5", "?", "*"];
    for record in relay.records().await.iter().filter(|record| unpriced.contains(&record.asked.as_str())) {
        assert_eq!(record.cost, None, "{}", record.asked);
    }
}

#[tokio::test]
async fn a_model_that_is_no_name_is_refused() {
    let relay = TestRelay::start().await;

    for (model, message) in [
        ("\"\"", "model: must not be empty"),
        ("5", "model: Input should be a valid string"),
        ("null", "model: Input should be a valid string"),
        ("[\"claude-sonnet-4-5\"]", "model: Input should be a valid string"),
        ("\"\\ud800\"", "model: Input should be a valid string"),
        (&format!("\"{}\"", "m".repeat(257)), "model: at most 256 bytes"),
    ] {
        let body = message_text().replace("\"claude-sonnet-4-5\"", model);
        assert_refused(&relay, body, message).await;
    }
    assert_refused(&relay, r#"{"messages":[]}"#, "model: Field required").await;
}

#[tokio::test]
async fn a_model_is_asked_for_under_the_client_s_name_whatever_answers() {
    let relay = TestRelay::start().await;
    let reply = r#"{"id":"msg_1","type":"message","model":"claude-haiku-4-5","content":[],"usage":{"input_tokens":1000000,"output_tokens":0}}"#;
    relay.upstream.script("sk-a", upstream::Behaviour::replay_json(reply));

    let answer = send(&relay, message_text().replace("sonnet-4-5", "opus-4-5")).await;

    assert_eq!(answer.text().await.unwrap(), reply);
    assert_eq!(relay.upstream.books().last().unwrap().model.as_deref(), Some("claude-opus-4-5"));
    let record = relay.record().await;
    assert_eq!(
        (record.asked.as_str(), record.model.as_deref()),
        ("claude-opus-4-5", Some("claude-haiku-4-5"))
    );
    assert_eq!(record.cost.unwrap().0, 1_000_000_000);
}

/// A message with an image of about so many bytes.
fn image(bytes: usize) -> String {
    message_text()
        .replace("\"hello\"", &format!("[{{\"type\":\"image\",\"data\":\"{}\"}}]", "A".repeat(bytes)))
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_and_the_client_gets_to_read_why() {
    let relay = TestRelay::start().await;
    let image = bytes::Bytes::from(image(100 << 20));
    let pieces = (0..100).map(|n| Ok::<_, std::io::Error>(image.slice(n << 20..(n + 1) << 20)));
    let chunked = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces.collect::<Vec<_>>()));

    for body in [reqwest::Body::from(image.clone()), chunked] {
        let answer = send(&relay, body).await;
        assert_eq!(answer.status(), 413);
        assert_eq!(answer.headers()["x-should-retry"], "false");
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"]["type"], "request_too_large");
        assert!(body["error"]["message"].as_str().unwrap().contains("33554432 bytes"), "{body}");
    }

    assert_eq!(relay.upstream.books().totals.requests, 0);
    let records = relay.records().await;
    assert_eq!(records.len(), 2);
    assert!(records.iter().all(|record| (record.outcome, record.status) == (Outcome::Rejected, 413)));
}

#[tokio::test]
async fn an_image_within_the_limit_passes() {
    let relay = TestRelay::start().await;

    assert_passes(&relay, &image(31 << 20)).await;
}

#[tokio::test]
async fn bodies_share_one_memory_and_what_has_no_room_is_told_when_to_come_again() {
    let relay = TestRelay::with(&[("SWITCHYARD_LIMITS_BODY_MEMORY", "1MiB")]).await;

    let answer = send(&relay, image(2 << 20)).await;

    assert_eq!(answer.status(), 503);
    assert_eq!(answer.headers()["retry-after"], "1");
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["error"]["type"], "overloaded_error");
    assert_eq!(relay.upstream.books().totals.requests, 0);
    assert_eq!((relay.record().await.status, relay.message(false).await.status().as_u16()), (503, 200));
}

#[tokio::test]
async fn a_coded_body_is_refused_unread() {
    let relay = TestRelay::start().await;
    let bomb = vec![0; 64 << 10];

    for coding in ["gzip", "br", "zstd", "deflate, gzip", "x-unknown"] {
        let request = relay.post("/api/v1/messages").header("content-encoding", coding);
        let answer = request.body(bomb.clone()).send().await.unwrap();
        assert_eq!(answer.status(), 415, "{coding}");
        assert_eq!(answer.headers()["x-should-retry"], "false", "{coding}");
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"]["type"], "invalid_request_error", "{coding}");
    }
    let request = relay.post("/api/v1/messages").header("content-encoding", "identity");
    assert_eq!(request.body(message_text()).send().await.unwrap().status(), 200);

    assert_eq!(relay.upstream.books().totals.requests, 1);
    let refused = relay.records().await;
    assert!(refused[..5].iter().all(|record| (record.outcome, record.status) == (Outcome::Rejected, 415)));
}
