//! Asking the sandbox, and reading what it says.

use http::StatusCode;
use http_body_util::BodyExt;
use relay::provider::sandbox::{SandboxPath, SandboxReply, SandboxRequest, answer};
use serde_json::{Value, json};

pub(crate) const NOW_MS: i64 = 1_790_000_000_000;

pub(crate) fn post(path: SandboxPath<'_>, body: &Value) -> SandboxReply {
    let body = body.to_string();
    answer(&SandboxRequest { path, body: body.as_bytes(), now_ms: NOW_MS })
}

pub(crate) fn asking(text: &str) -> Value {
    json!({"model": "claude-opus-9", "max_tokens": 1000, "messages": [{"role": "user", "content": text}]})
}

pub(crate) fn with(mut request: Value, name: &str, value: Value) -> Value {
    request[name] = value;
    request
}

pub(crate) fn streamed(request: Value) -> SandboxReply {
    post(SandboxPath::Messages, &with(request, "stream", json!(true)))
}

pub(crate) async fn bytes(reply: SandboxReply) -> Vec<u8> {
    reply.body.collect().await.expect("a whole body").to_bytes().to_vec()
}

pub(crate) async fn whole(request: &Value) -> Value {
    let reply = post(SandboxPath::Messages, request);
    assert_eq!(reply.status, StatusCode::OK);
    serde_json::from_slice(&bytes(reply).await).expect("JSON")
}

pub(crate) async fn refused(request: &Value) -> (u16, Value) {
    let reply = post(SandboxPath::Messages, request);
    let status = reply.status.as_u16();
    (status, serde_json::from_slice(&bytes(reply).await).expect("JSON"))
}

/// Every frame's JSON, after checking that it is framed as the provider frames it.
pub(crate) fn events(bytes: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    assert!(text.ends_with("\n\n"));
    let event = |frame: &str| {
        let (name, data) = frame.split_once('\n').expect("two lines");
        let value: Value = serde_json::from_str(data.strip_prefix("data: ").expect("data")).expect("JSON");
        assert_eq!(name.strip_prefix("event: "), value["type"].as_str());
        value
    };
    text.trim_end().split("\n\n").map(event).collect()
}

pub(crate) async fn events_of(request: Value) -> Vec<Value> {
    let reply = streamed(request);
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.headers["content-type"], "text/event-stream; charset=utf-8");
    events(&bytes(reply).await)
}

pub(crate) fn joined(events: &[Value], kind: &str, field: &str) -> String {
    let deltas = events.iter().filter(|event| event["delta"]["type"] == kind);
    deltas.filter_map(|event| event["delta"][field].as_str()).collect()
}

pub(crate) fn types(events: &[Value]) -> Vec<&str> {
    let mut types: Vec<_> = events.iter().filter_map(|event| event["type"].as_str()).collect();
    types.dedup();
    types
}
