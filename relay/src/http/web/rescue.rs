//! The one place where what an administrator's request met becomes a response: `{error, message}` with the right status.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use serde_json::json;

use crate::admin::Error;
use crate::model::problem::Problem;

/// An answer that says no.
pub fn refusal(status: StatusCode, error: &str, message: &str) -> Response {
    (status, Json(json!({ "error": error, "message": message }))).into_response()
}

/// What a script is told; the log gets the cause of what is our own fault.
pub fn explain(error: &Error) -> Response {
    let told = error.for_person();
    let status = status(&told.problem);
    if status.is_server_error() {
        tracing::error!(%error, "an administrative request failed");
    }
    let message = if told.field.is_empty() { told.problem.to_string() } else { told.to_string() };
    let mut response = refusal(status, &name(&told.problem), &message);
    if let Problem::SlowDown { retry_after_s } = told.problem {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(retry_after_s));
    }
    response
}

fn status(problem: &Problem) -> StatusCode {
    match problem {
        Problem::Required
        | Problem::TooLong { .. }
        | Problem::TooShort { .. }
        | Problem::BadCharacters
        | Problem::SameAsName
        | Problem::BadUrl
        | Problem::NotAPrice
        | Problem::NotADay
        | Problem::NotAKey
        | Problem::OutOfRange { .. }
        | Problem::OtherSignIn
        | Problem::AccessDenied
        | Problem::LinkPasted
        | Problem::NotPasted { .. }
        | Problem::CodeRefused { .. }
        | Problem::NeedsProject { .. }
        | Problem::NeedsVerification { .. }
        | Problem::TicketOver => StatusCode::BAD_REQUEST,
        Problem::ProxyFailed { .. } | Problem::ProviderFailed { .. } => StatusCode::BAD_GATEWAY,
        Problem::Misconfigured { .. } => StatusCode::SERVICE_UNAVAILABLE,
        Problem::SignInOver => StatusCode::GONE,
        Problem::WrongCredentials
        | Problem::WrongPassword
        | Problem::UnknownKey
        | Problem::KeyDisabled
        | Problem::KeyExpired { .. }
        | Problem::SignedOut => StatusCode::UNAUTHORIZED,
        Problem::SetupLinkInvalid => StatusCode::FORBIDDEN,
        Problem::NotFound => StatusCode::NOT_FOUND,
        Problem::Taken | Problem::Conflict { .. } | Problem::SetupDone | Problem::OtherOwner { .. } => {
            StatusCode::CONFLICT
        }
        Problem::SlowDown { .. } => StatusCode::TOO_MANY_REQUESTS,
        Problem::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The problem's name as JSON writes it.
fn name(problem: &Problem) -> String {
    let value = serde_json::to_value(problem).unwrap_or_default();
    value["problem"].as_str().unwrap_or("internal").to_owned()
}
