//! Who may come in: keys where clients put them, and whatever else people put there (hard cases 1, 2, 11, 49).

use relay::admin::key;
use relay::model::key::NewKey;
use serde_json::Value;

use crate::raw::{body, send};
use crate::support::{TestRelay, message};

const REFUSED: &str = "invalid API key: send a Switchyard key (cr_…) in x-api-key or as a bearer token";

async fn with_header(relay: &TestRelay, path: &str, name: &str, value: &str) -> reqwest::Response {
    let request = relay.client.post(relay.url(path)).header(name, value);
    request.body(message(false).to_string()).send().await.unwrap()
}

/// The polite refusal, the same whatever was wrong, and nothing that went upstream or into the books.
async fn assert_refused(answer: reqwest::Response, what: &str) {
    assert_eq!(answer.status(), 401, "{what}");
    assert_eq!(answer.headers()["x-should-retry"], "false", "{what}");
    let id = answer.headers()["x-switchyard-request-id"].to_str().unwrap().to_owned();
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["type"], "error", "{what}");
    assert_eq!(body["error"]["type"], "authentication_error", "{what}");
    assert_eq!(body["error"]["message"], REFUSED, "{what}");
    assert_eq!(body["request_id"], id, "{what}");
}

async fn assert_no_trace(relay: &TestRelay) {
    assert_eq!(relay.upstream.books().totals.requests, 0);
    assert_eq!(relay.records().await, []);
}

#[tokio::test]
async fn a_key_is_taken_from_each_of_the_four_headers() {
    let relay = TestRelay::start().await;
    let headers = [
        ("x-api-key", relay.key.clone()),
        ("authorization", format!("Bearer {}", relay.key)),
        ("authorization", format!("bearer  {}", relay.key)),
        ("x-goog-api-key", relay.key.clone()),
        ("api-key", relay.key.clone()),
    ];

    for (name, value) in &headers {
        let answer = with_header(&relay, "/api/v1/messages", name, value).await;
        assert_eq!(answer.status(), 200, "{name}");
    }

    let books = relay.upstream.books();
    for exchange in &books.exchanges {
        assert_eq!(exchange.header("x-api-key"), Some("sk-a"));
        assert_eq!(exchange.header("authorization"), None);
        assert_eq!(exchange.header("x-goog-api-key"), None);
        assert_eq!(exchange.header("api-key"), None);
        assert!(!format!("{exchange:?}").contains(&relay.key));
    }
    assert_eq!(relay.records().await.len(), headers.len());
}

#[tokio::test]
async fn what_is_no_key_gets_one_polite_401() {
    let relay = TestRelay::start().await;
    let upper = relay.key.to_uppercase();
    let unknown = format!("cr_{}", "0".repeat(64));
    let long = format!("Bearer {}", "a".repeat(60_000));
    let values = [
        "",
        " ",
        "Bearer",
        "Bearer ",
        "Bearer null",
        "Basic YWRtaW46YWRtaW4=",
        "\"",
        "'; DROP TABLE keys; --",
        "' OR 1=1 --",
        "Bearer ' UNION SELECT hash FROM key --",
        "cr_",
        "Bearer cr_%",
        "cr_*",
        &upper,
        &unknown,
        &relay.key[..66],
        &format!("{}0", relay.key),
        &format!("\"{}\"", relay.key),
        &long,
    ];

    for name in ["authorization", "x-api-key", "x-goog-api-key", "api-key"] {
        for value in values {
            let answer = with_header(&relay, "/api/v1/messages", name, value).await;
            assert_refused(answer, &format!("{name}: {value:.40}")).await;
        }
    }
    let none = relay.client.post(relay.url("/api/v1/messages")).body("{}").send().await.unwrap();
    assert_refused(none, "no key at all").await;

    assert_no_trace(&relay).await;
}

#[tokio::test]
async fn bytes_that_are_no_text_are_no_key() {
    let relay = TestRelay::start().await;
    let request = |value: &[u8]| {
        let lines =
            b"POST /api/v1/messages HTTP/1.1\r\nhost: relay\r\nconnection: close\r\ncontent-length: 2\r\n";
        [lines, b"authorization: Bearer ".as_slice(), value, b"\r\n\r\n{}"].concat()
    };

    let not_utf8 = send(&relay, &request(b"cr_\xff\xfe\xe4")).await;
    let with_nul = send(&relay, &request(b"cr_\0")).await;
    let endless = send(&relay, &request(&vec![b'a'; 1 << 20])).await;

    assert_eq!(not_utf8.status(), 401);
    assert_eq!(not_utf8.json()["error"]["type"], "authentication_error");
    assert_eq!(with_nul.status(), 400);
    assert_eq!(endless.status(), 431);
    assert_no_trace(&relay).await;
    assert_eq!(relay.message(false).await.status(), 200);
}

