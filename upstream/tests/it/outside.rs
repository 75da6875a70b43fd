//! Steering from another process.

use serde_json::Value;

use crate::{WHOLE, ask, start};

#[tokio::test]
async fn scripts_and_books_are_reached_over_http() {
    let upstream = start().await;
    let client = reqwest::Client::new();
    let url = |path: &str| format!("{}{path}", upstream.url());

    let script = client.post(url("/_script")).body(r#"{"token":"sk-a","words":"503-9"}"#).send();
    assert_eq!(script.await.expect("an answer").status(), 204);
    assert_eq!(ask(&upstream, "sk-a", WHOLE).send().await.expect("an answer").status(), 503);

    let books: Value =
        client.get(url("/_books")).send().await.expect("an answer").json().await.expect("JSON");
    assert_eq!(books["totals"]["requests"], 1);
    assert_eq!(books["exchanges"][0]["status"], 503);
    assert_eq!(books["exchanges"][0]["ending"], "complete");

    client.post(url("/_reset")).send().await.expect("an answer");
    assert_eq!(upstream.books().totals.requests, 0);
}
