//! What a key's holder can ask about the key: its models, its figures. Shapes are Anthropic's for models and the
//! original's for the rest (reference: original, section 1.2), with more fields where useful.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::limit::Limits;
use super::rescue;
use crate::clock::Clock;
use crate::gate::caller;
use crate::gate::keys::Key;
use crate::gate::refusal::Refusal;
use crate::model::account::Service;
use crate::model::dialect::Dialect;
use crate::model::figure::{GroupBy, Totals};
use crate::pipeline::models;
use crate::state::Shared;
use crate::store::StoreError;
use crate::store::figure::{self, Filter};

const PAGE: usize = 20;
const PAGE_MAX: usize = 1_000;
const DAY_MS: i64 = 24 * 3_600_000;

#[derive(Deserialize)]
pub(super) struct Paging {
    limit: Option<String>,
    after_id: Option<String>,
    before_id: Option<String>,
}

#[derive(Serialize)]
struct Page<'a> {
    data: Vec<&'a RawValue>,
    has_more: bool,
    first_id: Option<&'a str>,
    last_id: Option<&'a str>,
}

/// `GET /api/v1/models`: the union of what the accounts that may serve this key offer.
pub(super) async fn models(
    State(shared): State<Shared>,
    paging: Result<Query<Paging>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let listed = match list(&shared, &headers).await {
        Ok(listed) => listed,
        Err(refusal) => return refuse(&refusal),
    };
    let Ok(Query(paging)) = paging else {
        return rescue::bad_query("limit, after_id and before_id: each at most once");
    };
    let limit = match paging.limit.as_deref().map(str::parse::<usize>) {
        None => PAGE,
        Some(Ok(limit)) if (1..=PAGE_MAX).contains(&limit) => limit,
        Some(_) => return rescue::bad_query("limit: must be a number from 1 to 1000"),
    };
    let position = |id: &str| listed.iter().position(|offer| offer.id == id);
    let (from, to) = match (paging.after_id.as_deref(), paging.before_id.as_deref()) {
        (Some(_), Some(_)) => return rescue::bad_query("after_id and before_id: give one of them"),
        (Some(after), None) => match position(after) {
            Some(at) => (at + 1, (at + 1 + limit).min(listed.len())),
            None => return rescue::bad_query("after_id: no such model"),
        },
        (None, Some(before)) => match position(before) {
            Some(at) => (at.saturating_sub(limit), at),
            None => return rescue::bad_query("before_id: no such model"),
        },
        (None, None) => (0, limit.min(listed.len())),
    };
    let page = &listed[from..to];
    let has_more = if paging.before_id.is_some() { from > 0 } else { to < listed.len() };
    Json(Page {
        data: page.iter().map(|offer| &*offer.raw).collect(),
        has_more,
        first_id: page.first().map(|offer| offer.id.as_str()),
        last_id: page.last().map(|offer| offer.id.as_str()),
    })
    .into_response()
}

/// `GET /api/v1/models/{id}`.
pub(super) async fn model(
    State(shared): State<Shared>,
    id: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    // What is no text is no model's name.
    let id = id.map_or_else(|_| String::new(), |Path(id)| id);
    match list(&shared, &headers).await {
        Ok(listed) => match listed.iter().find(|offer| offer.id == id) {
            Some(offer) => Json(&*offer.raw).into_response(),
            None => rescue::no_model(&id),
        },
        Err(refusal) => refuse(&refusal),
    }
}

async fn list(
    shared: &Shared,
    headers: &HeaderMap,
) -> Result<Vec<crate::schedule::catalogue::Offer>, Refusal> {
    let key = authenticated(shared, headers)?;
    if shared.is_loop(headers) {
        Err(Refusal::Loop)
    } else {
        models::list(shared, &key, Service::Claude).await
    }
}

/// Sums in the original's words.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sums {
    tokens: u64,
    input_tokens: u64,
    output_tokens: u64,
    cache_create_tokens: u64,
    #[serde(rename = "cacheCreate5mTokens")]
    cache_create_5m_tokens: u64,
    #[serde(rename = "cacheCreate1hTokens")]
    cache_create_1h_tokens: u64,
    cache_read_tokens: u64,
    all_tokens: u64,
    requests: u64,
    failed: u64,
    /// Nano-dollars at list price.
    cost_nanodollars: i64,
    /// The same in dollars, for reading.
    cost: String,
}

/// Averages in the original's words.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Averages {
    rpm: f64,
    tpm: f64,
    daily_requests: f64,
    daily_tokens: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ModelSums {
    model: String,
    #[serde(flatten)]
    sums: Sums,
}