#[tokio::test]
async fn two_keys_that_disagree_are_refused() {
    let relay = TestRelay::start().await;
    let new = NewKey::new("another key");
    let other = key::create(&relay.shared, &relay.admin, new).await.unwrap().key;
    let unknown = format!("cr_{}", "0".repeat(64));
    let pairs = [
        ("x-api-key", relay.key.clone(), "authorization", format!("Bearer {other}")),
        ("x-api-key", other.clone(), "x-api-key", relay.key.clone()),
        ("authorization", format!("Bearer {other}"), "authorization", format!("Bearer {}", relay.key)),
        ("x-goog-api-key", unknown, "api-key", relay.key.clone()),
    ];

    for (first, value, second, other) in pairs {
        let request = relay.client.post(relay.url("/api/v1/messages"));
        let request = request.header(first, value).header(second, other);
        let answer = request.body(message(false).to_string()).send().await.unwrap();
        assert_refused(answer, &format!("{first} and {second}")).await;
    }

    assert_no_trace(&relay).await;
}

#[tokio::test]
async fn another_credential_beside_the_key_is_passed_over_and_goes_nowhere() {
    let relay = TestRelay::start().await;

    let request =
        relay.post("/api/v1/messages").header("authorization", "Bearer sk-ant-oat01-the-clients-own");
    let request = request.header("api-key", "something-else").header("x-goog-api-key", &relay.key);
    let answer = request.body(message(false).to_string()).send().await.unwrap();

    assert_eq!(answer.status(), 200);
    let books = relay.upstream.books();
    let exchange = books.last().unwrap();
    assert_eq!(exchange.token.as_deref(), Some("sk-a"));
    assert!(!format!("{exchange:?}").contains("the-clients-own"));
    assert!(!format!("{exchange:?}").contains("something-else"));
}

#[tokio::test]
async fn a_key_in_the_query_opens_nothing_and_never_goes_up() {
    let relay = TestRelay::start().await;

    let path = format!("/api/v1/messages?key={}", relay.key);
    let alone = relay.client.post(relay.url(&path)).body(message(false).to_string()).send().await.unwrap();
    assert_refused(alone, "?key= alone").await;
    assert_no_trace(&relay).await;

    for key in ["key", "k%65y", "%6B%65%79"] {
        let path = format!("/api/v1/messages?beta=true&{key}={}&a=%2f+b&key&c", relay.key);
        let answer = relay.post(&path).body(message(false).to_string()).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        let books = relay.upstream.books();
        assert_eq!(books.last().unwrap().target, "/v1/messages?beta=true&a=%2f+b&c", "{key}");
    }
}

#[tokio::test]
async fn a_disabled_and_a_deleted_key_are_refused_at_once_with_the_same_words() {
    let relay = TestRelay::start().await;
    assert_eq!(relay.message(false).await.status(), 200);

    key::set_enabled(&relay.shared, &relay.admin, &relay.key_id, false).await.unwrap();
    assert_refused(relay.message(false).await, "disabled").await;
    key::set_enabled(&relay.shared, &relay.admin, &relay.key_id, true).await.unwrap();
    assert_eq!(relay.message(false).await.status(), 200);
    key::delete(&relay.shared, &relay.admin, &relay.key_id).await.unwrap();
    assert_refused(relay.message(false).await, "deleted").await;

    assert_eq!(relay.upstream.books().totals.requests, 2);
    assert_eq!(relay.records().await.len(), 2);
}

#[tokio::test]
async fn every_alias_reaches_the_same_checks() {
    let relay = TestRelay::start().await;
    let roads = ["/api", "/claude", "/api/claude"];

    for road in roads {
        for path in ["/v1/messages", "/v1/messages/count_tokens"] {
            let path = format!("{road}{path}");
            assert_refused(with_header(&relay, &path, "x-api-key", "cr_").await, &path).await;
        }
        let answer = relay.post(&format!("{road}/v1/messages")).body("[]").send().await.unwrap();
        assert_eq!(answer.status(), 400, "{road}");
    }
    for path in ["models", "models/claude-x", "key-info", "usage"] {
        for road in ["/api", "/claude"] {
            let path = format!("{road}/v1/{path}");
            let answer = relay.client.get(relay.url(&path)).send().await.unwrap();
            assert_refused(answer, &path).await;
        }
    }
    assert_eq!(relay.upstream.books().totals.requests, 0);

    for road in roads {
        let answer = relay.post(&format!("{road}/v1/messages")).body(body(false)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{road}");
        assert_eq!(relay.upstream.books().last().unwrap().target, "/v1/messages");
    }
}

#[tokio::test]
async fn a_wrong_key_is_told_before_the_body_is_there() {
    let relay = TestRelay::start().await;
    let head = "POST /api/v1/messages HTTP/1.1\r\nhost: relay\r\nx-api-key: cr_wrong\r\ncontent-length: 33000000\r\n\r\n";

    let answer = send(&relay, head.as_bytes()).await;

    assert_eq!(answer.status(), 401);
    assert_eq!(answer.answers(), 1);
    assert_no_trace(&relay).await;
}

#[tokio::test]
async fn a_flood_of_wrong_keys_leaves_nothing_behind() {
    let relay = TestRelay::start().await;
    let journal = relay.shared.ledger.journal.end();

    for n in 0..1_500 {
        let wrong = format!("cr_{n:064x}");
        let answer = relay.client.get(relay.url("/api/v1/usage")).header("x-api-key", &wrong).send().await;
        assert_eq!(answer.unwrap().status(), 401);
    }

    assert_eq!(relay.shared.keys.count(), 1);
    assert_eq!(relay.shared.ledger.journal.end(), journal);
    assert_no_trace(&relay).await;
    assert_eq!(relay.message(false).await.status(), 200);
}
