//! The models that a key can use, in Google's shape and in the original's.

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::value::RawValue;

use super::{authenticated, refuse};
use crate::gate::refusal::Refusal;
use crate::http::rescue::google::{bad_query, no_model};
use crate::model::account::Service;
use crate::model::dialect::Dialect;
use crate::pipeline::models;
use crate::schedule::catalogue::Offer;
use crate::state::Shared;

/// The provider's own default and bound.
const PAGE: usize = 50;
const PAGE_MAX: usize = 1_000;

#[derive(Serialize)]
struct Page<'a> {
    models: Vec<&'a RawValue>,
    #[serde(rename = "nextPageToken", skip_serializing_if = "Option::is_none")]
    next_page_token: Option<&'a str>,
}

/// `GET /gemini/{version}/models`, by pages. A page's token is the name of the last model before it.
pub(super) async fn list(shared: &Shared, request: Request) -> Response {
    let query = request.uri().query().unwrap_or_default().to_owned();
    let listed = match offers(shared, request).await {
        Ok(listed) => listed,
        Err(refusal) => return refuse(&refusal),
    };
    let value = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(given, _)| *given == name).map(|(_, value)| value).filter(|value| !value.is_empty())
    };
    let size = match value("pageSize").or_else(|| value("page_size")).map(str::parse::<usize>) {
        None | Some(Ok(0)) => PAGE,
        Some(Ok(size)) => size.min(PAGE_MAX),
        Some(Err(_)) => return bad_query("pageSize must be a whole number"),
    };
    let from = match value("pageToken").or_else(|| value("page_token")) {
        None => 0,
        Some(token) => match listed.iter().position(|offer| offer.id == token) {
            Some(at) => at + 1,
            None => return bad_query("pageToken is none that this relay gave"),
        },
    };
    let to = (from + size).min(listed.len());
    let page = &listed[from..to];
    Json(Page {
        models: page.iter().map(|offer| &*offer.raw).collect(),
        next_page_token: page.last().filter(|_| to < listed.len()).map(|offer| offer.id.as_str()),
    })
    .into_response()
}

/// `GET /gemini/{version}/models/{model}`.
pub(super) async fn one(shared: &Shared, name: &str, request: Request) -> Response {
    match offers(shared, request).await {
        Ok(listed) => match listed.iter().find(|offer| offer.id == name) {
            Some(offer) => Json(&*offer.raw).into_response(),
            None => no_model(name),
        },
        Err(refusal) => refuse(&refusal),
    }
}

#[derive(Serialize)]
struct Plain<'a> {
    object: &'static str,
    data: Vec<PlainModel<'a>>,
}

#[derive(Serialize)]
struct PlainModel<'a> {
    id: &'a str,
    object: &'static str,
    /// Google does not say; clients of this shape expect the field.
    created: u64,
    owned_by: &'static str,
}

/// `GET /gemini/models`: the original's list (reference: original, section 1.1).
pub(in crate::http) async fn plain(State(shared): State<Shared>, request: Request) -> Response {
    let listed = match offers(&shared, request).await {
        Ok(listed) => listed,
        Err(refusal) => return refuse(&refusal),
    };
    let model = |offer| PlainModel { id: offer, object: "model", created: 0, owned_by: "google" };
    let data = listed.iter().map(|offer| model(offer.id.as_str())).collect();
    Json(Plain { object: "list", data }).into_response()
}

async fn offers(shared: &Shared, request: Request) -> Result<Vec<Offer>, Refusal> {
    let key = authenticated(shared, Dialect::Gemini, request).await?;
    models::list(shared, &key, Service::Gemini).await
}
