//! Who gets in under `/admin`.

use axum::body::Body;
use http::StatusCode;
use http::header::COOKIE;

use super::{Script, data, empty, refused};
use crate::house::{PASSWORD, request};

const LIST: &str = "/admin/claude-accounts";

#[tokio::test]
async fn without_a_session_everything_is_refused_in_json() {
    let script = Script::start().await;

    for (method, path) in [
        ("GET", LIST),
        ("GET", "/admin"),
        ("GET", "/admin/no/such/path"),
        ("POST", "/admin/claude-accounts/generate-auth-url"),
        ("DELETE", "/admin/claude-accounts/1"),
    ] {
        let request = request(method, path).header("accept", "text/html").body(empty()).unwrap();
        let reply = script.house.send(request).await;
        refused(&reply, StatusCode::UNAUTHORIZED, "signed_out");
    }
}

#[tokio::test]
async fn the_token_may_come_in_the_original_s_header() {
    let script = Script::start().await;

    let with = |token: &str| request("GET", LIST).header("x-admin-token", token).body(empty()).unwrap();
    let good = script.house.send(with(&script.token)).await;
    let bad = script.house.send(with("wrong")).await;

    data(&good);
    refused(&bad, StatusCode::UNAUTHORIZED, "signed_out");
}

#[tokio::test]
async fn a_script_that_keeps_cookies_goes_by_its_token() {
    let script = Script::start().await;
    let signed_in = script.house.sign_in("admin", PASSWORD).await;
    let cookie = signed_in.cookie("switchyard_session").unwrap();
    let post = || request("POST", "/admin/claude-accounts/generate-auth-url").header(COOKIE, cookie);
    let bearer = format!("Bearer {}", script.token);

    let with_both = post().header("authorization", &bearer).body(empty()).unwrap();
    let with_both = script.house.send(with_both).await;
    let by_cookie = script.house.send(post().body(empty()).unwrap()).await;
    let from_afar = post().header("origin", "https://evil.example").body(empty()).unwrap();
    let from_afar = script.house.send(from_afar).await;
    let own = post().header("sec-fetch-site", "same-origin").body(empty()).unwrap();
    let own = script.house.send(own).await;

    data(&with_both);
    refused(&by_cookie, StatusCode::FORBIDDEN, "cross_origin");
    refused(&from_afar, StatusCode::FORBIDDEN, "cross_origin");
    data(&own);
}

#[tokio::test]
async fn what_there_is_not_is_said_in_json() {
    let script = Script::start().await;

    refused(&script.send("GET", "no/such/path", None).await, StatusCode::NOT_FOUND, "not_found");
    refused(&script.send("GET", "claude-accounts/1/2/3", None).await, StatusCode::NOT_FOUND, "not_found");
    refused(
        &script.send("PATCH", "claude-accounts", None).await,
        StatusCode::METHOD_NOT_ALLOWED,
        "wrong_method",
    );
    refused(
        &script.send("GET", "claude-accounts/generate-auth-url", None).await,
        StatusCode::METHOD_NOT_ALLOWED,
        "wrong_method",
    );
}

#[tokio::test]
async fn only_json_is_read_and_not_too_much_of_it() {
    let script = Script::start().await;
    let post = |kind: &str, body: String| {
        request("POST", LIST)
            .header("authorization", format!("Bearer {}", script.token))
            .header("content-type", kind)
            .body(Body::from(body))
            .unwrap()
    };

    let form = script.house.send(post("application/x-www-form-urlencoded", "name=a".into())).await;
    let broken = script.house.send(post("application/json", "{\"name\":".into())).await;
    let long = script.house.send(post("application/json", format!("\"{}\"", "x".repeat(1 << 17)))).await;

    refused(&form, StatusCode::UNSUPPORTED_MEDIA_TYPE, "bad_request");
    refused(&broken, StatusCode::BAD_REQUEST, "bad_request");
    refused(&long, StatusCode::PAYLOAD_TOO_LARGE, "bad_request");
}
