//! What refusals of a token endpoint mean, told apart by what can be done about them.

use std::time::Duration;

use relay::provider::anthropic::oauth::refresh;
use relay::provider::google;
use relay::provider::oauth::GrantError;
use rstest::rstest;

use crate::support::{Provider, client, secret};

const JSON: &str = "application/json";
const HTML: &str = "text/html; charset=UTF-8";
const TOKEN: &str = "sk-ant-ort01-SECRET";

async fn refused(status: u16, headers: &[(&str, &str)], body: &str) -> GrantError {
    let provider = Provider::start().await;
    provider.then(status, headers, body);
    refresh(&client(), &provider.claude(), &secret(TOKEN)).await.unwrap_err()
}

#[rstest]
#[case(
    400,
    JSON,
    r#"{"error":"invalid_grant","error_description":"Refresh token not found or invalid"}"#,
    "refused"
)]
#[case(401, JSON, r#"{"error":"invalid_grant"}"#, "refused")]
#[case(400, JSON, r#"{"error":"redirect_uri_mismatch"}"#, "misconfigured")]
#[case(
    401,
    JSON,
    r#"{"error":"invalid_client","error_description":"The OAuth client was not found."}"#,
    "misconfigured"
)]
#[case(
    400,
    JSON,
    r#"{"error":"invalid_request","error_description":"client_secret is missing."}"#,
    "misconfigured"
)]
#[case(404, HTML, "<html>nothing here</html>", "misconfigured")]
#[case(308, HTML, "", "misconfigured")]
#[case(429, JSON, r#"{"error":{"type":"rate_limit_error","message":"Rate limited."}}"#, "limited")]
#[case(403, HTML, "<!DOCTYPE html>", "edge")]
#[case(
    400,
    JSON,
    r#"{"type":"error","error":{"type":"invalid_request_error","message":"Invalid request format"}}"#,
    "declined"
)]
#[case(401, JSON, "{}", "declined")]
#[case(500, JSON, r#"{"error":"invalid_grant"}"#, "temporary")]
#[case(503, HTML, "<html>", "temporary")]
#[case(200, HTML, "<html>captive portal</html>", "unreadable")]
#[case(200, JSON, r#"{"access_token":""}"#, "unreadable")]
#[case(200, JSON, r#"{"access_token":"a","refresh_token":"b""#, "unreadable")]
#[case(200, JSON, r#"{"access_token":"with\nbreak"}"#, "unreadable")]
#[tokio::test]
async fn the_table(#[case] status: u16, #[case] content: &str, #[case] body: &str, #[case] name: &str) {
    let error = refused(status, &[("content-type", content)], body).await;

    assert_eq!(error.name(), name, "{error}");
    assert_eq!(error.is_permanent(), name == "refused");
}

#[tokio::test]
async fn the_providers_words_are_kept_and_secrets_are_not() {
    let body = format!(r#"{{"error":"invalid_grant","error_description":"no {TOKEN}\u0007 here"}}"#);

    let error = refused(400, &[], &body).await;

    assert_eq!(error, GrantError::Refused("invalid_grant: no [redacted] here".into()));
    assert!(!format!("{error} {error:?}").contains("SECRET"));
}

#[rstest]
#[case(&[("retry-after", "90")], Some(90))]
#[case(&[("retry-after", "Mon, 21 Sep 2026 14:13:30 GMT"), ("date", "Mon, 21 Sep 2026 14:13:00 GMT")], Some(30))]
#[case(&[("retry-after", "soon")], None)]
#[case(&[], None)]
#[tokio::test]
async fn a_wait_is_read_in_both_forms(#[case] headers: &[(&str, &str)], #[case] seconds: Option<u64>) {
    let error = refused(429, headers, "{}").await;

    assert_eq!(error.retry_after(), seconds.map(Duration::from_secs));
}

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_it() {
    let endless = format!(r#"{{"access_token":"a","padding":"{}"}}"#, "x".repeat(100 << 10));

    let error = refused(200, &[("content-type", JSON)], &endless).await;

    assert_eq!(error.name(), "unreadable");
}

#[tokio::test]
async fn a_client_without_its_secret_is_told_which_setting_is_missing() {
    let provider = Provider::start().await;
    provider.then_json(400, r#"{"error":"invalid_request","error_description":"client_secret is missing."}"#);
    let mut config = provider.google();
    config.client_secret = None;

    let error = google::oauth::refresh(&client(), &config, &secret("1//r")).await.unwrap_err();

    assert!(error.to_string().ends_with("(google.client_secret is not set)"), "{error}");
}
