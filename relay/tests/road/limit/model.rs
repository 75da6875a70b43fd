//! Which services and models a key may ask for.

use relay::model::account::Service;
use relay::model::limit::KeyLimits;
use relay::model::limit::pattern::Pattern;
use relay::model::outcome::Outcome;
use serde_json::{Value, json};

use super::said;
use crate::support::TestRelay;

fn patterns(texts: &[&str]) -> Vec<Pattern> {
    texts.iter().map(|text| Pattern::new(text).unwrap()).collect()
}

#[tokio::test]
async fn models_are_allowed_and_blocked_by_pattern() {
    let relay = TestRelay::start().await;
    let allowed_models = patterns(&["claude-*"]);
    let blocked_models = patterns(&["opus", "claude-haiku-4-5"]);
    relay.limit(KeyLimits { allowed_models, blocked_models, ..KeyLimits::default() }).await;

    let mut statuses = Vec::new();
    for model in ["claude-sonnet-4-5", "claude-opus-4-5", "claude-haiku-4-5-20251001", "gpt-5"] {
        statuses.push(relay.ask_with(json!({ "model": model })).await.status().as_u16());
    }
    let refused = said(relay.ask_with(json!({ "model": "claude-opus-4-5" })).await).await;

    assert_eq!(statuses, [200, 403, 403, 403]);
    assert_eq!((refused.kind.as_str(), refused.may_retry), ("permission_error", false));
    assert_eq!(refused.text, "this key may not use the model claude-opus-4-5");
    let records = relay.records().await;
    let rejected = records.iter().filter(|record| record.outcome == Outcome::Rejected).count();
    assert_eq!((records.len(), rejected), (5, 4));
}

#[tokio::test]
async fn lists_of_models_show_what_a_key_may_use() {
    let relay = TestRelay::start().await;
    relay.upstream.list_models("sk-a", &["claude-opus-4-5", "claude-sonnet-4-5"]);
    let blocked_models = patterns(&["opus"]);
    relay.limit(KeyLimits { blocked_models, ..KeyLimits::default() }).await;

    let request = relay.client.get(relay.url("/api/v1/models")).header("x-api-key", &relay.key);
    let listed: Value = request.send().await.unwrap().json().await.unwrap();

    let ids: Vec<_> = listed["data"].as_array().unwrap().iter().map(|model| model["id"].clone()).collect();
    assert_eq!(ids, ["claude-sonnet-4-5"]);
}

#[tokio::test]
async fn a_key_for_one_service_may_not_use_the_other_in_either_dialect() {
    let relay = TestRelay::start().await;
    let only = |service| KeyLimits { services: vec![service], ..KeyLimits::default() };
    relay.limit(only(Service::Gemini)).await;
    let claude = said(relay.ask(64).await).await;
    relay.limit(only(Service::Claude)).await;
    let post = relay.post("/gemini/v1beta/models/gemini-2.5-pro:generateContent").body(r#"{"contents":[]}"#);
    let gemini = said(post.send().await.unwrap()).await;

    assert_eq!((claude.status, claude.kind.as_str()), (403, "permission_error"));
    assert_eq!(claude.text, "this key may not use Claude");
    assert_eq!((gemini.status, gemini.kind.as_str()), (403, "PERMISSION_DENIED"));
    assert_eq!(gemini.text, "this key may not use Gemini");
    assert_eq!(relay.whole(64).await, 200);
}
