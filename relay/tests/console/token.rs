//! Tokens that must open nothing (hard case 40, 41).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::house::{House, JWT_SECRET, PASSWORD, with_cookie};

fn signed(algorithm: Algorithm, secret: &str, claims: &Value) -> String {
    let key = EncodingKey::from_secret(secret.as_bytes());
    jsonwebtoken::encode(&Header::new(algorithm), claims, &key).unwrap()
}

fn claims_of(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

async fn assert_refused(house: &House, token: &str) {
    let reply = house.user(token).await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{token}");
    assert_eq!(reply.json(), json!({ "error": "signed_out", "message": "sign in again" }));
    let page = house.send(with_cookie("GET", "/web/keys", &format!("switchyard_session={token}"))).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{token}");
}

#[tokio::test]
async fn tokens_signed_by_another_or_by_nobody_are_refused() {
    let house = House::inhabited().await;
    let good = house.token().await;
    let claims = claims_of(&good);
    let parts: Vec<&str> = good.split('.').collect();
    let none = |header: &str| format!("{}.{}.", URL_SAFE_NO_PAD.encode(header), parts[1]);

    assert!(house.is_open(&signed(Algorithm::HS256, JWT_SECRET, &claims)).await, "the claims are good");
    for token in [
        signed(Algorithm::HS256, "another secret of thirty-two letters", &claims),
        signed(Algorithm::HS384, JWT_SECRET, &claims),
        signed(Algorithm::HS512, JWT_SECRET, &claims),
        none(r#"{"alg":"none","typ":"JWT"}"#),
        none(r#"{"alg":"None"}"#),
        none(r#"{"typ":"JWT"}"#),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}", parts[0], parts[1]),
        good[..good.len() - 2].to_owned(),
        "null".to_owned(),
        "undefined".to_owned(),
        "a.b.c".to_owned(),
        String::new(),
        "x".repeat(100_000),
    ] {
        assert_refused(&house, &token).await;
    }
}

#[tokio::test]
async fn claims_that_name_no_open_session_are_refused_though_well_signed() {
    let house = House::inhabited().await;
    let good = claims_of(&house.token().await);
    let change = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        signed(Algorithm::HS256, JWT_SECRET, &claims)
    };

    for token in [
        change("jti", json!("00")),
        change("jti", json!("")),
        change("jti", Value::Null),
        change("sub", json!("someone else")),
        change("aud", json!("switchyard-device")),
        change("aud", Value::Null),
        change("exp", json!(0)),
        change("exp", Value::Null),
    ] {
        assert_refused(&house, &token).await;
    }
}

#[tokio::test]
async fn the_mark_of_a_browser_is_no_session() {
    let house = House::inhabited().await;
    let reply = house.sign_in("admin", PASSWORD).await;
    let device = reply.cookie("switchyard_device").unwrap().split_once('=').unwrap().1;

    assert_refused(&house, device).await;
}

#[tokio::test]
async fn a_wrong_bearer_does_not_fall_back_on_the_cookie() {
    let house = House::inhabited().await;
    let good = house.token().await;

    let mut request = with_cookie("GET", "/web/auth/user", &format!("switchyard_session={good}"));
    request.headers_mut().insert("authorization", "Bearer wrong".parse().unwrap());

    assert_eq!(house.send(request).await.status, StatusCode::UNAUTHORIZED);
}
