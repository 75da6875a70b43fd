//! What Google's accounts offer. The Gemini API lists its models; Code Assist only says what is left of each model's
//! allowance, so that list is what a sign-in offers.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::join_all;
use http::{HeaderMap, Method};
use serde::Deserialize;
use serde_json::json;
use serde_json::value::{RawValue, to_raw_value};

use super::{MOST_PAGES, PATIENCE, read};
use crate::gate::keys::Key;
use crate::model::account::{AccountKind, AccountState};
use crate::pipeline::send::Asked;
use crate::pipeline::send::gemini::{gemini, project};
use crate::provider::reply::SendError;
use crate::provider::sandbox::{self, SandboxPath, SandboxRequest};
use crate::schedule::account::Account;
use crate::schedule::catalogue::{Offer, Offers};
use crate::state::Shared;
use crate::token;

#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    models: Vec<Box<RawValue>>,
    #[serde(rename = "nextPageToken", default)]
    next: Option<String>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Quota {
    #[serde(default)]
    buckets: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bucket {
    model_id: String,
    #[serde(default)]
    token_type: String,
    #[serde(default)]
    remaining_fraction: Option<f64>,
}

/// Asks an account for its models.
pub(super) async fn ask(relay: &Shared, account: &Account) -> Result<Offers, SendError> {
    match account.kind {
        AccountKind::GeminiOauth => of_quota(relay, account).await,
        AccountKind::Sandbox => {
            let path = SandboxPath::GeminiModels;
            let request = SandboxRequest { path, body: &[], now_ms: relay.clock.now_ms() };
            Ok(Arc::new(offers(read(sandbox::answer(&request).into()).await?)))
        }
        _ => of_list(relay, account).await,
    }
}

async fn of_list(relay: &Shared, account: &Account) -> Result<Offers, SendError> {
    let mut models = Vec::new();
    let mut query = "pageSize=1000".to_owned();
    for _ in 0..MOST_PAGES {
        let asked = Asked {
            method: Method::GET,
            path: "/v1beta/models",
            query: Some(&query),
            headers: &HeaderMap::new(),
            stream: true,
            body: Bytes::new(),
        };
        let page: Page = read(gemini(relay, account, asked, PATIENCE).await?).await?;
        let next = page.next.clone().filter(|next| !next.is_empty());
        models.extend(offers(page));
        let Some(next) = next else { break };
        let url = reqwest::Url::parse_with_params("http://x", [("pageToken", next)]).ok();
        let next = url.as_ref().and_then(|url| url.query()).unwrap_or_default();
        query = format!("pageSize=1000&{next}");
    }
    Ok(Arc::new(models))
}

fn offers(page: Page) -> Vec<Offer> {
    let offer = |raw: Box<RawValue>| {
        let Named { name } = serde_json::from_str(raw.get()).ok()?;
        let id = name.strip_prefix("models/").unwrap_or(&name).to_owned();
        Some(Offer { id, raw: Arc::from(raw) })
    };
    page.models.into_iter().filter_map(offer).collect()
}

async fn of_quota(relay: &Shared, account: &Account) -> Result<Offers, SendError> {
    let mut models: Vec<Offer> = Vec::new();
    for (bucket, _) in buckets(relay, account).await? {
        let id = bucket.model_id;
        if models.iter().any(|model| model.id == id) {
            continue;
        }
        let described = json!({
            "name": format!("models/{id}"),
            "displayName": id,
            "supportedGenerationMethods": ["generateContent", "countTokens"],
        });
        if let Ok(raw) = to_raw_value(&described) {
            models.push(Offer { id, raw: Arc::from(raw) });
        }
    }
    Ok(Arc::new(models))
}

async fn buckets(relay: &Shared, account: &Account) -> Result<Vec<(Bucket, Box<RawValue>)>, SendError> {
    let body = project(account).map_or_else(|| json!({}), |project| json!({ "project": project }));
    let asked = Asked {
        method: Method::POST,
        path: "/v1internal:retrieveUserQuota",
        query: None,
        headers: &HeaderMap::new(),
        stream: true,
        body: Bytes::from(body.to_string()),
    };
    let quota: Quota = read(gemini(relay, account, asked, PATIENCE).await?).await?;
    let read = |raw: Box<RawValue>| Some((serde_json::from_str(raw.get()).ok()?, raw));
    Ok(quota.buckets.into_iter().filter_map(read).collect())
}

/// What is left for a key: of each model the allowance of the account that has most left of it, in Google's words.
pub(crate) async fn quota(relay: &Shared, key: &Key) -> Vec<Box<RawValue>> {
    let now_ms = relay.clock.now_ms();
    let all = relay.accounts.all();
    let signed_in = all.iter().filter(|account| {
        account.kind == AccountKind::GeminiOauth
            && relay.accounts.is_bound(account, &key.binding)
            && account.state(now_ms) == AccountState::Able
    });
    let ask = |account: &Arc<Account>| {
        let account = Arc::clone(account);
        async move {
            token::ready(relay, &account).await.ok()?;
            tokio::time::timeout(PATIENCE, buckets(relay, &account)).await.ok()?.ok()
        }
    };
    let mut best: Vec<(Bucket, Box<RawValue>)> = Vec::new();
    for (bucket, raw) in join_all(signed_in.map(ask)).await.into_iter().flatten().flatten() {
        let is_same = |(other, _): &&mut (Bucket, Box<RawValue>)| {
            other.model_id == bucket.model_id && other.token_type == bucket.token_type
        };
        match best.iter_mut().find(is_same) {
            Some(other) if bucket.remaining_fraction > other.0.remaining_fraction => *other = (bucket, raw),
            Some(_) => {}
            None => best.push((bucket, raw)),
        }
    }
    best.into_iter().map(|(_, raw)| raw).collect()
}