#[derive(Serialize)]
struct Usage {
    total: Sums,
    daily: Sums,
    monthly: Sums,
    averages: Averages,
    models: Vec<ModelSums>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct KeyInfo {
    id: String,
    name: String,
    token_limit: u64,
    limits: Limits,
    usage: Usage,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct KeyInfoReply {
    key_info: KeyInfo,
    timestamp: String,
}

#[derive(Serialize)]
struct UsageReply {
    usage: Usage,
    limits: Limits,
    timestamp: String,
}

/// `GET /api/v1/key-info`.
pub(super) async fn key_info(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    let key = match authenticated(&shared, &headers) {
        Ok(key) => key,
        Err(refusal) => return refuse(&refusal),
    };
    match read(&shared, &key).await {
        Ok(usage) => {
            let limits = Limits::of(&key);
            let (id, token_limit) = (key.id.to_string(), limits.tokens);
            let key_info = KeyInfo { id, name: key.name(), token_limit, limits, usage };
            Json(KeyInfoReply { key_info, timestamp: Clock::rfc3339(shared.clock.now_ms()) }).into_response()
        }
        Err(error) => rescue::internal(&error),
    }
}

/// `GET /api/v1/usage`.
pub(super) async fn usage(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    let key = match authenticated(&shared, &headers) {
        Ok(key) => key,
        Err(refusal) => return refuse(&refusal),
    };
    match read(&shared, &key).await {
        Ok(usage) => {
            let limits = Limits::of(&key);
            Json(UsageReply { usage, limits, timestamp: Clock::rfc3339(shared.clock.now_ms()) })
                .into_response()
        }
        Err(error) => rescue::internal(&error),
    }
}

fn authenticated(shared: &Shared, headers: &HeaderMap) -> Result<Arc<Key>, Refusal> {
    caller::authenticate(&shared.keys, &shared.pepper, Dialect::Anthropic, headers, None)
}

fn refuse(refusal: &Refusal) -> Response {
    rescue::refuse(Dialect::Anthropic, refusal, Uuid::now_v7())
}

async fn read(shared: &Shared, key: &Key) -> Result<Usage, StoreError> {
    shared.books.caught_up().await;
    let now_ms = shared.clock.now_ms();
    let mine = |from_ms| Filter::since("d", from_ms).of_key(key.id.clone());
    let total = figure::totals(&shared.store, mine(0)).await?;
    let daily = figure::totals(&shared.store, mine(shared.clock.day_start_ms(now_ms, 0))).await?;
    let monthly = figure::totals(&shared.store, mine(shared.clock.month_start_ms(now_ms))).await?;
    let models = figure::by(&shared.store, mine(0), GroupBy::Model).await?;
    Ok(Usage {
        averages: Averages::of(&total, now_ms - key.created_ms),
        total: total.into(),
        daily: daily.into(),
        monthly: monthly.into(),
        models: models
            .into_iter()
            .filter(|part| !part.id.is_empty())
            .map(|part| ModelSums { model: part.id, sums: part.totals.into() })
            .collect(),
    })
}

impl Averages {
    /// Over a whole life, as the original has it; at least one minute and one day.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn of(total: &Totals, age_ms: i64) -> Self {
        let minutes = (age_ms as f64 / 60_000.0).max(1.0);
        let days = (age_ms as f64 / DAY_MS as f64).max(1.0);
        let rounded = |value: f64| (value * 100.0).round() / 100.0;
        Self {
            rpm: rounded(total.requests as f64 / minutes),
            tpm: rounded(total.tokens.all() as f64 / minutes),
            daily_requests: rounded(total.requests as f64 / days),
            daily_tokens: rounded(total.tokens.all() as f64 / days),
        }
    }
}

impl From<Totals> for Sums {
    fn from(totals: Totals) -> Self {
        let tokens = totals.tokens;
        Self {
            tokens: tokens.input.saturating_add(tokens.output),
            input_tokens: tokens.input,
            output_tokens: tokens.output,
            cache_create_tokens: tokens.cache_write(),
            cache_create_5m_tokens: tokens.cache_write_5m,
            cache_create_1h_tokens: tokens.cache_write_1h,
            cache_read_tokens: tokens.cache_read,
            all_tokens: tokens.all(),
            requests: totals.requests,
            failed: totals.failed,
            cost_nanodollars: totals.cost.0,
            cost: format!("{}.{:09}", totals.cost.0 / 1_000_000_000, totals.cost.0 % 1_000_000_000),
        }
    }
}
