//! Limits: the windows of subscriptions, in headers and at the usage endpoint.

use std::time::Duration;

use serde_json::Value;
use upstream::{Behaviour, ClaudeAccount, Endpoint, Options, Upstream, Window};

use crate::sign_in::{read, text, with_token};

const NOW: i64 = 1_795_528_800;

const OPUS: &str = r#"{"model":"claude-opus-5","max_tokens":1,"messages":[]}"#;
const HAIKU: &str = r#"{"model":"claude-haiku-5","max_tokens":1,"messages":[]}"#;

/// An upstream at a fixed time with an account of these windows, and a token of it.
async fn limited(windows: Vec<Window>) -> (Upstream, String) {
    let options = Options::new().clock(|| NOW * 1000);
    let upstream = Upstream::start(options).await.expect("an upstream");
    upstream.claude_account(ClaudeAccount { windows, ..ClaudeAccount::new("alice") });
    let tokens = upstream.issue("alice").expect("tokens");
    let access = text(&tokens, "access_token").to_owned();
    (upstream, access)
}

async fn ask(upstream: &Upstream, access: &str, body: &'static str) -> reqwest::Response {
    with_token(upstream, "/v1/messages", access).body(body).send().await.expect("an answer")
}

fn header<'a>(answer: &'a reqwest::Response, name: &str) -> &'a str {
    let name = format!("anthropic-ratelimit-unified-{name}");
    answer.headers().get(name).map_or("-", |value| value.to_str().expect("text"))
}

#[tokio::test]
async fn each_message_fills_the_windows_until_they_refuse_and_their_reset_empties_them() {
    let windows = vec![Window::new("5h").step(0.4).resets_at(NOW + 100), Window::new("7d").step(0.1)];
    let (upstream, access) = limited(windows).await;

    let mut seen = Vec::new();
    for _ in 0..4 {
        let answer = ask(&upstream, &access, HAIKU).await;
        let utilization = header(&answer, "5h-utilization").to_owned();
        seen.push((answer.status().as_u16(), utilization, header(&answer, "status").to_owned()));
    }
    let refused = ask(&upstream, &access, HAIKU).await;
    upstream.advance(Duration::from_secs(100));
    let after = ask(&upstream, &access, HAIKU).await;

    let seen: Vec<_> =
        seen.iter().map(|(status, used, word)| (*status, used.as_str(), word.as_str())).collect();
    let expected =
        [(200, "0.4", "allowed"), (200, "0.8", "allowed_warning"), (200, "1.2", "allowed_warning")];
    assert_eq!(seen[..3], expected);
    assert_eq!(seen[3], (429, "1.2", "rejected"));
    assert_eq!(refused.headers()["retry-after"], "100");
    assert_eq!(header(&refused, "representative-claim"), "five_hour");
    assert_eq!(header(&refused, "5h-reset"), (NOW + 100).to_string());
    assert_eq!(header(&refused, "7d-status"), "allowed");
    assert_eq!((after.status().as_u16(), header(&after, "5h-utilization")), (200, "0.4"));
    assert_eq!(header(&after, "5h-reset"), (NOW + 100 + 5 * 3600).to_string());
}

#[tokio::test]
async fn a_spent_family_window_refuses_its_family_alone() {
    let (upstream, access) = limited(vec![Window::new("5h"), Window::new("7d_opus").utilization(1.0)]).await;

    let opus = ask(&upstream, &access, OPUS).await;
    let haiku = ask(&upstream, &access, HAIKU).await;

    assert_eq!((opus.status().as_u16(), header(&opus, "representative-claim")), (429, "seven_day_opus"));
    assert_eq!((haiku.status().as_u16(), header(&haiku, "status")), (200, "allowed"));
    let reply: Value = opus.json().await.expect("JSON");
    assert_eq!(reply["error"]["type"], "rate_limit_error");
}

#[tokio::test]
async fn what_is_refused_by_script_fills_nothing() {
    let (upstream, access) = limited(vec![Window::new("5h").step(0.5)]).await;
    upstream.script("alice", Behaviour::overloaded().times(3).then(Behaviour::ok()));

    for expected in [529, 529, 529, 200] {
        assert_eq!(ask(&upstream, &access, HAIKU).await.status(), expected);
    }

    let account = upstream.claude_account_now("alice").expect("an account");
    assert!((account.windows[0].utilization - 0.5).abs() < 1e-9);
}

#[tokio::test]
async fn accounts_of_one_organization_share_their_windows() {
    let (upstream, alice) = limited(vec![Window::new("5h").step(0.25)]).await;
    let owner = upstream.claude_account_now("alice").expect("an account");
    upstream.claude_account(ClaudeAccount {
        organization_uuid: owner.organization_uuid,
        windows: owner.windows,
        ..ClaudeAccount::new("bob")
    });
    let tokens = upstream.issue("bob").expect("tokens");

    ask(&upstream, &alice, HAIKU).await;
    let answer = ask(&upstream, text(&tokens, "access_token"), HAIKU).await;

    assert_eq!(header(&answer, "5h-utilization"), "0.5");
}

#[tokio::test]
async fn the_usage_endpoint_tells_the_same_in_percent_and_has_a_limit_of_its_own() {
    let windows = vec![Window::new("5h").utilization(0.37).resets_at(NOW + 60), Window::new("7d_sonnet")];
    let (upstream, access) = limited(windows).await;
    let usage = || with_token(&upstream, "/api/oauth/usage", &access).send();

    let (_, reply) = read(usage().await).await;
    upstream.script_on(Endpoint::ClaudeUsage, "alice", Behaviour::rate_limited(1800));
    let limited = usage().await.expect("an answer");
    let (_, profile) = read(with_token(&upstream, "/api/oauth/profile", &access).send().await).await;

    assert_eq!(reply["five_hour"]["utilization"], 37.0);
    assert_eq!(reply["five_hour"]["resets_at"], "2026-11-24T14:01:00.000000+00:00");
    assert_eq!((&reply["seven_day"], &reply["seven_day_opus"]), (&Value::Null, &Value::Null));
    assert_eq!(reply["seven_day_sonnet"]["utilization"], 0.0);
    assert_eq!(
        (limited.status().as_u16(), &limited.headers()["retry-after"]),
        (429, &"1800".parse().expect("text"))
    );
    assert_eq!(profile["account"]["email"], "alice@example.com");
    assert_eq!(profile["organization"]["rate_limit_tier"], "default_claude_max_20x");
}
