//! Keys that hold their limits.

mod budget;
mod change;
mod expiry;
mod free;
mod gone;
mod interleave;
mod model;
mod place;
mod revoke;
mod strict;
mod window;
mod zone;

use relay::admin::key;
use relay::model::key::KeyChange;
use relay::model::limit::{KeyLimits, KeyUse};
use reqwest::Response;
use serde_json::{Value, json};

use crate::support::TestRelay;

/// Limits as the command line writes them.
fn limits(text: &str) -> KeyLimits {
    let mut limits = KeyLimits::default();
    limits.add_text(text).expect("limits");
    limits
}

impl TestRelay {
    /// Gives the key these limits.
    async fn limit(&self, limits: KeyLimits) {
        let change = KeyChange { limits: Some(limits), ..KeyChange::default() };
        key::update(&self.shared, &self.admin, &self.key_id, change).await.expect("a change");
    }

    /// How far the key's limits are used.
    fn used(&self) -> KeyUse {
        self.shared.keys.by_id(&self.key_id).expect("the key").live.usage()
    }

    /// Of the first limit: used and reserved.
    fn first(&self) -> (u64, u64) {
        let used = self.used();
        (used.limits[0].used, used.limits[0].reserved)
    }

    /// A call that asks for so many tokens of output at most.
    async fn ask(&self, max_tokens: u64) -> Response {
        self.ask_with(json!({ "max_tokens": max_tokens })).await
    }

    /// A call with other fields than usual.
    async fn ask_with(&self, fields: Value) -> Response {
        let body = body(fields);
        self.post("/api/v1/messages").body(body).send().await.expect("an answer")
    }

    /// A call that is answered to its end.
    async fn whole(&self, max_tokens: u64) -> u16 {
        let answer = self.ask(max_tokens).await;
        let status = answer.status().as_u16();
        answer.bytes().await.expect("all of it");
        status
    }
}

/// A message with other fields than usual.
fn body(fields: Value) -> String {
    let mut body = crate::support::message(false);
    let (Some(body), Value::Object(fields)) = (body.as_object_mut(), fields) else { panic!("objects") };
    body.extend(fields);
    serde_json::to_string(body).expect("JSON")
}

/// What a refusal says: its status, whether to try again, after how long, its type and its text.
#[derive(Debug)]
struct Said {
    status: u16,
    may_retry: bool,
    after_s: Option<u64>,
    kind: String,
    text: String,
    headers: reqwest::header::HeaderMap,
}

async fn said(answer: Response) -> Said {
    let status = answer.status().as_u16();
    let headers = answer.headers().clone();
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (may_retry, after_s) = (header("x-should-retry").as_deref() != Some("false"), header("retry-after"));
    let body: Value = answer.json().await.expect("JSON");
    let kind =
        body["error"]["type"].as_str().or(body["error"]["status"].as_str()).expect("a type").to_owned();
    let text = body["error"]["message"].as_str().expect("a text").to_owned();
    let after_s = after_s.map(|after| after.parse().expect("seconds"));
    Said { status, may_retry, after_s, kind, text, headers }
}
