//! What keys were used for before this process, or before they got other limits: read from the books at start and when
//! limits change, never on the road.

use std::collections::HashMap;

use super::book::Past;
use super::live::Before;
use super::period::Periods;
use super::spent::Spent;
use crate::clock::Clock;
use crate::model::id::KeyId;
use crate::model::limit::KeyLimits;
use crate::store::key::StoredKey;
use crate::store::spent::{self, Charged};
use crate::store::{Store, StoreError};

const MINUTE_MS: i64 = 60_000;

/// What each key was used for. The books must hold everything that was.
///
/// # Errors
/// If the store fails.
pub async fn all(
    store: &Store,
    clock: &Clock,
    keys: &[StoredKey],
) -> Result<HashMap<KeyId, Before>, StoreError> {
    let now_ms = clock.now_ms();
    let periods = Periods::at(clock, now_ms);
    let mut all: HashMap<KeyId, Before> = HashMap::new();
    let mut outputs: HashMap<KeyId, (u64, u64)> = HashMap::new();
    for sum in spent::by_model(store, periods.day_ms, periods.month_ms).await? {
        let output = outputs.entry(sum.key.clone()).or_default();
        *output = (output.0.saturating_add(sum.output), output.1.saturating_add(sum.answered));
        let spent = Spent { total: sum.total, month: sum.month, day: sum.day };
        all.entry(sum.key).or_default().spent.push((sum.model, spent));
    }
    for (key, (output, answered)) in outputs {
        all.entry(key).or_default().output = output.checked_div(answered);
    }
    let windowed = keys.iter().filter(|key| key.limits.longest_window().is_some());
    let longest = keys.iter().filter_map(|key| key.limits.longest_window()).max();
    let windowed: Vec<_> = windowed.map(|key| key.id.clone()).collect();
    for charged in since(store, windowed, longest, now_ms).await? {
        all.entry(charged.key.clone()).or_default().past.push(past(charged));
    }
    Ok(all)
}

/// The attempts of one key that the longest window of these limits may hold.
///
/// # Errors
/// If the store fails.
pub async fn one(
    store: &Store,
    clock: &Clock,
    key: &KeyId,
    limits: &KeyLimits,
) -> Result<Vec<Past>, StoreError> {
    let charged = since(store, vec![key.clone()], limits.longest_window(), clock.now_ms()).await?;
    Ok(charged.into_iter().map(past).collect())
}

async fn since(
    store: &Store,
    keys: Vec<KeyId>,
    longest: Option<u32>,
    now_ms: i64,
) -> Result<Vec<Charged>, StoreError> {
    let Some(minutes) = longest else { return Ok(Vec::new()) };
    spent::since(store, keys, now_ms - i64::from(minutes) * MINUTE_MS).await
}

fn past(charged: Charged) -> Past {
    let Charged { call, n, at_ms, model, amount, .. } = charged;
    Past { call, n, at_ms, model, amount }
}
