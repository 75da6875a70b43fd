//! Replies in the original's shape.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

use crate::admin::Error;
use crate::http::web::rescue;
use crate::model::problem::Problem;
use crate::store::StoreError;

/// What a handler gives.
pub(super) type Reply = Result<Response, Refused>;

/// A response that says no.
pub(super) struct Refused(Box<Response>);

impl Refused {
    /// 400 for a field of a wrong form.
    pub(super) fn field(field: &str, want: &str) -> Self {
        Self::with(StatusCode::BAD_REQUEST, "bad_request", &format!("{field} must be {want}"))
    }

    /// 404 for an id that nothing here has.
    pub(super) fn missing() -> Self {
        Error::whole(Problem::NotFound).into()
    }

    /// Any other.
    pub(super) fn with(status: StatusCode, error: &str, message: &str) -> Self {
        Self(Box::new(rescue::refusal(status, error, message)))
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self(Box::new(rescue::explain(&error)))
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Error::Store(error).into()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// `{success: true, data}`.
pub(super) fn data(data: impl Into<Value>) -> Response {
    Json(json!({ "success": true, "data": data.into() })).into_response()
}

/// `{success: true, …}`, where the original puts the fields beside `success`.
pub(super) fn done(mut fields: Value) -> Response {
    fields["success"] = json!(true);
    Json(fields).into_response()
}

pub(super) async fn not_found() -> Response {
    rescue::refusal(StatusCode::NOT_FOUND, "not_found", "there is no such path; docs/routes.md lists them")
}

pub(super) async fn wrong_method() -> Response {
    rescue::refusal(StatusCode::METHOD_NOT_ALLOWED, "wrong_method", "this path takes another method")
}
