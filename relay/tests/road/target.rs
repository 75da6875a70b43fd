//! Where a request is for: hosts, paths, methods, and probes (hard cases 3 and 4).

use serde_json::Value;

use crate::raw::{body, head, post, send};
use crate::support::TestRelay;

#[tokio::test]
async fn host_and_authority_decide_nothing() {
    let relay = TestRelay::start().await;
    let own = relay.upstream.address().to_string();
    let hosts = ["evil.example/?#@x", "user@evil.example", "127.0.0.1:1", "", "a b"];
    let targets = [
        "/api/v1/messages".to_owned(),
        "http://evil.example/api/v1/messages".to_owned(),
        "https://user:word@169.254.169.254:80/api/v1/messages".to_owned(),
    ];

    for host in hosts {
        for target in &targets {
            let request = post(&relay, target, "", &body(false));
            let request =
                String::from_utf8(request).unwrap().replace("host: relay", &format!("host: {host}"));
            assert_eq!(send(&relay, request.as_bytes()).await.status(), 200, "{host} {target}");
        }
    }

    let books = relay.upstream.books();
    assert_eq!(books.exchanges.len(), hosts.len() * targets.len());
    for exchange in &books.exchanges {
        assert_eq!((exchange.target.as_str(), exchange.header("host")), ("/v1/messages", Some(own.as_str())));
    }
}

#[tokio::test]
async fn paths_are_taken_as_they_are_written() {
    let relay = TestRelay::start().await;
    let targets = [
        "/api/v1/../v1/messages",
        "/api/v1/%2e%2e/v1/messages",
        "/api/./v1/messages",
        "/api//v1/messages",
        "/api/v1/messages/",
        "/api/v1/messages/..",
        "/api/v1%2fmessages",
        "/api/v1/messages%2f",
        "/api/v1/messages;x=1",
        "/api;/v1/messages",
        "/api/v1/messages%00",
        "/api/v1/Messages",
        "/API/v1/messages",
        "//api/v1/messages",
        "/api/%76%31/messages",
        "/claude/../api/v1/messages",
        "/api/v1/messages/count_tokens/../../messages",
        "/api\\v1\\messages",
        "/api/v1/messages/%2e%2e/complete",
    ];

    for target in targets {
        let answer = send(&relay, &post(&relay, target, "", &body(false))).await;
        assert_eq!(answer.status(), 404, "{target}");
        if target.starts_with("/api/") || target.starts_with("/claude/") {
            assert_eq!(answer.json()["error"]["type"], "not_found_error", "{target}");
            assert!(answer.text().contains("x-should-retry: false"), "{target}");
        }
    }
    for id in ["..%2fkey-info", "%2e%2e", "..%2f..%2f..%2fetc%2fpasswd", "%ff"] {
        let request = head(&relay, &format!("GET /api/v1/models/{id}"), "");
        let answer = send(&relay, request.as_bytes()).await;
        assert_eq!(answer.status(), 404, "{id}");
        assert_eq!(answer.json()["error"]["type"], "not_found_error", "{id}");
    }

    assert_eq!(relay.upstream.books().messages().count(), 0);
    assert!(relay.upstream.books().exchanges.iter().all(|exchange| exchange.path() == "/v1/models"));
    assert_eq!(relay.records().await, []);
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused_in_the_provider_s_shape() {
    let relay = TestRelay::start().await;

    for (method, path, status, kind) in [
        ("GET", "/api/v1/nothing", 404, "not_found_error"),
        ("POST", "/api/event_logging/batch", 404, "not_found_error"),
        ("POST", "/claude/v1/complete", 404, "not_found_error"),
        ("GET", "/api/v1/messages", 405, "invalid_request_error"),
        ("DELETE", "/claude/v1/messages", 405, "invalid_request_error"),
        ("PUT", "/api/v1/messages/count_tokens", 405, "invalid_request_error"),
        ("POST", "/api/v1/models", 405, "invalid_request_error"),
        ("POST", "/api/v1/models/claude-x", 405, "invalid_request_error"),
        ("POST", "/api/v1/usage", 405, "invalid_request_error"),
        ("POST", "/claude/v1/key-info", 405, "invalid_request_error"),
    ] {
        let request = relay.client.request(method.parse().unwrap(), relay.url(path)).body("{}");
        let answer = request.header("x-api-key", &relay.key).send().await.unwrap();
        assert_eq!(answer.status(), status, "{method} {path}");
        assert_eq!(answer.headers()["x-should-retry"], "false", "{method} {path}");
        assert!(answer.headers().contains_key("x-switchyard-request-id"), "{method} {path}");
        let body: Value = answer.json().await.unwrap();
        assert_eq!(
            (&body["type"], &body["error"]["type"]),
            (&"error".into(), &kind.into()),
            "{method} {path}"
        );
    }

    assert_eq!(relay.upstream.books().totals.requests, 0);
    assert_eq!(relay.records().await, []);
}

#[tokio::test]
async fn probes_need_no_key() {
    let relay = TestRelay::start().await;

    for path in ["/api", "/api/", "/api/api/hello"] {
        let answer = relay.client.head(relay.url(path)).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(answer.bytes().await.unwrap(), "");
    }

    assert_eq!(relay.upstream.books().totals.requests, 0);
}
