//! Claude accounts by REST.

use http::StatusCode;
use serde_json::{Value, json};
use upstream::{Behaviour, ClaudeAccount, Endpoint, Gate};

use super::{Script, data, refused};

const MINUTES_10: i64 = 10 * 60_000;

async fn begin(script: &Script) -> (String, String) {
    let begun = script.post("claude-accounts/generate-auth-url", json!({})).await;
    let text = |name: &str| begun[name].as_str().unwrap().to_owned();
    assert!(begun["instructions"].as_array().is_some_and(|lines| !lines.is_empty()));
    (text("authUrl"), text("sessionId"))
}

#[tokio::test]
async fn a_script_of_the_original_adds_an_account_and_never_holds_a_token() {
    let script = Script::start().await;
    let (url, session) = begin(&script).await;
    let shown = script.provider.authorize(&url).unwrap().shown;

    let exchange = json!({ "sessionId": session, "authorizationCode": shown });
    let exchanged = script.post("claude-accounts/exchange-code", exchange).await;
    let oauth = &exchanged["claudeAiOauth"];
    let account = script
        .post(
            "claude-accounts",
            json!({
                "name": "first", "description": "of the team", "email": "", "password": "", "refreshToken": "",
                "claudeAiOauth": oauth, "proxy": null, "accountType": "shared", "priority": 20,
            }),
        )
        .await;

    for name in ["accessToken", "refreshToken"] {
        assert!(oauth[name].as_str().unwrap().starts_with("ticket_"), "{oauth}");
    }
    assert_eq!((&oauth["isMax"], oauth["expiresAt"].is_i64()), (&json!(true), true));
    assert!(oauth["scopes"].as_array().unwrap().contains(&json!("user:inference")));
    assert_eq!(account["status"], "active");
    assert_eq!((&account["name"], &account["description"]), (&json!("first"), &json!("of the team")));
    assert_eq!((&account["priority"], &account["email"]), (&json!(20), &json!("claude@example.com")));
    assert_eq!(account["expiresAt"].as_str().unwrap(), oauth["expiresAt"].to_string());
    let listed = script.get("claude-accounts").await;
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(listed[0], account);
    assert_eq!(script.get(&format!("claude-accounts/{}", account["id"].as_str().unwrap())).await, account);
    script.assert_nothing_leaked(&[]);
}

#[tokio::test]
async fn the_whole_address_does_for_a_code() {
    let script = Script::start().await;
    let (url, session) = begin(&script).await;
    let address = script.provider.authorize(&url).unwrap().address;

    let exchange = json!({ "sessionId": session, "callbackUrl": address });
    let exchanged = script.post("claude-accounts/exchange-code", exchange).await;

    assert!(exchanged["claudeAiOauth"]["accessToken"].is_string());
}

#[tokio::test]
async fn a_ticket_is_good_once_and_a_name_that_is_taken_does_not_cost_it() {
    let script = Script::start().await;
    script.post("claude-accounts", json!({ "name": "taken", "apiKey": "sk-ant-api03-good" })).await;
    let ticket = script.claude_ticket().await;
    let create = async |name: &str, oauth: &Value| {
        script.send("POST", "claude-accounts", Some(json!({ "name": name, "claudeAiOauth": oauth }))).await
    };

    let taken = create("taken", &ticket).await;
    let made = create("first", &ticket).await;
    let again = create("second", &ticket).await;

    refused(&taken, StatusCode::CONFLICT, "taken");
    data(&made);
    refused(&again, StatusCode::BAD_REQUEST, "ticket_over");
}

#[tokio::test]
async fn a_ticket_ends_after_ten_minutes() {
    let script = Script::start().await;
    let ticket = script.claude_ticket().await;

    script.house.shared.clock.advance(MINUTES_10);
    let late =
        script.send("POST", "claude-accounts", Some(json!({ "name": "a", "claudeAiOauth": ticket }))).await;

    refused(&late, StatusCode::BAD_REQUEST, "ticket_over");
}

