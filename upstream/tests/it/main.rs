//! Drives an upstream through a real client.

#![expect(clippy::expect_used, reason = "helpers of tests fail as their tests do")]

mod answers;
mod assist;
mod books;
mod claude;
mod faults;
mod gemini;
mod google;
mod load;
mod outside;
mod proxy;
mod sign_in;
mod transport;
mod windows;

use reqwest::{Client, RequestBuilder};
use upstream::{Options, Upstream};

/// A request that asks for a stream.
const STREAM: &str = r#"{"model":"claude-sonnet-4-5","max_tokens":64,"stream":true,"messages":[]}"#;

/// A request that asks for JSON.
const WHOLE: &str = r#"{"model":"claude-sonnet-4-5","max_tokens":64,"messages":[]}"#;

async fn start() -> Upstream {
    Upstream::start(Options::new()).await.expect("an upstream")
}

fn ask(upstream: &Upstream, token: &str, body: &'static str) -> RequestBuilder {
    ask_with(&Client::new(), upstream, token, body)
}

fn ask_with(client: &Client, upstream: &Upstream, token: &str, body: &'static str) -> RequestBuilder {
    client
        .post(format!("{}/v1/messages?beta=true", upstream.url()))
        .header("x-api-key", token)
        .header("anthropic-version", "2023-06-01")
        .header("content-type", "application/json")
        .body(body)
}

/// The data of each event of a stream.
fn events(stream: &str) -> Vec<serde_json::Value> {
    let data = stream.lines().filter_map(|line| line.strip_prefix("data: "));
    data.map(|data| serde_json::from_str(data).expect("JSON")).collect()
}
