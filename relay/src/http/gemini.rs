//! Everything below `/gemini`: the calls of Google's clients, in both dialects, and what a key's holder can ask there.

mod assist;
mod figure;
mod model;
mod target;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use http::Method;
use http::request::Parts;
use uuid::Uuid;

use super::relay;
use super::rescue;
use super::rescue::google::{not_found, wrong_method};
use crate::gate::body::drain;
use crate::gate::caller;
use crate::gate::keys::Key;
use crate::gate::refusal::Refusal;
use crate::model::dialect::Dialect;
use crate::state::Shared;
use target::{Target, target};

pub(super) use figure::{key_info, usage};
pub(super) use model::plain as models;

/// `/gemini/{version}/…` and `/gemini/v1internal:…`: told apart by the decoded path, because clients write it in
/// several ways.
pub(super) async fn any(State(shared): State<Shared>, request: Request) -> Response {
    let Some(target) = target(request.uri().path()) else { return not_found(request).await };
    match (target, request.method()) {
        (Target::Call(road), &Method::POST) => relay::relay(&shared, road, request).await,
        (Target::Models, &Method::GET) => model::list(&shared, request).await,
        (Target::Model(name), &Method::GET) => model::one(&shared, &name, request).await,
        (Target::Assist(method), &Method::GET | &Method::POST) => {
            assist::answer(&shared, &method, request).await
        }
        (Target::Operation, &Method::GET) => assist::operation(&shared, request).await,
        _ => wrong_method(request).await,
    }
}

/// The key of a request whose body nobody needs.
async fn authenticated(shared: &Shared, dialect: Dialect, request: Request) -> Result<Arc<Key>, Refusal> {
    let (Parts { uri, headers, .. }, body) = request.into_parts();
    drain(body).await;
    let key = caller::authenticate(&shared.keys, &shared.pepper, dialect, &headers, uri.query())?;
    if shared.is_loop(&headers) { Err(Refusal::Loop) } else { Ok(key) }
}

fn refuse(refusal: &Refusal) -> Response {
    rescue::refuse(Dialect::Gemini, refusal, Uuid::now_v7())
}