#[tokio::test]
async fn the_refresh_ticket_alone_is_enough() {
    let script = Script::start().await;
    let ticket = script.claude_ticket().await;

    let account = script
        .post("claude-accounts", json!({ "name": "first", "refreshToken": ticket["refreshToken"] }))
        .await;

    assert_eq!((&account["kind"], &account["hasRefreshToken"]), (&json!("claude_oauth"), &json!(true)));
}

#[tokio::test]
async fn what_is_wrong_with_a_code_is_said_and_another_can_be_sent() {
    let script = Script::start().await;
    let (url, session) = begin(&script).await;
    let authorized = script.provider.authorize(&url).unwrap();
    let exchange = async |code: &str| {
        let body = json!({ "sessionId": session, "authorizationCode": code });
        script.send("POST", "claude-accounts/exchange-code", Some(body)).await
    };

    refused(&exchange("").await, StatusCode::BAD_REQUEST, "required");
    refused(&exchange("no such code").await, StatusCode::BAD_REQUEST, "code_refused");
    refused(&exchange("abc#another-state").await, StatusCode::BAD_REQUEST, "other_sign_in");
    refused(&exchange(&url).await, StatusCode::BAD_REQUEST, "link_pasted");
    let good = exchange(&authorized.shown).await;
    let used = exchange(&authorized.shown).await;

    data(&good);
    refused(&used, StatusCode::GONE, "sign_in_over");
}

#[tokio::test]
async fn a_sign_in_is_its_own_session_s_and_ends_after_ten_minutes() {
    let script = Script::start().await;
    let (url, session) = begin(&script).await;
    let shown = script.provider.authorize(&url).unwrap().shown;
    let other = script.house.token().await;
    let body = json!({ "sessionId": session, "authorizationCode": shown });
    let path = "claude-accounts/exchange-code";

    let stolen = script.send_as(&other, "POST", path, Some(body.clone())).await;
    script.house.shared.clock.advance(MINUTES_10);
    let late = script.send("POST", path, Some(body)).await;

    refused(&stolen, StatusCode::GONE, "sign_in_over");
    refused(&late, StatusCode::GONE, "sign_in_over");
}

#[tokio::test]
async fn a_setup_token_has_an_exchange_of_its_own() {
    let script = Script::start().await;
    let begun = script.post("claude-accounts/generate-setup-token-url", json!({})).await;
    let shown = script.provider.authorize(begun["authUrl"].as_str().unwrap()).unwrap().shown;
    let body = json!({ "sessionId": begun["sessionId"], "authorizationCode": shown });

    let wrong = script.send("POST", "claude-accounts/exchange-code", Some(body.clone())).await;
    let oauth = script.post("claude-accounts/exchange-setup-token-code", body).await["claudeAiOauth"].clone();
    let account = script.post("claude-accounts", json!({ "name": "a", "claudeAiOauth": oauth })).await;

    refused(&wrong, StatusCode::BAD_REQUEST, "bad_request");
    assert_eq!((&oauth["refreshToken"], &oauth["scopes"]), (&json!(""), &json!(["user:inference"])));
    assert_eq!((&account["authType"], &account["hasRefreshToken"]), (&json!("setup-token"), &json!(false)));
    script.assert_nothing_leaked(&[]);
}

