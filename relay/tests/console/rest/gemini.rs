//! Gemini accounts by REST.

use http::StatusCode;
use serde_json::{Value, json};
use upstream::{CodeAssist, GoogleAccount};

use super::{Script, data, refused};

async fn exchanged(script: &Script, begin: Value) -> Value {
    let begun = script.post("gemini-accounts/generate-auth-url", begin).await;
    let authorized = script.provider.authorize_as(begun["authUrl"].as_str().unwrap(), "google").unwrap();
    let exchange = json!({ "code": authorized.code, "sessionId": begun["sessionId"] });
    script.post("gemini-accounts/exchange-code", exchange).await["tokens"].clone()
}

#[tokio::test]
async fn a_script_of_the_original_adds_an_account_and_never_holds_a_token() {
    let script = Script::start().await;

    let tokens = exchanged(&script, json!({ "state": "the-script-s-own" })).await;
    let account = script.post("gemini-accounts", json!({ "name": "g", "geminiOauth": tokens })).await;

    for name in ["access_token", "refresh_token"] {
        assert!(tokens[name].as_str().unwrap().starts_with("ticket_"), "{tokens}");
    }
    assert_eq!((&tokens["token_type"], tokens["expiry_date"].is_i64()), (&json!("Bearer"), true));
    assert!(tokens["scope"].as_str().unwrap().contains("cloud-platform"));
    assert_eq!((&account["platform"], &account["status"]), (&json!("gemini"), &json!("active")));
    assert_eq!(account["email"], "google@example.com");
    assert!(account["projectId"].is_string(), "{account}");
    assert!(account["expiresAt"].as_str().unwrap().ends_with('Z'));
    assert_eq!(script.get("gemini-accounts").await, json!([account]));
    assert_eq!(script.get("claude-accounts").await, json!([]));
    script.assert_nothing_leaked(&[]);
}

#[tokio::test]
async fn the_script_s_own_state_goes_to_the_page() {
    let script = Script::start().await;

    let begun =
        script.post("gemini-accounts/generate-auth-url", json!({ "state": "the-script-s-own" })).await;
    let bad = json!({ "state": "with a blank" });
    let bad = script.send("POST", "gemini-accounts/generate-auth-url", Some(bad)).await;

    assert!(begun["authUrl"].as_str().unwrap().contains("state=the-script-s-own"));
    refused(&bad, StatusCode::BAD_REQUEST, "bad_characters");
}

#[tokio::test]
async fn a_project_that_is_missing_costs_no_ticket() {
    let script = Script::start().await;
    script.provider.google_account(GoogleAccount {
        assist: CodeAssist::NeedsOwnProject,
        project: None,
        ..GoogleAccount::new("google")
    });
    let tokens = exchanged(&script, json!({})).await;

    let without = json!({ "name": "g", "geminiOauth": tokens });
    let without = script.send("POST", "gemini-accounts", Some(without)).await;
    let with = json!({ "name": "g", "geminiOauth": tokens, "projectId": "my-own-project" });
    let with = script.post("gemini-accounts", with).await;

    refused(&without, StatusCode::BAD_REQUEST, "needs_project");
    assert_eq!(with["projectId"], "my-own-project");
}

#[tokio::test]
async fn a_poll_waits_until_the_sign_in_is_over() {
    let script = Script::start().await;
    let begun = script.post("gemini-accounts/generate-auth-url", json!({})).await;
    let poll = json!({ "sessionId": begun["sessionId"] });
    let path = "gemini-accounts/poll-auth-status";

    let pending = script.send("POST", path, Some(poll.clone())).await;
    script.house.shared.clock.advance(600_000);
    let over = script.send("POST", path, Some(poll)).await;
    let nothing = script.send("POST", path, None).await;

    let pending = pending.json();
    assert_eq!((&pending["success"], &pending["error"]), (&json!(false), &json!("pending")));
    refused(&over, StatusCode::GONE, "sign_in_over");
    refused(&nothing, StatusCode::BAD_REQUEST, "required");
}

#[tokio::test]
async fn a_ticket_of_one_provider_is_none_for_the_other() {
    let script = Script::start().await;
    let claude = script.claude_ticket().await;

    let oauth = json!({ "access_token": claude["accessToken"] });
    let wrong =
        script.send("POST", "gemini-accounts", Some(json!({ "name": "g", "geminiOauth": oauth }))).await;
    let right = script.send("POST", "claude-accounts", Some(json!({ "name": "c", "claudeAiOauth": claude })));

    refused(&wrong, StatusCode::BAD_REQUEST, "ticket_over");
    data(&right.await);
}

#[tokio::test]
async fn a_sign_in_to_one_provider_is_not_exchanged_at_the_other() {
    let script = Script::start().await;
    let begun = script.post("claude-accounts/generate-auth-url", json!({})).await;

    let body = json!({ "sessionId": begun["sessionId"], "code": "any" });
    let wrong = script.send("POST", "gemini-accounts/exchange-code", Some(body)).await;

    refused(&wrong, StatusCode::BAD_REQUEST, "bad_request");
}

#[tokio::test]
async fn real_tokens_are_taken_and_refreshed_without_being_given_back() {
    let script = Script::start().await;
    let issued = script.provider.issue("google").unwrap();
    let oauth = json!({
        "access_token": issued["access_token"], "refresh_token": issued["refresh_token"],
        "scope": issued["scope"], "token_type": "Bearer", "expiry_date": 1_800_003_600_000_i64,
    });

    let account = script.post("gemini-accounts", json!({ "name": "g", "geminiOauth": oauth })).await;
    let path = format!("gemini-accounts/{}/refresh", account["id"].as_str().unwrap());
    let refreshed = data(&script.send("POST", &path, None).await);

    assert_eq!((&refreshed["success"], &refreshed["accessToken"]), (&json!(true), &json!("[redacted]")));
    assert!(refreshed["expiry_date"].is_i64());
    assert_eq!(script.provider.books().account("google").refreshes, 1);
    script.assert_nothing_leaked(&[]);
}
