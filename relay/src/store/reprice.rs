//! Giving past records other prices: records and their sums change together, a bounded number in each transaction, so
//! that a crash between two leaves books that add up.

use std::sync::Arc;

use rusqlite::{Transaction, params};
use uuid::Uuid;

use super::attempt::{Attempt, read};
use super::rollup::{Calendar, bounded, correct};
use super::{Store, StoreError};
use crate::clock::Clock;
use crate::model::money::Nanodollars;

/// Most records in one transaction.
const BATCH: u32 = 1_000;

/// Gives a record its cost and the version of the prices.
pub type Pricing = Arc<dyn Fn(&mut Attempt) + Send + Sync>;

/// A record's place in the order of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    at_ms: i64,
    call: Uuid,
    n: u8,
}

impl Cursor {
    /// Before every record that came at or after an instant.
    pub fn before(at_ms: i64) -> Self {
        Self { at_ms, call: Uuid::nil(), n: 0 }
    }
}

/// What a batch came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// Charged records that were looked at.
    pub records: u64,
    /// Records whose cost changed.
    pub changed: u64,
    /// What they cost before.
    pub before: Nanodollars,
    /// What they cost now.
    pub after: Nanodollars,
}

/// Prices the next records after `cursor` that came before `until_ms` anew. Returns how far it got; nothing when there
/// are none left.
///
/// # Errors
/// If the store fails; nothing of this batch is changed then.
pub async fn step(
    store: &Store,
    clock: &Clock,
    cursor: Cursor,
    until_ms: i64,
    pricing: Pricing,
) -> Result<Option<(Cursor, Batch)>, StoreError> {
    let clock = clock.clone();
    store
        .lazy(move |write| {
            let records = read::after(write, (cursor.at_ms, cursor.call, cursor.n), until_ms, BATCH)?;
            let Some(last) = records.last() else { return Ok(None) };
            let end = Cursor { at_ms: last.at_ms, call: last.call, n: last.n };
            let mut calendar = Calendar::new(&clock);
            let mut batch = Batch::default();
            for record in records.into_iter().filter(Attempt::is_charged) {
                let mut priced = record.clone();
                pricing(&mut priced);
                change(write, &mut calendar, &record, &priced, &mut batch)?;
            }
            Ok(Some((end, batch)))
        })
        .await
}

fn change(
    write: &Transaction<'_>,
    calendar: &mut Calendar,
    record: &Attempt,
    priced: &Attempt,
    batch: &mut Batch,
) -> Result<(), StoreError> {
    let kept = |record: &Attempt| record.cost.map(bounded);
    let (before, after) = (kept(record), kept(priced));
    batch.records += 1;
    batch.before += Nanodollars(before.unwrap_or_default());
    batch.after += Nanodollars(after.unwrap_or_default());
    if before == after && record.price == priced.price {
        return Ok(());
    }
    let set = "UPDATE attempt SET cost = ?3, price = ?4 WHERE call = ?1 AND n = ?2";
    let row = params![record.call.as_bytes(), record.n, after, priced.price];
    write.prepare_cached(set)?.execute(row)?;
    if before == after {
        return Ok(());
    }
    batch.changed += 1;
    let more = after.unwrap_or_default() - before.unwrap_or_default();
    let unpriced = i64::from(priced.is_unpriced()) - i64::from(record.is_unpriced());
    correct(write, calendar, record, more, unpriced)
}
