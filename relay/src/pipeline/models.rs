//! The list of models: the union of what the accounts that may serve a key offer, in their own words.

pub(crate) mod gemini;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;
use http::{HeaderMap, Method, StatusCode};
use http_body_util::BodyExt;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::send::{Asked, claude};
use crate::gate::admission;
use crate::gate::keys::Key;
use crate::gate::refusal::Refusal;
use crate::model::account::{AccountState, Service};
use crate::provider::reply::{Reply, SendError};
use crate::provider::sandbox::{self, SandboxPath, SandboxRequest};
use crate::schedule::account::Account;
use crate::schedule::catalogue::{Offer, Offers};
use crate::schedule::shortage::none_able;
use crate::state::Shared;
use crate::token;

/// Claude Code waits three seconds for this list.
const PATIENCE: Duration = Duration::from_millis(2_500);
const LONGEST_PAGE: usize = 4 << 20;
const MOST_PAGES: usize = 10;

#[derive(Deserialize)]
struct Page {
    data: Vec<Box<RawValue>>,
    #[serde(default)]
    has_more: bool,
    #[serde(default)]
    last_id: Option<String>,
}

#[derive(Deserialize)]
struct Named {
    id: String,
}

/// Every model that a key can use now, each once, in the order of the accounts. Counts as a free request.
///
/// # Errors
/// The key may not use the service, its limit on free requests is reached, no account may serve it, or none of those
/// told its models.
pub async fn list(relay: &Shared, key: &Key, service: Service) -> Result<Vec<Offer>, Refusal> {
    admission::check_service(key, service)?;
    key.live.admit_free().map_err(Refusal::limited)?;
    let mut models = offered(relay, key, service).await?;
    models.retain(|offer| key.limits.allows_model(&offer.id));
    Ok(models)
}

async fn offered(relay: &Shared, key: &Key, service: Service) -> Result<Vec<Offer>, Refusal> {
    let now_ms = relay.clock.now_ms();
    let all = relay.accounts.all();
    let may_serve = |account: &&Arc<Account>| relay.accounts.may_serve(account, service, &key.binding);
    let mine: Vec<_> = all.iter().filter(may_serve).collect();
    let states: Vec<_> = mine.iter().map(|account| account.state(now_ms)).collect();
    // A cooldown does not change what an account offers.
    let is_in = |state: &AccountState| matches!(state, AccountState::Able | AccountState::Cooling { .. });
    if !states.iter().any(is_in) {
        return Err(none_able(&states, &key.binding, now_ms));
    }
    let able = mine.into_iter().zip(&states).filter(|(_, state)| is_in(state)).map(|(account, _)| account);
    let answers = join_all(able.map(|account| offers(relay, account, service))).await;
    let mut models: Vec<Offer> = Vec::new();
    let mut failure = None;
    for answer in answers {
        match answer {
            Ok(offers) => {
                for offer in offers.iter() {
                    if !models.iter().any(|model| model.id == offer.id) {
                        models.push(offer.clone());
                    }
                }
            }
            Err(error) => failure = Some(error),
        }
    }
    match failure {
        Some(SendError::Loop) if models.is_empty() => Err(Refusal::Loop),
        Some(error) if models.is_empty() => Err(Refusal::Unreachable { cause: error.to_string() }),
        _ => Ok(models),
    }
}

/// The cheapest model that an account offers, for a test that should cost next to nothing.
///
/// # Errors
/// The account did not tell its models.
pub async fn smallest(relay: &Shared, account: &Arc<Account>) -> Result<String, SendError> {
    let service = account.kind.own_service();
    let offers = offers(relay, account, service).await?;
    // Google lists models that only embed, and says so.
    let answers =
        |offer: &&Offer| service == Service::Claude || offer.raw.get().contains("\"generateContent\"");
    let prices = relay.ledger.prices.load();
    let price = |offer: &&Offer| {
        let rates = prices.find(&offer.id).map(|found| found.entry.rates(0, None, relay.clock.now_ms()));
        rates.and_then(|rates| rates.output).map_or(u64::MAX, |rate| rate.0)
    };
    let cheapest = offers.iter().filter(answers).min_by_key(price).map(|offer| offer.id.clone());
    cheapest.ok_or_else(|| SendError::Broken("the account offers no model".to_owned()))
}

async fn offers(relay: &Shared, account: &Arc<Account>, service: Service) -> Result<Offers, SendError> {
    let ask = async {
        token::ready(relay, account).await.map_err(|stale| SendError::Connect(stale.to_string()))?;
        let answer = match service {
            Service::Claude => tokio::time::timeout(PATIENCE, ask(relay, account)).await,
            Service::Gemini => tokio::time::timeout(PATIENCE, gemini::ask(relay, account)).await,
        };
        answer.unwrap_or(Err(SendError::Silent(PATIENCE)))
    };
    relay.catalogue.offers(&account.id, service, relay.clock.now_ms(), ask).await
}

async fn ask(relay: &Shared, account: &Account) -> Result<Offers, SendError> {
    let mut models = Vec::new();
    let mut query = "limit=1000".to_owned();
    for _ in 0..MOST_PAGES {
        let page = page(relay, account, &query).await?;
        for raw in page.data {
            if let Ok(Named { id }) = serde_json::from_str(raw.get()) {
                models.push(Offer { id, raw: Arc::from(raw) });
            }
        }
        match page.last_id {
            Some(last) if page.has_more => {
                let last: String = reqwest::Url::parse_with_params("http://x", [("after_id", last)])
                    .ok()
                    .and_then(|url| url.query().map(str::to_owned))
                    .unwrap_or_default();
                query = format!("limit=1000&{last}");
            }
            _ => break,
        }
    }
    Ok(Arc::new(models))
}

async fn page(relay: &Shared, account: &Account, query: &str) -> Result<Page, SendError> {
    let reply = if account.is_sandbox() {
        let path = SandboxPath::Models(Some(query));
        Reply::from(sandbox::answer(&SandboxRequest { path, body: &[], now_ms: relay.clock.now_ms() }))
    } else {
        let asked = Asked {
            method: Method::GET,
            path: "/v1/models",
            query: Some(query),
            headers: &HeaderMap::new(),
            stream: true,
            body: Bytes::new(),
        };
        claude(relay, account, asked, PATIENCE).await?
    };
    read(reply).await
}

/// A list's page, whole.
async fn read<T: DeserializeOwned>(reply: Reply) -> Result<T, SendError> {
    let status = reply.status;
    let body = http_body_util::Limited::new(reply.body, LONGEST_PAGE).collect().await;
    let body = body.map_err(|error| SendError::Broken(error.to_string()))?.to_bytes();
    if status == StatusCode::LOOP_DETECTED {
        return Err(SendError::Loop);
    }
    if !status.is_success() {
        return Err(SendError::Broken(format!("its list of models came with status {}", status.as_u16())));
    }
    serde_json::from_slice(&body)
        .map_err(|error| SendError::Broken(format!("its list of models is unreadable: {error}")))
}
