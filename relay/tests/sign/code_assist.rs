//! Setting up an account for Code Assist, without the waiting.

use std::sync::atomic::{AtomicU64, Ordering};

use relay::config::Google;
use relay::provider::google::code_assist::{DiscoverError, Project, discover_with, quota};
use relay::provider::probe::ProbeError;
use serde_json::json;

use crate::support::{Provider, client, secret};

/// Discovers; the second value is how many seconds it would have waited.
async fn discover(config: &Google, own: Option<&str>) -> (Result<Project, DiscoverError>, u64) {
    let waited = AtomicU64::new(0);
    let pause = |time: std::time::Duration| {
        waited.fetch_add(time.as_secs(), Ordering::Relaxed);
        std::future::ready(())
    };
    let found = discover_with(&client(), config, &secret("ya29.a0"), own, pause).await;
    (found, waited.into_inner())
}

fn project(id: &str, tier: &str) -> Result<Project, DiscoverError> {
    Ok(Project { id: Some(id.into()), tier: Some(tier.into()) })
}

#[tokio::test]
async fn an_account_that_is_set_up_has_its_project() {
    let provider = Provider::start().await;
    provider.then_json(
        200,
        r#"{"currentTier":{"id":"free-tier"},"paidTier":{"id":"g1-pro-tier"},"cloudaicompanionProject":"oven-1"}"#,
    );

    let (found, waited) = discover(&provider.google(), None).await;

    assert_eq!(found, project("oven-1", "g1-pro-tier"));
    assert_eq!(waited, 0);
    let seen = provider.only();
    assert_eq!(seen.line, "POST /v1internal:loadCodeAssist");
    assert_eq!(seen.headers["authorization"], "Bearer ya29.a0");
    let metadata =
        json!({"ideType": "IDE_UNSPECIFIED", "platform": "PLATFORM_UNSPECIFIED", "pluginType": "GEMINI"});
    assert_eq!(seen.json(), json!({ "metadata": metadata }));
}

