//! Signing in to Claude: the address, the exchange, the refresh, who it is and what is left.

use std::time::Duration;

use relay::model::window::WindowName;
use relay::provider::anthropic::oauth::{Flow, authorize_url, exchange, refresh};
use relay::provider::anthropic::profile::profile;
use relay::provider::anthropic::quota::usage;
use relay::provider::oauth::{Pkce, random_state};
use relay::provider::probe::ProbeError;
use serde_json::json;

use crate::support::{Provider, client, config, pairs, secret};

const GRANT: &str = r#"{"token_type":"Bearer","access_token":"sk-ant-oat01-a","expires_in":28800,
    "refresh_token":"sk-ant-ort01-r","scope":"user:inference user:profile",
    "organization":{"uuid":"6a33","name":"Someone's"},"account":{"uuid":"1f2e","email_address":"someone@example.com"}}"#;

#[test]
fn the_address_to_open_asks_for_everything_that_is_set() {
    let config = config(&[]).anthropic;
    let (pkce, state) = (Pkce::new(), random_state());

    let url = authorize_url(&config, &pkce, &state, Flow::SignIn);

    assert!(url.starts_with("https://claude.ai/oauth/authorize?"), "{url}");
    let pairs = pairs(&url);
    assert_eq!(pairs["code"], "true");
    assert_eq!(pairs["response_type"], "code");
    assert_eq!(pairs["client_id"], config.client_id);
    assert_eq!(pairs["redirect_uri"], config.redirect_url);
    assert_eq!(pairs["scope"], config.scopes.join(" "));
    assert_eq!(pairs["code_challenge"], pkce.challenge);
    assert_eq!(pairs["code_challenge_method"], "S256");
    assert_eq!(pairs["state"], state);
}

#[test]
fn a_long_lived_token_is_for_calls_alone() {
    let url = authorize_url(&config(&[]).anthropic, &Pkce::new(), "S", Flow::SetupToken);

    assert_eq!(pairs(&url)["scope"], "user:inference");
}

#[tokio::test]
async fn a_code_is_redeemed_as_json_with_its_state() {
    let provider = Provider::start().await;
    provider.then_json(200, GRANT);
    let (config, pkce) = (provider.claude(), Pkce::new());

    let grant = exchange(&client(), &config, &secret("CODE"), "STATE", &pkce, Flow::SignIn).await.unwrap();

    let seen = provider.only();
    assert_eq!(seen.line, "POST /v1/oauth/token");
    assert_eq!(seen.headers["content-type"], "application/json");
    assert!(seen.headers["user-agent"].starts_with("switchyard/"));
    let expected = json!({
        "grant_type": "authorization_code",
        "code": "CODE",
        "redirect_uri": "https://platform.claude.com/oauth/code/callback",
        "client_id": config.client_id,
        "code_verifier": pkce.verifier.reveal(),
        "state": "STATE",
    });
    assert_eq!(seen.json(), expected);
    assert_eq!(grant.access.reveal(), "sk-ant-oat01-a");
    assert_eq!(grant.refresh.unwrap().reveal(), "sk-ant-ort01-r");
    assert_eq!(grant.expires_in, Some(Duration::from_secs(28_800)));
    assert_eq!(grant.scopes, ["user:inference", "user:profile"]);
    assert_eq!(grant.identity.email.as_deref(), Some("someone@example.com"));
    assert_eq!(grant.identity.account_id.as_deref(), Some("1f2e"));
    assert_eq!(grant.identity.organization_id.as_deref(), Some("6a33"));
    assert_eq!(grant.identity.organization_name.as_deref(), Some("Someone's"));
}

#[tokio::test]
async fn a_long_lived_token_asks_for_a_year_and_keeps_no_refresh_token() {
    let provider = Provider::start().await;
    provider.then_json(200, r#"{"access_token":"sk-ant-oat01-a","refresh_token":"sk-ant-ort01-r"}"#);
    let code = secret("CODE");

    let grant =
        exchange(&client(), &provider.claude(), &code, "S", &Pkce::new(), Flow::SetupToken).await.unwrap();

    assert_eq!(provider.only().json()["expires_in"], 31_536_000);
    assert!(grant.refresh.is_none());
    assert_eq!(grant.scopes, ["user:inference"]);
}

#[tokio::test]
async fn a_refresh_gives_the_new_pair_or_keeps_the_old_refresh_token() {
    let provider = Provider::start().await;
    provider.then_json(200, GRANT).then_json(200, r#"{"access_token":"sk-ant-oat01-b","expires_in":"60"}"#);
    let (config, old) = (provider.claude(), secret("sk-ant-ort01-old"));

    let rotated = refresh(&client(), &config, &old).await.unwrap();
    let kept = refresh(&client(), &config, &old).await.unwrap();

    let expected = json!({"grant_type": "refresh_token", "refresh_token": "sk-ant-ort01-old", "client_id": config.client_id});
    assert_eq!(provider.seen()[0].json(), expected);
    assert_eq!(rotated.refresh.unwrap().reveal(), "sk-ant-ort01-r");
    assert_eq!(kept.refresh.unwrap().reveal(), "sk-ant-ort01-old");
    assert_eq!(kept.expires_in, Some(Duration::from_secs(60)));
    assert!(kept.scopes.is_empty());
}

#[tokio::test]
async fn the_profile_says_who_and_which_plan() {
    let provider = Provider::start().await;
    provider.then_json(
        200,
        r#"{"account":{"uuid":"1f2e","email":"someone@example.com","has_claude_max":true},
            "organization":{"uuid":"6a33","name":"Someone's","organization_type":"claude_max",
            "rate_limit_tier":"default_claude_max_20x"}}"#,
    );

    let identity = profile(&client(), &provider.claude(), &secret("sk-ant-oat01-a")).await.unwrap();

    let seen = provider.only();
    assert_eq!(seen.line, "GET /api/oauth/profile");
    assert_eq!(seen.headers["authorization"], "Bearer sk-ant-oat01-a");
    assert_eq!(seen.headers["anthropic-beta"], "oauth-2025-04-20");
    assert_eq!(identity.email.as_deref(), Some("someone@example.com"));
    assert_eq!(identity.plan_label(), "Max 20x");
}

#[tokio::test]
async fn usage_gives_windows_or_says_why_not() {
    let provider = Provider::start().await;
    provider
        .then_json(
            200,
            r#"{"five_hour":{"utilization":37.0,"resets_at":"2026-03-10T05:00:00Z"},"seven_day":null}"#,
        )
        .then_json(401, r#"{"type":"error","error":{"type":"authentication_error","message":"old"}}"#)
        .then_json(403, r#"{"error":{"type":"permission_error","message":"scope user:profile"}}"#)
        .then(403, &[("content-type", "text/html")], "<html>no</html>")
        .then(429, &[("retry-after", "1800")], "{}")
        .then_json(200, "[]");
    let (config, access) = (provider.claude(), secret("sk-ant-oat01-a"));
    let ask = async || usage(&client(), &config, &access).await;

    let windows = ask().await.unwrap();
    assert_eq!(windows.len(), 1);
    assert_eq!(windows[0].window, WindowName::FiveHour);
    assert_eq!(windows[0].used, Some(3_700));

    assert!(matches!(ask().await, Err(ProbeError::Unauthorized(_))));
    assert!(matches!(ask().await, Err(ProbeError::Forbidden(_))));
    assert_eq!(ask().await, Err(ProbeError::Edge(403)));
    assert_eq!(ask().await.unwrap_err().retry_after(), Some(Duration::from_secs(1800)));
    assert!(matches!(ask().await, Err(ProbeError::Unreadable(_))));
}
