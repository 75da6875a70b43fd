//! What keys were used for, out of the books: what their limits begin with when the process starts, or is told others.

use std::cell::RefCell;
use std::collections::HashMap;

use rusqlite::{Connection, Row};
use uuid::Uuid;

use super::attempt::Charge;
use super::surplus::{self, Surplus};
use super::{Store, StoreError};
use crate::model::id::KeyId;
use crate::model::limit::amount::Amount;

/// What one key used of one model.
#[derive(Clone, Debug)]
pub struct ModelSum {
    /// The key.
    pub key: KeyId,
    /// The model that it is booked under.
    pub model: String,
    /// Ever.
    pub total: Amount,
    /// Since the month's beginning.
    pub month: Amount,
    /// Since the day's beginning.
    pub day: Amount,
    /// Calls that were answered, ever.
    pub answered: u64,
    /// Tokens of output, ever.
    pub output: u64,
}

/// One attempt, as windows count it.
#[derive(Clone, Debug)]
pub struct Charged {
    /// Its call.
    pub call: Uuid,
    /// Which attempt of it.
    pub n: u8,
    /// The key.
    pub key: KeyId,
    /// When the call came, milliseconds since 1970.
    pub at_ms: i64,
    /// The model that it is booked under.
    pub model: String,
    /// What it is charged; one request if it was the call's last attempt.
    pub amount: Amount,
}

const TOKENS: &str = "input + output + cache_write_5m + cache_write_1h + cache_read";

impl From<Surplus> for ModelSum {
    fn from(surplus: Surplus) -> Self {
        let amount = |charge: Charge| Amount { requests: 0, tokens: charge.tokens, cost: charge.cost };
        Self {
            key: surplus.key,
            model: surplus.model,
            total: amount(surplus.total),
            month: amount(surplus.month),
            day: amount(surplus.day),
            answered: 0,
            output: 0,
        }
    }
}

/// What every key used of every model; what it was charged beyond that comes as sums of their own.
///
/// # Errors
/// If the store fails.
pub async fn by_model(store: &Store, day_ms: i64, month_ms: i64) -> Result<Vec<ModelSum>, StoreError> {
    store.read(move |read| sums(read, day_ms, month_ms)).await
}

fn sums(read: &Connection, day_ms: i64, month_ms: i64) -> Result<Vec<ModelSum>, StoreError> {
    let requests = "CASE WHEN account_id <> '' THEN requests + failed ELSE 0 END";
    let since = |from: &str| {
        [requests, TOKENS, "cost"]
            .map(|what| format!("coalesce(sum({what}) FILTER (WHERE bucket_ms >= {from}), 0)"))
            .join(", ")
    };
    let query = format!(
        "SELECT key_id, model, {}, {}, {}, sum(requests), sum(output) FROM rollup WHERE size = 'd'
         GROUP BY key_id, model",
        since("0"),
        since("?1"),
        since("?2")
    );
    let row = |row: &Row<'_>| {
        Ok(ModelSum {
            key: KeyId::new(row.get::<_, String>(0)?),
            model: row.get(1)?,
            total: sum(row, 2)?,
            month: sum(row, 5)?,
            day: sum(row, 8)?,
            answered: count(row, 11)?,
            output: count(row, 12)?,
        })
    };
    let mut statement = read.prepare_cached(&query)?;
    let mut sums = statement.query_map([month_ms, day_ms], row)?.collect::<Result<Vec<_>, _>>()?;
    sums.extend(surplus::by_model(read, day_ms, month_ms)?.into_iter().map(ModelSum::from));
    Ok(sums)
}

/// The attempts of these keys whose calls came at or after an instant.
///
/// # Errors
/// If the store fails.
pub async fn since(store: &Store, keys: Vec<KeyId>, from_ms: i64) -> Result<Vec<Charged>, StoreError> {
    store.read(move |read| charged(read, keys, from_ms)).await
}

/// From when on the books are counted.
#[derive(Clone, Debug)]
pub struct Span {
    /// The day's beginning.
    pub day_ms: i64,
    /// The month's beginning.
    pub month_ms: i64,
    /// Keys of which single attempts are asked for, and since when.
    pub windows: (Vec<KeyId>, i64),
}

/// Looks at all of it at one moment, at which nothing is written, and tells which attempts are in it.
///
/// # Errors
/// If the store fails.
pub async fn at_once(
    store: &Store,
    span: Span,
    look: impl FnOnce(Vec<ModelSum>, Vec<Charged>, &dyn Fn(Uuid, u8) -> bool) + Send + 'static,
) -> Result<(), StoreError> {
    store
        .lazy(move |write| {
            let Span { day_ms, month_ms, windows: (keys, from_ms) } = span;
            let sums = sums(write, day_ms, month_ms)?;
            let charged = charged(write, keys, from_ms)?;
            let mut there = write.prepare_cached("SELECT 1 FROM attempt WHERE call = ?1 AND n = ?2")?;
            let there = RefCell::new(&mut there);
            look(sums, charged, &|call, n| {
                there.borrow_mut().exists((call.as_bytes(), n)).unwrap_or_default()
            });
            Ok(())
        })
        .await
}

fn charged(read: &Connection, keys: Vec<KeyId>, from_ms: i64) -> Result<Vec<Charged>, StoreError> {
    let query = format!(
        "SELECT key_id, call, n, at_ms, CASE WHEN accepted THEN coalesce(model, asked) ELSE '' END, last,
         {TOKENS} + surplus_tokens, coalesce(cost, 0) + surplus_cost
         FROM attempt WHERE at_ms >= ?1 AND n > 0 AND endpoint <> 'count_tokens'"
    );
    let keys: HashMap<String, KeyId> = keys.into_iter().map(|key| (key.to_string(), key)).collect();
    let mut statement = read.prepare_cached(&query)?;
    let mut rows = statement.query([from_ms])?;
    let mut charged = Vec::new();
    while let Some(row) = rows.next()? {
        let key: &str = row.get_ref(0)?.as_str().unwrap_or_default();
        let Some(key) = keys.get(key).cloned() else { continue };
        let requests = u64::from(row.get::<_, bool>(5)?);
        charged.push(Charged {
            call: Uuid::from_bytes(row.get(1)?),
            n: row.get(2)?,
            key,
            at_ms: row.get(3)?,
            model: row.get(4)?,
            amount: Amount { requests, tokens: count(row, 6)?, cost: count(row, 7)? },
        });
    }
    Ok(charged)
}

fn sum(row: &Row<'_>, first: usize) -> rusqlite::Result<Amount> {
    Ok(Amount { requests: count(row, first)?, tokens: count(row, first + 1)?, cost: count(row, first + 2)? })
}

fn count(row: &Row<'_>, at: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(at).map(|count| u64::try_from(count).unwrap_or(0))
}
