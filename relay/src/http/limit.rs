//! A key's limits as its holder reads them: in the original's few words, and in full.

use serde::Serialize;

use crate::clock::Clock;
use crate::gate::keys::Key;
use crate::model::account::Service;
use crate::model::limit::pattern::Pattern;
use crate::model::limit::text::plain_dollars;
use crate::model::limit::{Budget, Concurrency, KeyUse, LimitUse, Measure, Per, Rate};

/// A key's limits and how far they are used.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Limits {
    /// Tokens that the key may use in total, else in its window, else in a day or month; 0 is no limit.
    pub(super) tokens: u64,
    /// Requests in the first window; 0 is no limit.
    pub(super) requests: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    services: Vec<Service>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    allowed_models: Vec<Pattern>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    blocked_models: Vec<Pattern>,
    #[serde(skip_serializing_if = "Option::is_none")]
    budget: Option<Budget>,
    #[serde(skip_serializing_if = "Option::is_none")]
    concurrency: Option<Places>,
    #[serde(skip_serializing_if = "Option::is_none")]
    free_requests: Option<Free>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    used: Vec<Used>,
}

#[derive(Serialize)]
struct Places {
    most: u32,
    active: u32,
    waiting: u32,
}

#[derive(Serialize)]
struct Free {
    most: u64,
    minutes: u32,
    used: u64,
}

/// One limit. Money is in nano-dollars, and in dollars for reading.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Used {
    name: String,
    measure: Measure,
    #[serde(skip_serializing_if = "Option::is_none")]
    models: Option<Pattern>,
    most: u64,
    used: u64,
    reserved: u64,
    left: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    left_dollars: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resets_at: Option<String>,
}

impl Limits {
    /// Of a key, now.
    pub(super) fn of(key: &Key) -> Self {
        let limits = &key.limits;
        let KeyUse { active, waiting, limits: used, free_requests } = key.live.usage();
        let first = |measure, is_it: fn(&Per) -> bool| {
            let mut all = limits.limits.iter().filter(|limit| limit.models.is_none());
            all.find(|limit| limit.measure == measure && is_it(&limit.per)).map(|limit| limit.most)
        };
        let is_window = |per: &Per| per.minutes().is_some();
        let tokens = first(Measure::Tokens, |per| *per == Per::Total)
            .or_else(|| first(Measure::Tokens, is_window))
            .or_else(|| first(Measure::Tokens, |_| true));
        Self {
            tokens: tokens.unwrap_or(0),
            requests: first(Measure::Requests, is_window).unwrap_or(0),
            expires_at: key.expires_ms().map(Clock::rfc3339),
            services: limits.services.clone(),
            allowed_models: limits.allowed_models.clone(),
            blocked_models: limits.blocked_models.clone(),
            budget: limits.budget,
            concurrency: limits.concurrency.map(|Concurrency { most, .. }| Places { most, active, waiting }),
            free_requests: limits.free_requests.map(|Rate { most, minutes }| Free {
                most,
                minutes,
                used: free_requests.unwrap_or(0),
            }),
            used: used.into_iter().map(Used::from).collect(),
        }
    }

    /// What is left of the tokens in `tokens`, if they are limited.
    pub(super) fn tokens_left(&self) -> Option<u64> {
        let is_it = |used: &&Used| {
            used.measure == Measure::Tokens && used.models.is_none() && used.most == self.tokens
        };
        self.used.iter().find(is_it).map(|used| used.left)
    }
}

impl From<LimitUse> for Used {
    fn from(usage: LimitUse) -> Self {
        let left = usage.left();
        Self {
            name: usage.limit.name(),
            measure: usage.limit.measure,
            most: usage.limit.most,
            used: usage.used,
            reserved: usage.reserved,
            left,
            left_dollars: (usage.limit.measure == Measure::Cost).then(|| plain_dollars(left)),
            resets_at: usage.resets_ms.map(Clock::rfc3339),
            models: usage.limit.models,
        }
    }
}
