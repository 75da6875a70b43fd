//! What a key's holder can ask below `/gemini`.

use serde_json::{Value, json};
use upstream::{Behaviour, Endpoint, GoogleAccount, Usage};

use crate::support::TestRelay;

fn names(page: &Value) -> Vec<&str> {
    page["models"].as_array().unwrap().iter().map(|model| model["name"].as_str().unwrap()).collect()
}

async fn three() -> TestRelay {
    let relay = TestRelay::empty(&[]).await;
    relay.google_key("goog-a").await;
    relay.google_key("goog-b").await;
    relay.upstream.list_models("goog-a", &["gemini-2.5-pro", "gemini-2.5-flash"]);
    relay.upstream.list_models("goog-b", &["gemini-2.5-flash", "gemini-embedding-001"]);
    let quota = json!([{"modelId": "gemini-3-flash-preview", "remainingFraction": 0.5}]);
    relay.google_person(GoogleAccount { quota, ..GoogleAccount::new("alice") }).await;
    relay
}

const ALL: [&str; 4] = [
    "models/gemini-2.5-pro",
    "models/gemini-2.5-flash",
    "models/gemini-embedding-001",
    "models/gemini-3-flash-preview",
];

#[tokio::test]
async fn models_are_the_union_of_what_the_accounts_offer() {
    let relay = three().await;

    let (status, page) = relay.google_get("/gemini/v1beta/models").await;

    assert_eq!((status, names(&page)), (200, ALL.to_vec()));
    assert!(page.get("nextPageToken").is_none());
    for version in ["v1", "v1alpha"] {
        assert_eq!(relay.google_get(&format!("/gemini/{version}/models")).await, (200, page.clone()));
    }
    let (status, one) = relay.google_get("/gemini/v1beta/models/gemini-2.5-flash").await;
    assert_eq!((status, &one["name"]), (200, &json!("models/gemini-2.5-flash")));
    let (status, missing) = relay.google_get("/gemini/v1beta/models/gemini-9").await;
    assert_eq!((status, &missing["error"]["status"]), (404, &json!("NOT_FOUND")));
    assert_eq!(relay.records().await, []);
}

#[tokio::test]
async fn models_come_by_pages() {
    let relay = three().await;
    let mut seen = Vec::new();
    let mut query = "pageSize=3".to_owned();
    loop {
        let (status, page) = relay.google_get(&format!("/gemini/v1beta/models?{query}")).await;
        assert_eq!(status, 200);
        seen.extend(names(&page).into_iter().map(str::to_owned));
        match page["nextPageToken"].as_str() {
            Some(token) => query = format!("pageSize=3&pageToken={token}"),
            None => break,
        }
    }

    assert_eq!(seen, ALL);
    for bad in ["pageSize=x", "pageSize=-1", "pageToken=none"] {
        let (status, error) = relay.google_get(&format!("/gemini/v1beta/models?{bad}")).await;
        assert_eq!((status, &error["error"]["status"]), (400, &json!("INVALID_ARGUMENT")), "{bad}");
    }
}

#[tokio::test]
async fn an_account_that_does_not_answer_costs_its_own_models_alone() {
    let relay = three().await;
    relay.upstream.script_on(Endpoint::GeminiModels, "goog-a", Behaviour::status(500));

    let (status, page) = relay.google_get("/gemini/v1beta/models").await;

    assert_eq!((status, names(&page)), (200, vec![ALL[1], ALL[2], ALL[3]]));
}

#[tokio::test]
async fn the_originals_paths_answer_in_its_shapes() {
    let relay = TestRelay::empty(&[]).await;
    relay.google_key("goog-a").await;
    relay.upstream.list_models("goog-a", &["gemini-2.5-pro"]);
    relay.upstream.script("goog-a", Behaviour::ok().usage(Usage::new(30, 12)));
    assert_eq!(relay.gemini("generateContent").await.status(), 200);

    let (_, models) = relay.google_get("/gemini/models").await;
    let (_, usage) = relay.google_get("/gemini/usage").await;
    let (_, info) = relay.google_get("/gemini/key-info").await;

    let model = json!({"id": "gemini-2.5-pro", "object": "model", "created": 0, "owned_by": "google"});
    assert_eq!(models, json!({"object": "list", "data": [model]}));
    assert_eq!(
        usage,
        json!({
            "object": "usage",
            "total_tokens": 42, "total_requests": 1,
            "daily_tokens": 42, "daily_requests": 1,
            "monthly_tokens": 42, "monthly_requests": 1,
        })
    );
    assert_eq!(
        info,
        json!({
            "id": relay.key_id.as_str(), "name": "test key", "permissions": "all", "token_limit": 0,
            "tokens_used": 42, "tokens_remaining": null, "rate_limit": {"window": 0, "requests": 0},
            "concurrency_limit": 0, "model_restrictions": {"enabled": false, "models": []},
            "limits": {"tokens": 0, "requests": 0},
        })
    );
}

#[tokio::test]
async fn nothing_is_told_without_a_key() {
    let relay = three().await;
    let before = relay.upstream.books().totals.requests;

    for path in
        ["/gemini/models", "/gemini/usage", "/gemini/key-info", "/gemini/v1/models", "/gemini/v1/models/x"]
    {
        let answer = relay.client.get(relay.url(path)).send().await.unwrap();

        assert_eq!(answer.status(), 401, "{path}");
        let error: Value = answer.json().await.unwrap();
        assert_eq!(error["error"]["status"], "UNAUTHENTICATED", "{path}");
    }
    assert_eq!(relay.upstream.books().totals.requests, before);
}
