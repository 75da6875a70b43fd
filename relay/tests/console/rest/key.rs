//! Keys by REST.

use http::StatusCode;
use serde_json::{Value, json};

use super::{Script, data, refused};

async fn path(script: &Script, body: Value) -> (String, Value) {
    let made = script.post("api-keys", body).await;
    (format!("api-keys/{}", made["id"].as_str().unwrap()), made)
}

#[tokio::test]
async fn a_key_is_made_in_the_originals_words_and_comes_back_in_them() {
    let script = Script::start().await;
    let account = script.claude_account("one").await;

    let (path, made) = path(
        &script,
        json!({
            "name": "laptop", "description": "of joan", "tags": ["Team A"], "permissions": "claude",
            "claudeAccountId": account["id"], "concurrencyLimit": 4, "rateLimitWindow": 60,
            "rateLimitRequests": "100", "tokenLimit": 500_000, "dailyCostLimit": 2.5, "weeklyOpusCostLimit": 7, "enableModelRestriction": true,
            "restrictedModels": ["claude-opus-*"], "expiresAt": "2099-01-31T00:00:00Z",
        }),
    )
    .await;
    let shown = script.get(&path).await;

    assert!(made["apiKey"].as_str().unwrap().starts_with("cr_"));
    assert_eq!(shown["apiKey"], Value::Null);
    for (field, value) in [
        ("description", json!("of joan")),
        ("tags", json!(["team a"])),
        ("permissions", json!("claude")),
        ("claudeAccountId", account["id"].clone()),
        ("concurrencyLimit", json!(4)),
        ("rateLimitWindow", json!(60)),
        ("rateLimitRequests", json!(100)),
        ("tokenLimit", json!(500_000)),
        ("dailyCostLimit", json!(2.5)),
        ("weeklyOpusCostLimit", json!(7.0)),
        ("restrictedModels", json!(["claude-opus-*"])),
        ("expiresAt", json!("2099-01-31T00:00:00.000Z")),
        ("isActive", json!(true)),
    ] {
        assert_eq!(shown[field], value, "{field}");
    }
    assert_eq!(shown["limitUsage"]["limits"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn what_a_change_does_not_name_stays_and_0_is_no_limit() {
    let script = Script::start().await;
    let (path, _) =
        path(&script, json!({ "name": "a", "totalCostLimit": "9.99", "concurrencyLimit": 2 })).await;
    let put = async |body: Value| data(&script.send("PUT", &path, Some(body)).await);

    let renamed = put(json!({ "name": "b", "isActive": false })).await;
    let freed = put(json!({ "totalCostLimit": 0 })).await;
    let whole =
        json!({ "limits": [{ "measure": "tokens", "most": 5, "per": { "minutes": 7 }, "models": "opus" }] });
    let whole = put(json!({ "limits": whole })).await;

    assert_eq!((&renamed["name"], &renamed["isActive"]), (&json!("b"), &json!(false)));
    assert_eq!((&renamed["totalCostLimit"], &renamed["concurrencyLimit"]), (&json!(9.99), &json!(2)));
    assert_eq!((&freed["totalCostLimit"], &freed["concurrencyLimit"]), (&json!(0), &json!(2)));
    assert_eq!(whole["limits"]["limits"][0]["models"], "opus");
    assert_eq!(whole["concurrencyLimit"], 0);
}

#[tokio::test]
async fn several_keys_are_made_changed_and_deleted_together() {
    let script = Script::start().await;
    let made =
        script.post("api-keys/batch", json!({ "baseName": "seat", "count": 3, "tags": ["spare"] })).await;
    let mut ids: Vec<_> = made.as_array().unwrap().iter().map(|key| key["id"].clone()).collect();
    ids.push(json!("nobody"));

    let updates = json!({ "keyIds": ids, "updates": { "dailyCostLimit": 1 } });
    let changed = data(&script.send("PUT", "api-keys/batch", Some(updates)).await);
    let listed = script.get("api-keys?tag=spare").await;
    let tags = script.get("api-keys/tags").await;
    let deleted = data(&script.send("DELETE", "api-keys/batch", Some(json!({ "keyIds": ids }))).await);

    assert_eq!((&changed["successCount"], &changed["failedCount"]), (&json!(3), &json!(1)));
    assert!(listed.as_array().unwrap().iter().all(|key| key["dailyCostLimit"] == 1.0));
    assert_eq!(tags, json!(["spare"]));
    assert_eq!((&deleted["successCount"], &deleted["failedCount"]), (&json!(3), &json!(1)));
    assert_eq!(script.get("api-keys?tag=spare").await, json!([]));
}

#[tokio::test]
async fn a_key_ends_and_gets_another_text() {
    let script = Script::start().await;
    let (path, made) = path(
        &script,
        json!({ "name": "a", "expirationMode": "activation", "activationDays": 48, "activationUnit": "hours" }),
    )
    .await;
    let patch =
        async |body: Value| data(&script.send("PATCH", &format!("{path}/expiration"), Some(body)).await);

    let activated = patch(json!({ "activateNow": true })).await;
    let never = patch(json!({ "expiresAt": null })).await;
    let rotated = script.post(&format!("{path}/rotate"), json!({ "graceSeconds": 60 })).await;
    let gone = script.send("DELETE", &path, None).await.json();

    assert_eq!((&made["expirationMode"], &made["activationDays"]), (&json!("activation"), &json!(2)));
    assert!(activated["expiresAt"].is_string());
    assert_eq!((&never["expiresAt"], &never["expirationMode"]), (&Value::Null, &json!("fixed")));
    assert_ne!(rotated["apiKey"], made["apiKey"]);
    assert!(rotated["formerKeyUntil"].is_string());
    assert_eq!(gone["success"], true);
    refused(&script.send("GET", &path, None).await, StatusCode::NOT_FOUND, "not_found");
    refused(&script.send("DELETE", &path, None).await, StatusCode::NOT_FOUND, "not_found");
}

#[tokio::test]
async fn a_wrong_field_is_named() {
    let script = Script::start().await;
    let post = async |body: Value| script.send("POST", "api-keys", Some(body)).await;

    for (body, words) in [
        (json!({ "name": "a", "permissions": "openai" }), "permissions"),
        (json!({ "name": "a", "rateLimitRequests": 5 }), "rateLimitWindow"),
        (json!({ "name": "a", "dailyCostLimit": "much" }), "dailyCostLimit"),
        (json!({ "name": "a", "expiresAt": "tomorrow" }), "expiresAt"),
        (json!({ "name": "a", "limits": { "unheard": 1 } }), "limits"),
        (json!({ "name": "a", "claudeAccountId": "a", "geminiAccountId": "b" }), "geminiAccountId"),
    ] {
        let message = refused(&post(body).await, StatusCode::BAD_REQUEST, "bad_request");
        assert!(message.contains(words), "{words}: {message}");
    }
    refused(
        &post(json!({ "name": "a", "claudeAccountId": "nobody" })).await,
        StatusCode::NOT_FOUND,
        "not_found",
    );
    refused(&post(json!({ "name": " " })).await, StatusCode::BAD_REQUEST, "required");
}
