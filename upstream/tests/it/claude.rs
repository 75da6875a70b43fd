//! Signing in with Claude: the page, the codes, the tokens.

use std::time::Duration;

use serde_json::json;
use upstream::{Behaviour, ClaudeAccount, Endpoint};

use crate::sign_in::{CHALLENGE, address, exchange, read, refresh, text, token, with_token};
use crate::{WHOLE, start};

#[tokio::test]
async fn a_sign_in_ends_with_tokens_that_are_served() {
    let upstream = start().await;

    let authorized = upstream.authorize(&address(&upstream, &[])).expect("a code");
    let (status, reply) = read(token(&upstream, &exchange(&authorized.code, json!({}))).await).await;

    assert_eq!(authorized.shown, format!("{}#state-1", authorized.code));
    assert!(authorized.address.starts_with("https://platform.claude.com/oauth/code/callback?code="));
    assert_eq!((status, &reply["expires_in"], &reply["token_type"]), (200, &28_800.into(), &"Bearer".into()));
    assert_eq!(reply["account"]["email_address"], "claude@example.com");
    let access = text(&reply, "access_token");
    assert!(
        access.starts_with("sk-ant-oat01-") && text(&reply, "refresh_token").starts_with("sk-ant-ort01-")
    );
    let answer = with_token(&upstream, "/v1/messages", access).body(WHOLE).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let organization = answer.headers()["anthropic-organization-id"].to_str().expect("text");
    assert_eq!(organization, upstream.claude_account_now("claude").expect("an account").organization_uuid);
    let account = upstream.books().account("claude");
    assert_eq!((account.exchanges, account.messages, account.refused), (1, 1, 0));
}

