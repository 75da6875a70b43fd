//! A key's figures in the original's shapes (reference: original, section 1.2).

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::{authenticated, refuse};
use crate::gate::keys::Key;
use crate::http::limit::Limits;
use crate::http::rescue::google::internal;
use crate::model::account::Service;
use crate::model::dialect::Dialect;
use crate::model::figure::Totals;
use crate::model::limit::Measure;
use crate::model::limit::pattern::Pattern;
use crate::state::Shared;
use crate::store::StoreError;
use crate::store::figure::{self, Filter};

#[derive(Serialize)]
struct Usage {
    object: &'static str,
    total_tokens: u64,
    total_requests: u64,
    daily_tokens: u64,
    daily_requests: u64,
    monthly_tokens: u64,
    monthly_requests: u64,
}

#[derive(Serialize)]
struct KeyInfo {
    id: String,
    name: String,
    permissions: &'static str,
    token_limit: u64,
    tokens_used: u64,
    tokens_remaining: Option<u64>,
    rate_limit: RateLimit,
    concurrency_limit: u64,
    model_restrictions: Restrictions,
    limits: Limits,
}

#[derive(Serialize)]
struct RateLimit {
    window: u64,
    requests: u64,
}

#[derive(Serialize)]
struct Restrictions {
    enabled: bool,
    models: Vec<String>,
}

/// `GET /gemini/usage`.
pub(in crate::http) async fn usage(State(shared): State<Shared>, request: Request) -> Response {
    let key = match authenticated(&shared, Dialect::Gemini, request).await {
        Ok(key) => key,
        Err(refusal) => return refuse(&refusal),
    };
    match read(&shared, &key).await {
        Ok(usage) => Json(usage).into_response(),
        Err(error) => internal(&error),
    }
}

/// `GET /gemini/key-info`. A limit of 0 is none.
pub(in crate::http) async fn key_info(State(shared): State<Shared>, request: Request) -> Response {
    let key = match authenticated(&shared, Dialect::Gemini, request).await {
        Ok(key) => key,
        Err(refusal) => return refuse(&refusal),
    };
    match read(&shared, &key).await {
        Ok(usage) => Json(info(&key, &usage)).into_response(),
        Err(error) => internal(&error),
    }
}

fn info(key: &Key, usage: &Usage) -> KeyInfo {
    let limits = Limits::of(key);
    let has = |service| key.limits.allows_service(service);
    let mut limit = key.limits.limits.iter();
    let window = limit.find(|limit| limit.measure == Measure::Requests && limit.models.is_none());
    let models: Vec<_> = key.limits.blocked_models.iter().map(Pattern::to_string).collect();
    KeyInfo {
        id: key.id.to_string(),
        name: key.name(),
        permissions: match (has(Service::Claude), has(Service::Gemini)) {
            (true, false) => "claude",
            (false, true) => "gemini",
            _ => "all",
        },
        token_limit: limits.tokens,
        tokens_used: usage.total_tokens,
        tokens_remaining: limits.tokens_left(),
        rate_limit: RateLimit {
            window: window.and_then(|limit| limit.per.minutes()).unwrap_or(0).into(),
            requests: limits.requests,
        },
        concurrency_limit: key.limits.concurrency.map_or(0, |concurrency| concurrency.most.into()),
        model_restrictions: Restrictions { enabled: !models.is_empty(), models },
        limits,
    }
}

async fn read(shared: &Shared, key: &Key) -> Result<Usage, StoreError> {
    shared.books.caught_up().await;
    let now_ms = shared.clock.now_ms();
    let since = |from_ms| {
        let mine = Filter::since("d", from_ms).of_key(key.id.clone());
        figure::totals(&shared.store, mine)
    };
    let tokens = |totals: &Totals| totals.tokens.input.saturating_add(totals.tokens.output);
    let total = since(0).await?;
    let daily = since(shared.clock.day_start_ms(now_ms, 0)).await?;
    let monthly = since(shared.clock.month_start_ms(now_ms)).await?;
    Ok(Usage {
        object: "usage",
        total_tokens: tokens(&total),
        total_requests: total.requests,
        daily_tokens: tokens(&daily),
        daily_requests: daily.requests,
        monthly_tokens: tokens(&monthly),
        monthly_requests: monthly.requests,
    })
}
