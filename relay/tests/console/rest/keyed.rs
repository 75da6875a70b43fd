//! Accounts with API keys by REST.

use http::StatusCode;
use serde_json::{Value, json};

use super::{Script, data, refused};

const CLAUDE_KEY: &str = "sk-ant-api03-good";
const GOOGLE_KEY: &str = "AIzaSy-not-a-real-key-wxyz";

#[tokio::test]
async fn api_keys_are_added_under_either_noun_and_not_given_back() {
    let script = Script::start().await;
    let url = script.provider.url();

    let console = json!({ "name": "console", "apiUrl": url, "apiKey": CLAUDE_KEY, "maxConcurrentTasks": 2 });
    let console = script.post("claude-console-accounts", console).await;
    script.post("claude-accounts", json!({ "name": "keyed", "apiKey": CLAUDE_KEY })).await;
    let gemini = json!({ "name": "gemini", "apiKey": GOOGLE_KEY, "baseUrl": "" });
    let gemini = script.post("gemini-api-accounts", gemini).await;

    assert_eq!((&console["platform"], &console["apiUrl"]), (&json!("claude-console"), &json!(url)));
    assert_eq!((&console["apiKey"], &console["maxConcurrency"]), (&json!("[redacted]"), &json!(2)));
    assert_eq!((&gemini["platform"], &gemini["apiKeyHint"]), (&json!("gemini-api"), &json!("wxyz")));
    let names = async |noun: &str| {
        let listed = script.get(noun).await;
        listed.as_array().unwrap().iter().map(|one| one["name"].clone()).collect::<Value>()
    };
    assert_eq!(names("claude-console-accounts").await, json!(["console", "keyed"]));
    assert_eq!(names("claude-accounts").await, json!(["console", "keyed"]));
    assert_eq!(names("gemini-api-accounts").await, json!(["gemini"]));
    assert_eq!(names("gemini-accounts?platform=claude").await, json!([]));
    script.assert_nothing_leaked(&[CLAUDE_KEY, GOOGLE_KEY]);
}

#[tokio::test]
async fn a_new_key_takes_the_place_of_the_old_one() {
    let script = Script::start().await;
    let new = json!({ "name": "keyed", "apiKey": "sk-ant-api03-unknown", "apiUrl": script.provider.url() });
    let account = script.post("claude-console-accounts", new).await;
    let path = |act: &str| format!("claude-console-accounts/{}{act}", account["id"].as_str().unwrap());

    let before = script.send("POST", &path("/test"), None).await;
    let changed = data(&script.send("PUT", &path(""), Some(json!({ "apiKey": CLAUDE_KEY }))).await);
    let after = script.send("POST", &path("/test"), None).await;
    let refreshed = script.send("POST", &path("/refresh"), None).await;

    refused(&before, StatusCode::BAD_GATEWAY, "test_failed");
    assert_eq!(changed["apiUrl"], script.provider.url(), "what is not named stays");
    data(&after);
    refused(&refreshed, StatusCode::CONFLICT, "conflict");
}

#[tokio::test]
async fn an_account_is_found_under_its_own_noun_alone() {
    let script = Script::start().await;
    let account = script.post("gemini-api-accounts", json!({ "name": "g", "apiKey": GOOGLE_KEY })).await;
    let id = account["id"].as_str().unwrap();

    for noun in ["claude-accounts", "claude-console-accounts"] {
        let path = format!("{noun}/{id}");
        refused(&script.send("GET", &path, None).await, StatusCode::NOT_FOUND, "not_found");
        refused(&script.send("DELETE", &path, None).await, StatusCode::NOT_FOUND, "not_found");
    }
    script.get(&format!("gemini-accounts/{id}")).await;
}

#[tokio::test]
async fn without_a_key_none_is_made() {
    let script = Script::start().await;

    let reply = script.send("POST", "claude-console-accounts", Some(json!({ "name": "keyed" }))).await;

    assert_eq!(refused(&reply, StatusCode::BAD_REQUEST, "required"), "secret: this is required");
}
