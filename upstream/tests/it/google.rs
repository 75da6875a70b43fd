//! Signing in with Google.

use std::collections::HashMap;

use reqwest::{Client, Response};
use upstream::{Behaviour, Endpoint, GOOGLE_CLIENT_SECRET, GoogleAccount, Upstream};

use crate::sign_in::{CHALLENGE, VERIFIER, read, text};
use crate::start;

const CLIENT_ID: &str = "681255809395-oo8ft2oprdrnp9e3aqf6av3hmdib135j.apps.googleusercontent.com";
const REDIRECT: &str = "https://codeassist.google.com/authcode";

type Changes<'a> = &'a [(&'a str, &'a str)];

/// The usual pairs with changes; an empty value leaves one out.
fn changed<'a>(usual: &[(&'a str, &'a str)], changes: Changes<'a>) -> HashMap<&'a str, &'a str> {
    let pairs = usual.iter().chain(changes).copied().collect::<HashMap<_, _>>();
    pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

fn address(upstream: &Upstream, changes: Changes<'_>) -> String {
    let usual = [
        ("client_id", CLIENT_ID),
        ("response_type", "code"),
        ("redirect_uri", REDIRECT),
        (
            "scope",
            "https://www.googleapis.com/auth/cloud-platform https://www.googleapis.com/auth/userinfo.email",
        ),
        ("access_type", "offline"),
        ("prompt", "consent"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("state", "state-2"),
    ];
    let url = format!("{}/o/oauth2/v2/auth", upstream.url());
    let mut url = reqwest::Url::parse(&url).expect("an address");
    url.query_pairs_mut().extend_pairs(changed(&usual, changes));
    url.into()
}

async fn token(upstream: &Upstream, form: &HashMap<&str, &str>) -> reqwest::Result<Response> {
    let body = reqwest::Url::parse_with_params("http://localhost", form).expect("a form");
    Client::new()
        .post(format!("{}/token", upstream.url()))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.query().unwrap_or_default().to_owned())
        .send()
        .await
}

async fn exchange(upstream: &Upstream, code: &str, changes: Changes<'_>) -> reqwest::Result<Response> {
    let usual = [
        ("grant_type", "authorization_code"),
        ("client_id", CLIENT_ID),
        ("client_secret", GOOGLE_CLIENT_SECRET),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    token(upstream, &changed(&usual, changes)).await
}

async fn refresh(upstream: &Upstream, refresh_token: &str) -> reqwest::Result<Response> {
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", CLIENT_ID),
        ("client_secret", GOOGLE_CLIENT_SECRET),
        ("refresh_token", refresh_token),
    ];
    token(upstream, &form.into()).await
}

#[tokio::test]
async fn a_sign_in_ends_with_a_refresh_token_that_stays() {
    let upstream = start().await;

    let authorized = upstream.authorize(&address(&upstream, &[])).expect("a code");
    let (status, reply) = read(exchange(&upstream, &authorized.code, &[]).await).await;
    let (_, first) = read(refresh(&upstream, text(&reply, "refresh_token")).await).await;
    let (again, _) = read(refresh(&upstream, text(&reply, "refresh_token")).await).await;
    let userinfo = Client::new()
        .get(format!("{}/oauth2/v2/userinfo", upstream.url()))
        .bearer_auth(text(&first, "access_token"))
        .send();
    let (_, person) = read(userinfo.await).await;

    assert_eq!(authorized.shown, authorized.code);
    assert!(authorized.code.starts_with("4/0A") && authorized.address.contains("code=4%2F0A"));
    assert_eq!((status, &reply["expires_in"]), (200, &3599.into()));
    assert!(text(&reply, "access_token").starts_with("ya29."));
    assert_eq!((again, first.get("refresh_token")), (200, None));
    assert_eq!(person["email"], "google@example.com");
    assert_eq!(upstream.books().account("google").refreshes, 2);
}

#[tokio::test]
async fn a_refresh_token_comes_for_offline_access_and_after_the_first_time_for_consent() {
    let upstream = start().await;
    let given = async |changes: Changes<'_>| {
        let code = upstream.authorize(&address(&upstream, changes)).expect("a code").code;
        let (_, reply) = read(exchange(&upstream, &code, &[]).await).await;
        reply.get("refresh_token").is_some()
    };

    assert!(!given(&[("access_type", "online")]).await);
    assert!(given(&[]).await);
    assert!(!given(&[("prompt", "")]).await);
    assert!(given(&[("prompt", "select_account consent")]).await);
}

#[tokio::test]
async fn what_is_wrong_is_refused_with_google_s_own_code() {
    let upstream = start().await;
    let wrong: [(Changes<'_>, u16, &str); 6] = [
        (&[("client_secret", "another")], 401, "invalid_client"),
        (&[("client_id", "another")], 401, "invalid_client"),
        (&[("code", "4/0Aunknown")], 400, "invalid_grant"),
        (&[("code_verifier", "another")], 400, "invalid_grant"),
        (&[("redirect_uri", "http://localhost:1")], 400, "redirect_uri_mismatch"),
        (&[("grant_type", "password")], 400, "unsupported_grant_type"),
    ];
    for (changes, expected, error) in wrong {
        let code = upstream.authorize(&address(&upstream, &[])).expect("a code").code;
        let (status, reply) = read(exchange(&upstream, &code, changes).await).await;
        assert_eq!((status, &reply["error"]), (expected, &error.into()));
    }
    assert!(upstream.authorize(&address(&upstream, &[("code_challenge", "")])).is_err());
    let local = [("code_challenge", ""), ("redirect_uri", "http://localhost:45462")];
    assert!(upstream.authorize(&address(&upstream, &local)).is_ok());
}

#[tokio::test]
async fn a_revoked_sign_in_is_an_invalid_grant_and_scripts_decide_before() {
    let upstream = start().await;
    upstream.google_account(GoogleAccount { gives_new_refresh_token: true, ..GoogleAccount::new("bob") });
    let tokens = upstream.issue("bob").expect("tokens");
    let old = text(&tokens, "refresh_token");
    upstream.script_on(Endpoint::GoogleToken, "bob", Behaviour::status(503).times(1).then(Behaviour::ok()));

    assert_eq!(refresh(&upstream, old).await.expect("an answer").status(), 503);
    let (_, renewed) = read(refresh(&upstream, old).await).await;
    assert_eq!(read(refresh(&upstream, old).await).await.0, 200);
    upstream.revoke("bob");
    let (status, reply) = read(refresh(&upstream, text(&renewed, "refresh_token")).await).await;

    assert_eq!((status, &reply["error"]), (400, &"invalid_grant".into()));
    assert_eq!(reply["error_description"], "Token has been expired or revoked.");
}