#[tokio::test]
async fn the_page_shows_the_code_and_the_address_and_lets_somebody_else_sign_in() {
    let upstream = start().await;
    upstream.claude_account(ClaudeAccount::new("bob"));
    let page = async |url: String| reqwest::get(url).await.expect("a page").text().await.expect("a body");

    let usual = page(address(&upstream, &[])).await;
    let bob = page(address(&upstream, &[("state", "s<>")]) + "&account=bob").await;
    let refused = page(address(&upstream, &[]) + "&deny=1").await;

    let between = |page: &str, from: &str| {
        let rest = page.split_once(from).expect("an element").1;
        rest.split_once('<').expect("its end").0.to_owned()
    };
    let shown = between(&usual, r#"id="code">"#);
    let (code, state) = shown.split_once('#').expect("a code and a state");
    assert_eq!(state, "state-1");
    assert!(between(&usual, r#"id="address">"#).contains(code));
    assert!(usual.contains(r"account=bob"));
    assert_eq!(between(&bob, r#"id="account">"#), "bob");
    assert!(refused.contains("error=access_denied"));
    assert_eq!(read(token(&upstream, &exchange(code, json!({}))).await).await.0, 200);
}

#[tokio::test]
async fn an_authorize_address_must_be_right_in_every_part() {
    let upstream = start().await;
    let wrong = [
        ("response_type", "token"),
        ("client_id", "another"),
        ("redirect_uri", "https://elsewhere.example/callback"),
        ("redirect_uri", ""),
        ("scope", "user:inference user:everything"),
        ("scope", ""),
        ("code_challenge", ""),
        ("code_challenge", "too-short"),
        ("code_challenge_method", "plain"),
        ("state", ""),
    ];
    for (name, value) in wrong {
        let url = address(&upstream, &[(name, value)]);

        let refusal = upstream.authorize(&url).expect_err("a refusal").to_string();
        let page = reqwest::get(&url).await.expect("a page");

        assert!(refusal.contains(name) || name == "scope", "{refusal}");
        assert_eq!(page.status(), 400, "{name}={value}");
        assert!(page.text().await.expect("a body").contains(r#"id="error""#));
    }
    assert_eq!(upstream.books().totals.refused, 10);
    let local = address(&upstream, &[("redirect_uri", "http://localhost:54545/callback")]);
    assert!(upstream.authorize(&local).is_ok());
}

#[tokio::test]
async fn a_code_works_once_with_what_it_was_made_for() {
    let upstream = start().await;
    let code = || upstream.authorize(&address(&upstream, &[])).expect("a code").code;
    let wrong = [
        (json!({"code_verifier": "another-verifier-of-forty-three-characters-"}), "invalid_grant"),
        (json!({"redirect_uri": "http://localhost:1/callback"}), "invalid_grant"),
        (json!({"state": "another"}), "invalid_grant"),
        (json!({"code": "unknown"}), "invalid_grant"),
        (json!({"client_id": "another"}), "invalid_client"),
    ];
    for (changes, error) in wrong {
        let (status, reply) = read(token(&upstream, &exchange(&code(), changes)).await).await;
        assert_eq!((status / 100, &reply["error"]), (4, &error.into()));
    }
    let (status, reply) = read(token(&upstream, &exchange(&code(), json!({"state": null}))).await).await;
    assert_eq!((status, &reply["error"]["message"]), (400, &"Invalid request format".into()));

    let good = code();
    assert_eq!(read(token(&upstream, &exchange(&good, json!({}))).await).await.0, 200);
    assert_eq!(read(token(&upstream, &exchange(&good, json!({}))).await).await.0, 400);
    let late = code();
    upstream.advance(Duration::from_secs(601));
    assert_eq!(read(token(&upstream, &exchange(&late, json!({}))).await).await.0, 400);
    let books = upstream.wait_for(|books| books.is_quiet()).await;
    assert_eq!(books.totals.exchanges, 1);
    assert_eq!(books.last().expect("an exchange").refused.as_deref(), Some("the code has expired"));
}

#[tokio::test]
async fn a_refresh_replaces_the_token_and_using_the_old_one_again_kills_the_family() {
    let upstream = start().await;
    let first = upstream.issue("claude").expect("tokens");

    let (status, second) = read(refresh(&upstream, text(&first, "refresh_token")).await).await;
    assert_eq!(status, 200);
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    let ask = |access: String| {
        let upstream = &upstream;
        async move {
            let answer = with_token(upstream, "/v1/messages", &access).body(WHOLE).send().await;
            answer.expect("an answer").status().as_u16()
        }
    };
    assert_eq!(ask(text(&second, "access_token").to_owned()).await, 200);

    let (status, reply) = read(refresh(&upstream, text(&first, "refresh_token")).await).await;
    assert_eq!((status, &reply["error"]), (400, &"invalid_grant".into()));
    assert_eq!(ask(text(&second, "access_token").to_owned()).await, 401);
    assert_eq!(read(refresh(&upstream, text(&second, "refresh_token")).await).await.0, 400);
    let account = upstream.books().account("claude");
    assert_eq!((account.refreshes, account.reuses, account.refused), (1, 1, 3));
}

#[tokio::test]
async fn an_access_token_is_refused_when_it_has_expired_or_lacks_its_flag() {
    let upstream = start().await;
    upstream.claude_account(ClaudeAccount { token_life_seconds: 60, ..ClaudeAccount::new("brief") });
    let tokens = upstream.issue("brief").expect("tokens");
    let access = text(&tokens, "access_token");
    let ask = || with_token(&upstream, "/v1/messages", access).body(WHOLE);

    let without = ask().header("anthropic-beta", "another").build().map(|mut request| {
        request.headers_mut().insert("anthropic-beta", "another".parse().expect("text"));
        request
    });
    let without = reqwest::Client::new().execute(without.expect("a request")).await;
    assert_eq!(read(without).await.1["error"]["message"], "OAuth authentication is currently not supported.");
    assert_eq!(ask().send().await.expect("an answer").status(), 200);
    upstream.advance(Duration::from_secs(60));
    let (status, reply) = read(ask().send().await).await;
    assert_eq!(status, 401);
    assert!(text(&reply["error"], "message").starts_with("OAuth token has expired."));
    let (status, reply) =
        read(with_token(&upstream, "/v1/models", "sk-ant-oat01-made-up").send().await).await;
    assert_eq!((status, &reply["error"]["message"]), (401, &"Invalid bearer token".into()));
}

#[tokio::test]
async fn the_token_endpoint_fails_as_it_is_scripted_before_or_after_it_has_replaced_the_token() {
    let upstream = start().await;
    let tokens = upstream.issue("claude").expect("tokens");
    let old = text(&tokens, "refresh_token");
    let script = Behaviour::ok().cut_before_head().times(1);
    let script = script.then(Behaviour::rate_limited(30).times(1)).then(Behaviour::edge_refusal().times(1));
    let script = script.then(Behaviour::status(500).times(1)).then(Behaviour::ok().lost().times(1));
    upstream.script_on(Endpoint::ClaudeToken, "claude", script.then(Behaviour::ok()));

    assert!(refresh(&upstream, old).await.is_err());
    let limited = refresh(&upstream, old).await.expect("an answer");
    assert_eq!(
        (limited.status().as_u16(), &limited.headers()["retry-after"]),
        (429, &"30".parse().expect("text"))
    );
    let limited: serde_json::Value = limited.json().await.expect("JSON");
    assert_eq!((&limited["error"]["type"], limited.get("type")), (&"rate_limit_error".into(), None));
    let edge = refresh(&upstream, old).await.expect("an answer");
    assert_eq!(
        (edge.status().as_u16(), &edge.headers()["content-type"]),
        (403, &"text/html; charset=utf-8".parse().expect("text"))
    );
    assert_eq!(refresh(&upstream, old).await.expect("an answer").status(), 500);
    assert_eq!(upstream.books().totals.refreshes, 0);

    assert!(refresh(&upstream, old).await.is_err());
    assert_eq!(upstream.books().totals.refreshes, 1);
    assert_eq!(read(refresh(&upstream, old).await).await.0, 400, "the reply is lost, and so is the sign-in");
}

#[tokio::test]
async fn a_setup_token_lives_a_year_and_sees_no_profile() {
    let upstream = start().await;
    let code =
        |scope: &str| upstream.authorize(&address(&upstream, &[("scope", scope)])).expect("a code").code;
    let year = json!({"expires_in": 31_536_000});

    let (refused, _) =
        read(token(&upstream, &exchange(&code("user:inference user:profile"), year.clone())).await).await;
    let (status, reply) = read(token(&upstream, &exchange(&code("user:inference"), year)).await).await;

    assert_eq!((refused, status, &reply["expires_in"]), (400, 200, &31_536_000.into()));
    let access = text(&reply, "access_token");
    for (path, expected) in [("/api/oauth/usage", 403), ("/api/oauth/profile", 403), ("/v1/models", 200)] {
        let answer = with_token(&upstream, path, access).send().await.expect("an answer");
        assert_eq!(answer.status(), expected, "{path}");
    }
}

#[tokio::test]
async fn a_program_outside_signs_in_and_steers_accounts() {
    let upstream = start().await;
    let client = reqwest::Client::new();
    let post = |path: &str, body: serde_json::Value| {
        client.post(format!("{}/_{path}", upstream.url())).json(&body).send()
    };

    let bob = json!({"name": "bob", "token_life_seconds": 5, "windows": [{"name": "5h", "step": 0.25}]});
    assert_eq!(read(post("accounts", bob).await).await.1["email"], "bob@example.com");
    post("oauth/account", json!({"account": "bob"})).await.expect("an answer");
    let url = address(&upstream, &[("code_challenge", CHALLENGE)]);
    let (_, authorized) = read(post("oauth/authorize", json!({"url": url})).await).await;
    assert_eq!(authorized["account"], "bob");
    let (_, reply) = read(token(&upstream, &exchange(text(&authorized, "code"), json!({}))).await).await;
    assert_eq!(reply["expires_in"], 5);

    let access = text(&reply, "access_token").to_owned();
    let models =
        || async { with_token(&upstream, "/v1/models", &access).send().await.expect("an answer").status() };
    assert_eq!(models().await, 200);
    post("clock", json!({"advance_seconds": 5})).await.expect("an answer");
    assert_eq!(models().await, 401);
    let (_, issued) = read(post("oauth/tokens", json!({"account": "bob"})).await).await;
    post("oauth/revoke", json!({"account": "bob"})).await.expect("an answer");
    assert_eq!(read(refresh(&upstream, text(&issued, "refresh_token")).await).await.0, 400);
    assert_eq!(post("accounts", json!({"name": "bob", "colour": 1})).await.expect("an answer").status(), 400);
}
