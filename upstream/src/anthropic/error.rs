//! Owns the provider's errors: type and usual message by status, and their JSON.

use bytes::Bytes;
use http::StatusCode;
use serde::Serialize;

#[derive(Serialize)]
struct Body<'a> {
    r#type: &'static str,
    error: Error<'a>,
    request_id: &'a str,
}

#[derive(Serialize)]
struct Error<'a> {
    r#type: &'a str,
    message: &'a str,
}

/// The JSON of an error, as body and as data of an `error` event.
pub(crate) fn body(kind: &str, message: &str, request_id: &str) -> Bytes {
    let body = Body { r#type: "error", error: Error { r#type: kind, message }, request_id };
    // Strings in structs always serialise.
    serde_json::to_vec(&body).unwrap_or_default().into()
}

/// The type and message that the provider uses with a status.
pub(crate) fn usual(status: StatusCode) -> (&'static str, &'static str) {
    match status.as_u16() {
        401 => ("authentication_error", "invalid x-api-key"),
        402 => ("billing_error", "Your account has a billing problem. Please check your payment details."),
        403 => ("permission_error", "Your API key does not have permission to use the specified resource."),
        404 => ("not_found_error", "The requested resource could not be found."),
        409 => ("conflict_error", "The request conflicts with another one."),
        413 => ("request_too_large", "Request exceeds the maximum size"),
        429 => (
            "rate_limit_error",
            "This request would exceed your account's rate limit. Please try again later.",
        ),
        504 => ("timeout_error", "The request timed out"),
        529 => ("overloaded_error", "Overloaded"),
        500..=599 => ("api_error", "Internal server error"),
        _ => ("invalid_request_error", "The request is not valid."),
    }
}

/// The message of an `error` event of this type.
pub(crate) fn event_message(kind: &str) -> &'static str {
    match kind {
        "overloaded_error" => "Overloaded",
        "rate_limit_error" => usual(StatusCode::TOO_MANY_REQUESTS).1,
        "authentication_error" => usual(StatusCode::UNAUTHORIZED).1,
        _ => "Internal server error",
    }
}