#[tokio::test]
async fn real_tokens_are_taken_and_not_given_back() {
    let script = Script::start().await;
    let issued = script.provider.issue("claude").unwrap();
    script.provider.claude_account(ClaudeAccount::new("bob"));
    let alone = script.provider.issue("bob").unwrap();
    let oauth = json!({
        "accessToken": issued["access_token"], "refreshToken": issued["refresh_token"],
        "expiresAt": 1_800_003_600_000_i64, "scopes": ["user:inference"], "isMax": true,
    });

    let whole = script.post("claude-accounts", json!({ "name": "whole", "claudeAiOauth": oauth })).await;
    let by_refresh = json!({ "name": "by refresh", "refreshToken": alone["refresh_token"] });
    let by_refresh = script.post("claude-accounts", by_refresh).await;
    let unknown = json!({ "name": "unknown", "refreshToken": "sk-ant-ort01-unknown" });
    let unknown = script.send("POST", "claude-accounts", Some(unknown)).await;

    assert_eq!(
        (&whole["email"], &by_refresh["email"]),
        (&json!("claude@example.com"), &json!("bob@example.com"))
    );
    assert_eq!(script.provider.books().account("bob").refreshes, 1);
    let message = refused(&unknown, StatusCode::BAD_REQUEST, "not_pasted");
    assert!(message.starts_with("tokens: the provider does not take these tokens"), "{message}");
    // The refusal must not repeat the token either.
    script.assert_nothing_leaked(&[]);
}

#[tokio::test]
async fn a_dead_proxy_is_named_and_the_code_is_not_used_up() {
    let script = Script::start().await;
    let proxy = json!({ "type": "socks5", "host": "127.0.0.1", "port": 9, "username": "joe", "password": "hush hush" });
    let begun = script.post("claude-accounts/generate-auth-url", json!({ "proxy": proxy })).await;
    let shown = script.provider.authorize(begun["authUrl"].as_str().unwrap()).unwrap().shown;
    let body = json!({ "sessionId": begun["sessionId"], "authorizationCode": shown });

    let dead = script.send("POST", "claude-accounts/exchange-code", Some(body.clone())).await;
    let again = script.send("POST", "claude-accounts/exchange-code", Some(body)).await;

    let message = refused(&dead, StatusCode::BAD_GATEWAY, "proxy_failed");
    assert!(message.contains("socks5://joe@127.0.0.1:9"), "{message}");
    refused(&again, StatusCode::BAD_GATEWAY, "proxy_failed");
    script.assert_nothing_leaked(&["hush hush"]);
}

#[tokio::test]
async fn a_provider_in_trouble_costs_no_sign_in() {
    let script = Script::start().await;
    let (url, session) = begin(&script).await;
    let shown = script.provider.authorize(&url).unwrap().shown;
    script.provider.script_on(
        Endpoint::ClaudeToken,
        "claude",
        Behaviour::status(503).times(1).then(Behaviour::ok()),
    );
    let body = json!({ "sessionId": session, "authorizationCode": shown });

    let failed = script.send("POST", "claude-accounts/exchange-code", Some(body.clone())).await;
    let worked = script.send("POST", "claude-accounts/exchange-code", Some(body)).await;

    refused(&failed, StatusCode::BAD_GATEWAY, "provider_failed");
    data(&worked);
}

#[tokio::test]
async fn what_was_begun_goes_on_to_its_end_when_the_script_leaves() {
    let script = Script::start().await;
    let issued = script.provider.issue("claude").unwrap();
    let gate = Gate::new();
    script.provider.script_on(Endpoint::ClaudeProfile, "claude", Behaviour::ok().gated(&gate));
    let oauth = json!({ "accessToken": issued["access_token"], "expiresAt": 1_800_003_600_000_i64 });
    let mut events = script.house.shared.live.subscribe();

    let create = script.send("POST", "claude-accounts", Some(json!({ "name": "a", "claudeAiOauth": oauth })));
    let asked = |books: &upstream::Books| {
        books.exchanges.iter().any(|exchange| exchange.endpoint == Some(Endpoint::ClaudeProfile))
    };
    tokio::select! {
        reply = create => panic!("the gate is closed: {}", reply.text),
        _ = script.provider.wait_for(asked) => {}
    }
    gate.open();
    events.recv().await.unwrap();

    assert_eq!(script.get("claude-accounts").await[0]["name"], "a");
}
