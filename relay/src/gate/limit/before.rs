//! What keys were used for before this process, or before they got other limits: read from the books at start and when
//! limits change, never on the road.

use std::collections::HashMap;
use std::sync::Arc;

use super::book::Past;
use super::live::Before;
use super::period::Periods;
use super::spent::Spent;
use crate::clock::Clock;
use crate::gate::keys::Key;
use crate::journal::books::Books;
use crate::model::id::KeyId;
use crate::model::limit::KeyLimits;
use crate::store::key::StoredKey;
use crate::store::spent::{self, Charged, ModelSum, Span};
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
    let limits = keys.iter().map(|key| (&key.id, &key.limits));
    let Span { day_ms, month_ms, windows: (windowed, from_ms) } = span(clock, limits);
    let sums = spent::by_model(store, day_ms, month_ms).await?;
    let charged =
        if windowed.is_empty() { Vec::new() } else { spent::since(store, windowed, from_ms).await? };
    Ok(by_key(sums, charged))
}

/// Counts anew what keys were used for, after the books were changed: prices of the past are others now. What ends
/// meanwhile is counted once, from the books or from the call itself.
///
/// # Errors
/// If the store fails; what was counted stays then.
pub async fn recount(
    store: &Store,
    clock: &Clock,
    books: &Books,
    keys: Vec<Arc<Key>>,
) -> Result<(), StoreError> {
    keys.iter().for_each(|key| key.live.begin_tape());
    books.caught_up().await;
    let span = span(clock, keys.iter().map(|key| (&key.id, &key.limits)));
    let counted = keys.clone();
    let done = spent::at_once(store, span, move |sums, charged, is_there| {
        let mut all = by_key(sums, charged);
        for key in counted {
            key.live.recount(all.remove(&key.id).unwrap_or_default(), is_there);
        }
    })
    .await;
    done.inspect_err(|_| keys.iter().for_each(|key| key.live.end_tape()))
}

/// From when on the books must be read for these limits.
fn span<'a>(clock: &Clock, limits: impl Iterator<Item = (&'a KeyId, &'a KeyLimits)>) -> Span {
    let now_ms = clock.now_ms();
    let Periods { day_ms, month_ms, .. } = Periods::at(clock, now_ms);
    let (mut windowed, mut longest) = (Vec::new(), 0);
    for (id, limits) in limits {
        if let Some(minutes) = limits.longest_window() {
            windowed.push(id.clone());
            longest = longest.max(minutes);
        }
    }
    Span { day_ms, month_ms, windows: (windowed, now_ms - i64::from(longest) * MINUTE_MS) }
}

fn by_key(sums: Vec<ModelSum>, charged: Vec<Charged>) -> HashMap<KeyId, Before> {
    let mut all: HashMap<KeyId, Before> = HashMap::new();
    let mut outputs: HashMap<KeyId, (u64, u64)> = HashMap::new();
    for sum in sums {
        let output = outputs.entry(sum.key.clone()).or_default();
        *output = (output.0.saturating_add(sum.output), output.1.saturating_add(sum.answered));
        let spent = Spent { total: sum.total, month: sum.month, day: sum.day };
        all.entry(sum.key).or_default().spent.push((sum.model, spent));
    }
    for (key, (output, answered)) in outputs {
        all.entry(key).or_default().output = output.checked_div(answered);
    }
    for charged in charged {
        all.entry(charged.key.clone()).or_default().past.push(past(charged));
    }
    all
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
    let Some(minutes) = limits.longest_window() else { return Ok(Vec::new()) };
    let from_ms = clock.now_ms() - i64::from(minutes) * MINUTE_MS;
    let charged = spent::since(store, vec![key.clone()], from_ms).await?;
    Ok(charged.into_iter().map(past).collect())
}

fn past(charged: Charged) -> Past {
    let Charged { call, n, at_ms, model, amount, .. } = charged;
    Past { call, n, at_ms, model, amount }
}
