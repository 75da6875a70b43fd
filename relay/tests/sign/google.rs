//! Signing in to Google: the address, the exchange, the refresh, who it is.

use std::time::Duration;

use relay::provider::google::oauth::{authorize_url, exchange, refresh, userinfo};
use relay::provider::oauth::Pkce;

use crate::support::{CLIENT_SECRET, Provider, client, config, pairs, secret};

#[test]
fn the_address_to_open_asks_for_consent_and_a_refresh_token() {
    let config = config(&[]).google;
    let pkce = Pkce::new();

    let url = authorize_url(&config, &pkce, "STATE");

    assert!(url.starts_with("https://accounts.google.com/o/oauth2/v2/auth?"), "{url}");
    let pairs = pairs(&url);
    assert_eq!(pairs["access_type"], "offline");
    assert_eq!(pairs["prompt"], "consent");
    assert_eq!(pairs["response_type"], "code");
    assert_eq!(pairs["client_id"], config.client_id);
    assert_eq!(pairs["redirect_uri"], "https://codeassist.google.com/authcode");
    assert_eq!(pairs["scope"], config.scopes.join(" "));
    assert_eq!(pairs["code_challenge"], pkce.challenge);
    assert_eq!(pairs["code_challenge_method"], "S256");
    assert_eq!(pairs["state"], "STATE");
}

#[tokio::test]
async fn a_code_is_redeemed_as_a_form_with_the_clients_secret() {
    let provider = Provider::start().await;
    provider.then_json(
        200,
        r#"{"access_token":"ya29.a0","expires_in":3599,"refresh_token":"1//0g","scope":"https://a openid",
            "token_type":"Bearer","id_token":"e30.eyJzdWIiOiIxMDciLCJlbWFpbCI6ImFAYi5jIn0.s"}"#,
    );
    let (config, pkce) = (provider.google(), Pkce::new());

    let grant = exchange(&client(), &config, &secret("4/0AX4-x"), &pkce).await.unwrap();

    let seen = provider.only();
    assert_eq!(seen.line, "POST /token");
    assert_eq!(seen.headers["content-type"], "application/x-www-form-urlencoded");
    let form = seen.form();
    assert_eq!(form.len(), 6);
    assert_eq!(form["grant_type"], "authorization_code");
    assert_eq!(form["code"], "4/0AX4-x");
    assert_eq!(form["redirect_uri"], config.redirect_url);
    assert_eq!(form["code_verifier"], pkce.verifier.reveal());
    assert_eq!(form["client_id"], config.client_id);
    assert_eq!(form["client_secret"], CLIENT_SECRET);
    assert_eq!(grant.access.reveal(), "ya29.a0");
    assert_eq!(grant.refresh.unwrap().reveal(), "1//0g");
    assert_eq!(grant.expires_in, Some(Duration::from_secs(3599)));
    assert_eq!(grant.scopes, ["https://a", "openid"]);
    assert_eq!(grant.identity.email.as_deref(), Some("a@b.c"));
}

#[tokio::test]
async fn a_refresh_keeps_the_refresh_token_unless_there_is_a_new_one() {
    let provider = Provider::start().await;
    provider
        .then_json(200, r#"{"access_token":"ya29.b","expires_in":3599}"#)
        .then_json(200, r#"{"access_token":"ya29.c","refresh_token":"1//new"}"#);
    let (config, old) = (provider.google(), secret("1//old"));

    let kept = refresh(&client(), &config, &old).await.unwrap();
    let renewed = refresh(&client(), &config, &old).await.unwrap();

    assert_eq!(provider.seen()[0].form()["refresh_token"], "1//old");
    assert_eq!(kept.refresh.unwrap().reveal(), "1//old");
    assert_eq!(renewed.refresh.unwrap().reveal(), "1//new");
}

#[tokio::test]
async fn google_says_who_signed_in() {
    let provider = Provider::start().await;
    provider.then_json(200, r#"{"id":"107","email":"a@b.c","verified_email":true,"name":"A"}"#);

    let identity = userinfo(&client(), &provider.google(), &secret("ya29.a0")).await.unwrap();

    assert_eq!(provider.only().line, "GET /userinfo");
    assert_eq!(provider.only().headers["authorization"], "Bearer ya29.a0");
    assert_eq!(identity.account_id.as_deref(), Some("107"));
    assert_eq!(identity.email.as_deref(), Some("a@b.c"));
}