#[tokio::test]
async fn a_project_of_the_operators_own_is_named_and_used() {
    let provider = Provider::start().await;
    provider.then_json(200, r#"{"currentTier":{}}"#);

    let (found, _) = discover(&provider.google(), Some(" my-project ")).await;

    assert_eq!(found, project("my-project", "standard-tier"));
    assert_eq!(provider.only().json()["cloudaicompanionProject"], "my-project");
    assert_eq!(provider.only().json()["metadata"]["duetProject"], "my-project");
}

#[tokio::test]
async fn a_new_account_is_set_up_and_asked_after_until_it_is() {
    let provider = Provider::start().await;
    provider
        .then_json(200, r#"{"allowedTiers":[{"id":"standard-tier"},{"id":"free-tier","isDefault":true}]}"#)
        .then_json(200, r#"{"name":"operations/abc","done":false}"#)
        .then_json(200, r#"{"name":"operations/abc"}"#)
        .then_json(503, "{}")
        .then_json(200, r#"{"done":true,"response":{"cloudaicompanionProject":{"id":"oven-2","name":"x"}}}"#);

    let (found, waited) = discover(&provider.google(), Some("my-project")).await;

    assert_eq!(found, project("oven-2", "free-tier"));
    assert_eq!(waited, 15);
    let seen = provider.seen();
    assert_eq!(seen[1].line, "POST /v1internal:onboardUser");
    assert_eq!(seen[1].json()["tierId"], "free-tier");
    assert!(seen[1].json().get("cloudaicompanionProject").is_none(), "the free tier refuses a project");
    assert_eq!(seen[2].line, "GET /v1internal/operations/abc");
}

#[tokio::test]
async fn other_tiers_are_set_up_with_the_operators_project() {
    let provider = Provider::start().await;
    provider.then_json(200, "{}").then_json(200, r#"{"done":true,"response":{}}"#);

    let (found, _) = discover(&provider.google(), Some("my-project")).await;

    assert_eq!(found, project("my-project", "legacy-tier"));
    assert_eq!(provider.seen()[1].json()["cloudaicompanionProject"], "my-project");
    assert_eq!(provider.seen()[1].json()["metadata"]["duetProject"], "my-project");
}

#[tokio::test]
async fn an_account_to_be_verified_gets_the_link() {
    let provider = Provider::start().await;
    provider.then_json(
        200,
        r#"{"ineligibleTiers":[{"reasonCode":"VALIDATION_REQUIRED","reasonMessage":"Verify.","validationUrl":"https://v.example/1"}]}"#,
    );

    let (found, _) = discover(&provider.google(), None).await;

    let link = "https://v.example/1".to_owned();
    assert_eq!(found, Err(DiscoverError::Validation { link, words: "Verify.".into() }));
}

#[tokio::test]
async fn behind_service_controls_an_account_counts_as_set_up() {
    let provider = Provider::start().await;
    let body = r#"{"error":{"code":403,"status":"PERMISSION_DENIED","details":[{"reason":"SECURITY_POLICY_VIOLATED"}]}}"#;
    provider.then_json(403, body).then_json(403, r#"{"error":{"code":403,"message":"no"}}"#);
    let config = provider.google();

    assert_eq!(discover(&config, Some("my-project")).await.0, project("my-project", "standard-tier"));
    assert!(matches!(discover(&config, None).await.0, Err(DiscoverError::Probe(ProbeError::Forbidden(_)))));
}

#[tokio::test]
async fn an_account_without_any_project_says_what_google_says() {
    let provider = Provider::start().await;
    provider.then_json(
        200,
        r#"{"currentTier":{"id":"standard-tier"},"ineligibleTiers":[{"reasonCode":"DASHER_USER","reasonMessage":"Workspace."}]}"#,
    );

    let (found, _) = discover(&provider.google(), None).await;

    assert_eq!(found.unwrap_err().to_string(), "this account needs a project id of its own: Workspace.");
}

#[tokio::test]
async fn a_projects_number_is_refused_before_anything_is_sent() {
    let provider = Provider::start().await;

    let (found, _) = discover(&provider.google(), Some("123456")).await;

    assert_eq!(found, Err(DiscoverError::ProjectNumber));
    assert!(provider.seen().is_empty());
}

#[tokio::test]
async fn setting_up_is_given_up_after_two_minutes() {
    let provider = Provider::start().await;
    provider.then_json(200, "{}");
    for _ in 0..25 {
        provider.then_json(200, r#"{"name":"operations/abc"}"#);
    }

    let (found, waited) = discover(&provider.google(), None).await;

    assert_eq!(found, Err(DiscoverError::Unfinished));
    assert_eq!(waited, 120);
}

#[tokio::test]
async fn a_set_up_that_fails_says_why_and_leads_nowhere_else() {
    let provider = Provider::start().await;
    provider
        .then_json(200, "{}")
        .then_json(200, r#"{"done":true,"error":{"code":9,"message":"Precondition."}}"#)
        .then_json(200, "{}")
        .then_json(200, r#"{"name":"../../elsewhere"}"#);
    let config = provider.google();

    assert_eq!(discover(&config, None).await.0, Err(DiscoverError::Refused("Precondition.".into())));
    assert!(matches!(discover(&config, None).await.0, Err(DiscoverError::Probe(ProbeError::Unreadable(_)))));
    assert_eq!(provider.seen().len(), 4);
}

#[tokio::test]
async fn what_is_left_is_a_window_for_each_model() {
    let provider = Provider::start().await;
    provider.then_json(
        200,
        r#"{"buckets":[
            {"modelId":"gemini-2.5-pro","tokenType":"REQUESTS","remainingAmount":"900","remainingFraction":0.9,"resetTime":"2026-01-01T08:00:00Z"},
            {"modelId":"gemini-2.5-flash","tokenType":"REQUESTS","remainingAmount":"0"},
            {"modelId":"gemini-2.5-pro","tokenType":"TOKENS","remainingFraction":1},
            {"tokenType":"REQUESTS"}]}"#,
    );

    let windows = quota(&client(), &provider.google(), &secret("ya29.a0"), Some("oven-1")).await.unwrap();

    assert_eq!(provider.only().json(), json!({"project": "oven-1"}));
    let shown: Vec<_> = windows.iter().map(|it| (it.window.as_str(), it.used, it.resets_ms)).collect();
    assert_eq!(
        shown,
        [
            ("gemini-2.5-pro", Some(1_000), Some(1_767_254_400_000)),
            ("gemini-2.5-flash", Some(10_000), None),
            ("gemini-2.5-pro/tokens", Some(0), None),
        ]
    );
}
