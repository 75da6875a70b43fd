//! Routers and what stands around them.

pub mod admin;
pub mod cookie;
pub mod download;
mod gemini;
pub mod guard;
mod health;
mod limit;
pub mod live;
mod own;
mod relay;
mod rescue;
pub mod serve;
pub mod web;

use axum::Router;
use axum::routing::{any, get, head, post};

use crate::state::Shared;

/// Everything that client programs and probes use: all routes, in one table.
///
/// `…/claude/v1/…` is the original's other name for the same; a client's settings may have either.
pub fn client_router(shared: Shared) -> Router {
    let messages = post(relay::messages).fallback(rescue::wrong_method);
    let count = post(relay::count_tokens).fallback(rescue::wrong_method);
    let models = get(own::models).fallback(rescue::wrong_method);
    Router::new()
        .route("/api/v1/messages", messages.clone())
        .route("/claude/v1/messages", messages.clone())
        .route("/api/claude/v1/messages", messages)
        .route("/api/v1/messages/count_tokens", count.clone())
        .route("/claude/v1/messages/count_tokens", count.clone())
        .route("/api/claude/v1/messages/count_tokens", count)
        .route("/api/v1/models", models.clone())
        .route("/claude/v1/models", models)
        .route("/api/v1/models/{id}", get(own::model).fallback(rescue::wrong_method))
        .route("/claude/v1/models/{id}", get(own::model).fallback(rescue::wrong_method))
        .route("/api/v1/key-info", get(own::key_info).fallback(rescue::wrong_method))
        .route("/api/v1/usage", get(own::usage).fallback(rescue::wrong_method))
        .route("/claude/v1/key-info", get(own::key_info).fallback(rescue::wrong_method))
        .route("/claude/v1/usage", get(own::usage).fallback(rescue::wrong_method))
        .route("/gemini/models", get(gemini::models).fallback(rescue::google::wrong_method))
        .route("/gemini/usage", get(gemini::usage).fallback(rescue::google::wrong_method))
        .route("/gemini/key-info", get(gemini::key_info).fallback(rescue::google::wrong_method))
        .route("/gemini/{*rest}", any(gemini::any))
        .route("/health", get(health::health))
        .route("/api", head(health::probe))
        .route("/api/", head(health::probe))
        .route("/api/api/hello", head(health::probe))
        .route("/api/{*rest}", any(rescue::not_found))
        .route("/claude/{*rest}", any(rescue::not_found))
        .fallback(rescue::not_found)
        .layer(axum::middleware::from_fn(rescue::catch))
        .with_state(shared)
}
