//! What tests of sign-ins share: addresses, codes, tokens.

use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use upstream::Upstream;

pub(crate) const CLIENT_ID: &str = "9d1c250a-e61b-44d9-88ed-5944d1962f5e";
pub(crate) const REDIRECT: &str = "https://platform.claude.com/oauth/code/callback";

/// The verifier and challenge of RFC 7636.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An authorize address as clients make it; `changes` replace parts of its query, an empty value leaves one out.
pub(crate) fn address(upstream: &Upstream, changes: &[(&str, &str)]) -> String {
    let usual = [
        ("code", "true"),
        ("client_id", CLIENT_ID),
        ("response_type", "code"),
        ("redirect_uri", REDIRECT),
        ("scope", "org:create_api_key user:profile user:inference"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("state", "state-1"),
    ];
    let changed = |name: &str| changes.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
    let pairs = usual.iter().map(|(name, value)| (*name, changed(name).unwrap_or(value)));
    let mut url = reqwest::Url::parse(&format!("{}/oauth/authorize", upstream.url())).expect("an address");
    url.query_pairs_mut().extend_pairs(pairs.filter(|(_, value)| !value.is_empty()));
    url.into()
}

/// The body that exchanges a code; `changes` replace fields, null leaves one out.
pub(crate) fn exchange(code: &str, changes: Value) -> Value {
    let mut body = json!({
        "grant_type": "authorization_code",
        "client_id": CLIENT_ID,
        "code": code,
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
        "state": "state-1",
    });
    for (name, value) in changes.as_object().expect("an object") {
        body[name] = value.clone();
    }
    body.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    body
}

pub(crate) async fn token(upstream: &Upstream, body: &Value) -> reqwest::Result<Response> {
    Client::new().post(format!("{}/v1/oauth/token", upstream.url())).json(body).send().await
}

pub(crate) async fn refresh(upstream: &Upstream, refresh_token: &str) -> reqwest::Result<Response> {
    let body = json!({"grant_type": "refresh_token", "refresh_token": refresh_token, "client_id": CLIENT_ID});
    token(upstream, &body).await
}

/// The status and the JSON of an answer.
pub(crate) async fn read(answer: reqwest::Result<Response>) -> (u16, Value) {
    let answer = answer.expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json().await.expect("JSON"))
}

/// A text in a reply.
pub(crate) fn text<'a>(reply: &'a Value, name: &str) -> &'a str {
    reply[name].as_str().unwrap_or_else(|| panic!("no {name} in {reply}"))
}

/// A request with a subscription's token.
pub(crate) fn with_token(upstream: &Upstream, path: &str, access_token: &str) -> RequestBuilder {
    let url = format!("{}{path}", upstream.url());
    let client = Client::new();
    let request = if path.starts_with("/v1/messages") { client.post(url) } else { client.get(url) };
    request
        .bearer_auth(access_token)
        .header("anthropic-version", "2023-06-01")
        .header("anthropic-beta", "claude-code-20250219,oauth-2025-04-20")
}
