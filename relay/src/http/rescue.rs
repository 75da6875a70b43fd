//! The one place where the relay's own refusals become responses: status, body in the client's dialect, log line.

pub(super) mod google;

use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderName, HeaderValue, StatusCode};
use serde::Serialize;
use uuid::Uuid;

use crate::gate::body::drain;
use crate::gate::refusal::{Refusal, Shortage};
use crate::model::dialect::Dialect;

/// Names the call in answers and in the books.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-switchyard-request-id");
/// Tells SDKs and Claude Code whether trying again can help (reference: what real clients send).
const SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");
/// Waiting longer than this is no business of a client's retry loop.
const LONG_WAIT_S: u64 = 60;

#[derive(Serialize)]
struct Envelope<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    error: Detail<'a>,
    request_id: &'a str,
}

#[derive(Serialize)]
struct Detail<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    message: &'a str,
}

/// The response to a refused call.
pub(super) fn refuse(dialect: Dialect, refusal: &Refusal, id: Uuid) -> Response {
    let status = refusal.status();
    let text = id.to_string();
    if status.is_server_error() {
        tracing::warn!(call = %id, status = status.as_u16(), cause = refusal.cause(), "call refused");
    } else {
        tracing::info!(call = %id, status = status.as_u16(), cause = refusal.cause(), "call refused");
    }
    let mut response = match dialect {
        Dialect::Anthropic => error(status, kind(refusal), &refusal.to_string(), &text),
        Dialect::Gemini | Dialect::CodeAssist => {
            google::error(status, &refusal.to_string(), retry_after_s(refusal), &text)
        }
    };
    let headers = response.headers_mut();
    if let Some(wait_s) = retry_after_s(refusal) {
        headers.insert(RETRY_AFTER, HeaderValue::from(wait_s));
    }
    if let Refusal::Limited(exceeded) = refusal {
        exceeded.tell(headers);
    }
    if !may_retry(refusal) {
        headers.insert(SHOULD_RETRY, HeaderValue::from_static("false"));
    }
    response
}

/// 404 in Anthropic's shape.
pub(super) async fn not_found(request: Request) -> Response {
    drain(request.into_body()).await;
    own(StatusCode::NOT_FOUND, "not_found_error", "this relay has no such path")
}

/// 405 in Anthropic's shape.
pub(super) async fn wrong_method(request: Request) -> Response {
    drain(request.into_body()).await;
    own(StatusCode::METHOD_NOT_ALLOWED, "invalid_request_error", "this path takes another method")
}

/// 400 in Anthropic's shape.
pub(super) fn bad_query(message: &str) -> Response {
    own(StatusCode::BAD_REQUEST, "invalid_request_error", message)
}

/// 404 for a model that no account offers.
pub(super) fn no_model(id: &str) -> Response {
    let shown: String = id.chars().filter(|c| !c.is_control()).take(100).collect();
    own(StatusCode::NOT_FOUND, "not_found_error", &format!("model: {shown}"))
}

/// The store failed.
pub(super) fn internal(cause: &dyn std::fmt::Display) -> Response {
    tracing::error!(%cause, "a client's figures could not be read");
    own(
        StatusCode::INTERNAL_SERVER_ERROR,
        "api_error",
        "something went wrong in the relay; its log has the cause",
    )
}

/// A panic in a handler is a defect; the client gets an answer all the same, and the process lives.
pub(super) async fn catch(request: Request, next: Next) -> Response {
    use futures_util::FutureExt;
    match std::panic::AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_) => internal(&"a handler panicked"),
    }
}

fn own(status: StatusCode, kind: &'static str, message: &str) -> Response {
    let mut response = error(status, kind, message, &Uuid::now_v7().to_string());
    response.headers_mut().insert(SHOULD_RETRY, HeaderValue::from_static("false"));
    response
}

fn error(status: StatusCode, kind: &'static str, message: &str, id: &str) -> Response {
    let envelope = Envelope { kind: "error", error: Detail { kind, message }, request_id: id };
    let body = serde_json::to_vec(&envelope).unwrap_or_default();
    let mut response = (status, Body::from(body)).into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Ok(id) = HeaderValue::from_str(id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

fn kind(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Unauthenticated(_) | Refusal::Revoked => "authentication_error",
        Refusal::ServiceNotAllowed(_) | Refusal::ModelNotAllowed(_) | Refusal::Unbounded(_) => {
            "permission_error"
        }
        Refusal::Limited(_) => "rate_limit_error",
        Refusal::Malformed(_) | Refusal::CodedBody | Refusal::BodyCut | Refusal::Loop => {
            "invalid_request_error"
        }
        Refusal::TooLarge { .. } => "request_too_large",
        Refusal::TooSlow | Refusal::Silent { .. } => "timeout_error",
        Refusal::NoAccount { shortage: Shortage::Limited, .. } => "rate_limit_error",
        Refusal::NoBodyMemory | Refusal::NoAccount { .. } | Refusal::Stopping => "overloaded_error",
        Refusal::Unreachable { .. } | Refusal::NoJournal { .. } => "api_error",
    }
}

fn retry_after_s(refusal: &Refusal) -> Option<u64> {
    match refusal {
        Refusal::NoAccount { retry_after, .. } => retry_after.map(whole_seconds),
        Refusal::Limited(exceeded) => exceeded.retry_after().map(whole_seconds),
        Refusal::NoBodyMemory => Some(1),
        Refusal::NoJournal { .. } => Some(5),
        Refusal::Stopping => Some(2),
        _ => None,
    }
}

/// Rounded up: who comes a moment early comes in vain.
fn whole_seconds(wait: Duration) -> u64 {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1)
}

fn may_retry(refusal: &Refusal) -> bool {
    match refusal {
        Refusal::Limited(exceeded) => exceeded.may_retry(),
        Refusal::Unauthenticated(_)
        | Refusal::Revoked
        | Refusal::ServiceNotAllowed(_)
        | Refusal::ModelNotAllowed(_)
        | Refusal::Unbounded(_)
        | Refusal::Malformed(_)
        | Refusal::CodedBody
        | Refusal::TooLarge { .. }
        | Refusal::Loop => false,
        // Without a time, only a person can make an account serve again.
        Refusal::NoAccount { .. } => retry_after_s(refusal).is_some_and(|wait_s| wait_s <= LONG_WAIT_S),
        _ => true,
    }
}
