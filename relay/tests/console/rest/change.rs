//! What is done with a Claude account by REST once it is there.

use http::StatusCode;
use serde_json::{Value, json};
use upstream::{Behaviour, ClaudeAccount};

use super::{Script, data, refused};

#[tokio::test]
async fn an_account_is_changed_in_part_and_signed_in_to_anew() {
    let script = Script::start().await;
    let account = script.claude_account("first").await;
    let path = format!("claude-accounts/{}", account["id"].as_str().unwrap());
    let proxy = json!({ "type": "socks5", "host": "127.0.0.1", "port": "9", "username": "joe", "password": "hush hush" });
    let put = async |body: Value| script.send("PUT", &path, Some(body)).await;

    let noted = put(json!({ "description": "new", "proxy": proxy })).await;
    let renamed = data(&put(json!({ "name": "other", "maxConcurrency": 3 })).await);
    let kept =
        json!({ "type": "socks5", "host": "127.0.0.1", "port": 9, "username": "joe", "hasPassword": true });
    let out = data(&put(json!({ "proxy": kept, "schedulable": false })).await);
    let direct = data(&put(json!({ "proxy": null, "isActive": true })).await);
    let ticket = script.claude_ticket().await;
    let signed_in = data(&put(json!({ "claudeAiOauth": ticket })).await);
    script.provider.claude_account(ClaudeAccount::new("bob"));
    script.provider.sign_in_as("bob");
    let other = put(json!({ "claudeAiOauth": script.claude_ticket().await })).await;

    assert_eq!(noted.json()["message"], "account changed");
    assert_eq!((&renamed["name"], &renamed["description"]), (&json!("other"), &json!("new")));
    assert_eq!((&renamed["proxy"], &renamed["maxConcurrency"]), (&kept, &json!(3)));
    assert_eq!((&out["proxy"], &out["schedulable"], &out["state"]), (&kept, &json!(false), &json!("paused")));
    assert_eq!((&direct["proxy"], &direct["state"]), (&Value::Null, &json!("able")));
    assert_eq!((&signed_in["id"], &signed_in["name"]), (&account["id"], &json!("other")));
    refused(&other, StatusCode::CONFLICT, "other_owner");
    script.assert_nothing_leaked(&["hush hush"]);
}

#[tokio::test]
async fn a_refresh_gives_the_new_end_and_no_token() {
    let script = Script::start().await;
    let account = script.claude_account("first").await;
    let path = format!("claude-accounts/{}/refresh", account["id"].as_str().unwrap());

    let refreshed = data(&script.send("POST", &path, None).await);
    script.provider.revoke("claude");
    let failed = script.send("POST", &path, None).await;

    assert_eq!((&refreshed["success"], &refreshed["accessToken"]), (&json!(true), &json!("[redacted]")));
    assert!(refreshed["expiresAt"].as_str().unwrap().parse::<i64>().is_ok());
    assert_eq!(script.provider.books().account("claude").refreshes, 1);
    refused(&failed, StatusCode::BAD_GATEWAY, "provider_failed");
    let listed = script.get("claude-accounts").await;
    assert_eq!(
        (&listed[0]["status"], &listed[0]["state"]),
        (&json!("unauthorized"), &json!("needs_sign_in"))
    );
    script.assert_nothing_leaked(&[]);
}

#[tokio::test]
async fn an_account_is_switched_reset_tested_and_deleted() {
    let script = Script::start().await;
    let account = script.claude_account("first").await;
    let path = |act: &str| format!("claude-accounts/{}{act}", account["id"].as_str().unwrap());

    let off = script.send("PUT", &path("/toggle-schedulable"), None).await.json();
    let on = script.send("PUT", &path("/toggle-schedulable"), None).await.json();
    let reset = data(&script.send("POST", &path("/reset-status"), None).await);
    let tested = data(&script.send("POST", &path("/test"), None).await);
    script.provider.script("claude", Behaviour::organization_disabled());
    let failed = script.send("POST", &path("/test"), Some(json!({ "model": "claude-sonnet-4-5" }))).await;
    let deleted = script.send("DELETE", &path(""), None).await.json();

    assert_eq!(off, json!({ "success": true, "schedulable": false, "isActive": false }));
    assert_eq!(on, json!({ "success": true, "schedulable": true, "isActive": true }));
    assert_eq!((&reset["success"], &reset["accountId"]), (&json!(true), &account["id"]));
    assert_eq!((&tested["accountName"], tested["steps"].as_array().unwrap().len()), (&json!("first"), 3));
    refused(&failed, StatusCode::BAD_GATEWAY, "test_failed");
    assert_eq!(deleted["success"], true);
    assert_eq!(script.get("claude-accounts").await, json!([]));
    refused(&script.send("GET", &path(""), None).await, StatusCode::NOT_FOUND, "not_found");
}

#[tokio::test]
async fn what_does_not_fit_is_named() {
    let script = Script::start().await;
    let ticket = script.claude_ticket().await;
    let proxy = |field: &str, value: Value| {
        let mut proxy = json!({ "type": "http", "host": "proxy.example", "port": 3128 });
        proxy[field] = value;
        json!({ "proxy": proxy })
    };

    for (more, error, message) in [
        (json!({ "name": "" }), "required", "name: this is required"),
        (json!({ "priority": 101 }), "out_of_range", "priority: must be between 1 and 100"),
        (json!({ "priority": -5 }), "out_of_range", "priority: must be between 1 and 100"),
        (json!({ "priority": "high" }), "bad_request", "priority must be a whole number"),
        (json!({ "proxy": "socks5://a" }), "bad_request", "proxy must be an object"),
        (proxy("type", json!("ftp")), "bad_request", "proxy.type must be socks5, http or https"),
        (proxy("port", json!(70_000)), "bad_request", "proxy.port must be a number from 1 to 65535"),
        (proxy("host", json!("")), "required", "proxy_host: this is required"),
        (json!({ "accountType": "odd" }), "bad_request", "accountType must be shared, dedicated or group"),
        (
            json!({ "accountType": "group" }),
            "bad_request",
            "groupId must be given for an account of type group",
        ),
        (json!({ "groupId": "none" }), "bad_request", "groupId must be the id of a group"),
        (json!({ "claudeAiOauth": [] }), "bad_request", "claudeAiOauth must be an object"),
    ] {
        let mut body = json!({ "name": "first", "claudeAiOauth": ticket });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let reply = script.send("POST", "claude-accounts", Some(body)).await;
        assert_eq!(refused(&reply, StatusCode::BAD_REQUEST, error), message);
    }
    let nothing = script.send("POST", "claude-accounts", Some(json!({ "name": "first" }))).await;
    refused(&nothing, StatusCode::BAD_REQUEST, "required");
    let made = json!({ "name": "first", "claudeAiOauth": ticket });
    script.post("claude-accounts", made).await;
}
