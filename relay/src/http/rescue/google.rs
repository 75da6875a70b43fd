//! The same in Google's shape: `google.rpc.Status` in JSON (reference/gemini.md, section 6).

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use uuid::Uuid;

use super::REQUEST_ID;
use crate::gate::body::drain;

const RETRY_INFO: &str = "type.googleapis.com/google.rpc.RetryInfo";

#[derive(Serialize)]
struct Envelope<'a> {
    error: Status<'a>,
}

#[derive(Serialize)]
struct Status<'a> {
    code: u16,
    message: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<[RetryInfo; 1]>,
}

#[derive(Serialize)]
struct RetryInfo {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "retryDelay")]
    retry_delay: String,
}

/// An error; `wait_s` is after how many seconds to ask again.
pub(in crate::http) fn error(status: StatusCode, message: &str, wait_s: Option<u64>, id: &str) -> Response {
    let retry = |wait_s| [RetryInfo { kind: RETRY_INFO, retry_delay: format!("{wait_s}s") }];
    let envelope = Envelope {
        error: Status { code: status.as_u16(), message, status: name(status), details: wait_s.map(retry) },
    };
    let body = serde_json::to_vec(&envelope).unwrap_or_default();
    let mut response = (status, Body::from(body)).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=UTF-8"));
    if let Ok(id) = HeaderValue::from_str(id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// 404.
pub(in crate::http) async fn not_found(request: Request) -> Response {
    drain(request.into_body()).await;
    own(StatusCode::NOT_FOUND, "this relay has no such path")
}

/// 405.
pub(in crate::http) async fn wrong_method(request: Request) -> Response {
    drain(request.into_body()).await;
    own(StatusCode::METHOD_NOT_ALLOWED, "this path takes another method")
}

/// 400.
pub(in crate::http) fn bad_query(message: &str) -> Response {
    own(StatusCode::BAD_REQUEST, message)
}

/// 404 for a model that no account offers.
pub(in crate::http) fn no_model(name: &str) -> Response {
    let shown: String = name.chars().filter(|c| !c.is_control()).take(100).collect();
    own(StatusCode::NOT_FOUND, &format!("models/{shown} is not found: no account of this relay offers it"))
}

/// The store failed.
pub(in crate::http) fn internal(cause: &dyn std::fmt::Display) -> Response {
    tracing::error!(%cause, "a client's figures could not be read");
    own(StatusCode::INTERNAL_SERVER_ERROR, "something went wrong in the relay; its log has the cause")
}

fn own(status: StatusCode, message: &str) -> Response {
    error(status, message, None, &Uuid::now_v7().to_string())
}

/// The canonical name that goes with a status.
fn name(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "UNAUTHENTICATED",
        402 | 403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        405 | 501 => "UNIMPLEMENTED",
        408 | 504 => "DEADLINE_EXCEEDED",
        409 => "ABORTED",
        429 => "RESOURCE_EXHAUSTED",
        499 => "CANCELLED",
        500 => "INTERNAL",
        502 | 503 | 529 => "UNAVAILABLE",
        508 => "FAILED_PRECONDITION",
        _ => "INVALID_ARGUMENT",
    }
}
