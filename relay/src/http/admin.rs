//! What scripts use under `/admin`: accounts, their groups, keys, figures and prices, in the words of the original, so that
//! a script written for it goes on working (reference: original, sections 1.4 and 3).
//!
//! Replies are `{success: true, data}` or `{error, message}`. No token and no password is in any of them: where the
//! original gave tokens there are tickets, which are worth something here alone, once.

mod account;
mod act;
mod body;
mod claude;
mod face;
mod figure;
mod gemini;
mod given;
mod group;
mod key;
mod noun;
mod price;
mod reply;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{any, get, patch, post, put};

use self::noun::Noun;
use crate::state::Shared;

const LARGEST_BODY: usize = 64 * 1024;

/// What a handler of accounts works on: Switchyard, and which of the nouns was asked for.
type Desk = (Shared, &'static Noun);

/// All routes under `/admin`. To be put behind [`Guard`](super::guard::Guard).
pub fn router(shared: Shared) -> Router {
    let accounts = |noun| accounts((shared.clone(), noun));
    Router::new()
        .nest("/admin/claude-accounts", accounts(&noun::CLAUDE).merge(claude_sign_in(shared.clone())))
        .nest("/admin/claude-console-accounts", accounts(&noun::CLAUDE_CONSOLE))
        .nest("/admin/gemini-accounts", accounts(&noun::GEMINI).merge(gemini_sign_in(shared.clone())))
        .nest("/admin/gemini-api-accounts", accounts(&noun::GEMINI_API))
        .nest("/admin/account-groups", groups(shared.clone()))
        .nest("/admin/api-keys", keys(shared.clone()))
        .merge(figures(shared.clone()))
        .route("/admin", any(reply::not_found))
        .route("/admin/{*rest}", any(reply::not_found))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
}

fn accounts(desk: Desk) -> Router {
    Router::new()
        .route("/", get(account::list).post(account::create))
        .route("/{id}", get(account::find).put(account::change).delete(account::delete))
        .route("/{id}/refresh", post(act::refresh))
        .route("/{id}/reset-status", post(act::reset_status))
        .route("/{id}/reset-rate-limit", post(act::reset_status))
        .route("/{id}/toggle", put(act::toggle))
        .route("/{id}/toggle-schedulable", put(act::toggle))
        .route("/{id}/test", post(act::test))
        .method_not_allowed_fallback(reply::wrong_method)
        .with_state(desk)
}

fn claude_sign_in(shared: Shared) -> Router {
    Router::new()
        .route("/generate-auth-url", post(claude::generate_auth_url))
        .route("/exchange-code", post(claude::exchange_code))
        .route("/generate-setup-token-url", post(claude::generate_setup_token_url))
        .route("/exchange-setup-token-code", post(claude::exchange_setup_token_code))
        .method_not_allowed_fallback(reply::wrong_method)
        .with_state(shared)
}

fn gemini_sign_in(shared: Shared) -> Router {
    Router::new()
        .route("/generate-auth-url", post(gemini::generate_auth_url))
        .route("/poll-auth-status", post(gemini::poll_auth_status))
        .route("/exchange-code", post(gemini::exchange_code))
        .method_not_allowed_fallback(reply::wrong_method)
        .with_state(shared)
}

fn groups(shared: Shared) -> Router {
    Router::new()
        .route("/", get(group::list).post(group::create))
        .route("/{id}", get(group::find).put(group::change).delete(group::delete))
        .route("/{id}/members", get(group::members))
        .method_not_allowed_fallback(reply::wrong_method)
        .with_state(shared)
}

fn keys(shared: Shared) -> Router {
    let batch = post(key::create_many).put(key::change_many).delete(key::delete_many);
    Router::new()
        .route("/", get(key::list).post(key::create))
        .route("/batch", batch)
        .route("/tags", get(key::tags))
        .route("/{id}", get(key::find).put(key::change).delete(key::delete))
        .route("/{id}/expiration", patch(key::expiration))
        .route("/{id}/rotate", post(key::rotate))
        .method_not_allowed_fallback(reply::wrong_method)
        .with_state(shared)
}

fn figures(shared: Shared) -> Router {
    Router::new()
        .route("/admin/dashboard", get(figure::dashboard))
        .route("/admin/usage-stats", get(figure::usage_stats))
        .route("/admin/usage-trend", get(figure::usage_trend))
        .route("/admin/usage-costs", get(figure::usage_costs))
        .route("/admin/usage-verify", get(figure::verify))
        .route("/admin/model-stats", get(figure::model_stats))
        .route("/admin/api-keys-usage-trend", get(figure::key_usage_trend))
        .route("/admin/api-keys/{id}/model-stats", get(figure::key_model_stats))
        .route("/admin/models/pricing", get(price::list).put(price::set).delete(price::unset))
        .route("/admin/models/pricing/reprice", post(price::reprice))
        .method_not_allowed_fallback(reply::wrong_method)
        .with_state(shared)
}
