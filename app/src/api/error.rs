//! What a server function can fail with, as values that pages put into words.

use leptos::prelude::*;
use relay::model::problem::{FieldProblem, Problem};
use serde::{Deserialize, Serialize};
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

/// Why a server function gave no value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "error", rename_all = "snake_case")]
pub enum ApiError {
    /// Nobody is signed in (any more); the page goes to sign-in.
    #[error("sign in again")]
    SignedOut,
    /// What was given cannot be taken. Only forms posted without WASM get it so; others find it in [`Answer`].
    #[error("{} problems", problems.len())]
    Refused {
        /// Which fields, and why.
        problems: Vec<FieldProblem>,
    },
    /// Something failed on the server; its log has the cause.
    #[error("something went wrong here; the log has the cause")]
    Internal,
    /// The server could not be reached, or did not speak our language.
    #[error("the server could not be reached: {why}")]
    Unreachable {
        /// The technical cause.
        why: String,
    },
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::ServerError(_) | ServerFnErrorErr::MiddlewareError(_) => Self::Internal,
            other => Self::Unreachable { why: other.to_string() },
        }
    }
}

/// What a form gets back: a value, or what was wrong with its fields.
///
/// A refusal is an answer, not a failure: the browser logs no error for it.
pub type Answer<T> = Result<T, Vec<FieldProblem>>;

/// The problems in an action's value, whichever way the form was posted; empty if there are none.
pub fn problems_of<T>(value: &Option<Result<Answer<T>, ApiError>>) -> Vec<FieldProblem> {
    match value {
        Some(Ok(Err(problems)) | Err(ApiError::Refused { problems })) => problems.clone(),
        Some(Err(ApiError::SignedOut)) => vec![FieldProblem::whole(Problem::SignedOut)],
        Some(Err(ApiError::Internal | ApiError::Unreachable { .. })) => {
            vec![FieldProblem::whole(Problem::Internal)]
        }
        Some(Ok(Ok(_))) | None => Vec::new(),
    }
}
