//! The handlers of relayed calls: a thin coat around the pipeline.

use axum::extract::{Request, State};
use axum::response::Response;
use http::HeaderValue;
use uuid::Uuid;

use super::rescue::{self, REQUEST_ID};
use crate::pipeline::{self, Road};
use crate::state::Shared;

/// `POST …/v1/messages`.
pub(super) async fn messages(State(shared): State<Shared>, request: Request) -> Response {
    relay(&shared, Road::MESSAGES, request).await
}

/// `POST …/v1/messages/count_tokens`.
pub(super) async fn count_tokens(State(shared): State<Shared>, request: Request) -> Response {
    relay(&shared, Road::COUNT_TOKENS, request).await
}

pub(super) async fn relay(shared: &Shared, road: Road, request: Request) -> Response {
    let (id, dialect) = (Uuid::now_v7(), road.dialect());
    let mut response = match pipeline::relay(shared, road, id, request).await {
        Ok(response) => response,
        Err(refusal) => return rescue::refuse(dialect, &refusal, id),
    };
    if let Ok(id) = HeaderValue::from_str(id.hyphenated().encode_lower(&mut Uuid::encode_buffer())) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}
