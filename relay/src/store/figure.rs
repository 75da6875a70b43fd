//! Sums out of the books. All figures come from the rollups, so that they agree with one another.

use std::collections::HashMap;

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};

use super::{Store, StoreError};
use crate::model::account::Answered;
use crate::model::figure::{GroupBy, Totals};
use crate::model::id::KeyId;
use crate::model::money::Nanodollars;
use crate::model::usage::Tokens;

/// Which sums.
#[derive(Clone, Debug)]
pub struct Filter {
    size: &'static str,
    from_ms: i64,
    to_ms: i64,
    key: Option<KeyId>,
}

impl Filter {
    /// Buckets of a size (`m`, `h`, `d`) that begin at or after `from_ms`.
    pub fn since(size: &'static str, from_ms: i64) -> Self {
        Self { size, from_ms, to_ms: i64::MAX, key: None }
    }

    /// Only buckets that begin before `to_ms`.
    #[must_use]
    pub fn before(self, to_ms: i64) -> Self {
        Self { to_ms, ..self }
    }

    /// Only of one key.
    #[must_use]
    pub fn of_key(self, key: KeyId) -> Self {
        Self { key: Some(key), ..self }
    }

    fn clause(&self) -> (String, Vec<Value>) {
        let mut clause = "size = ? AND bucket_ms >= ? AND bucket_ms < ?".to_owned();
        let mut values = vec![Value::from(self.size.to_owned()), self.from_ms.into(), self.to_ms.into()];
        if let Some(key) = &self.key {
            clause.push_str(" AND key_id = ?");
            values.push(key.as_str().to_owned().into());
        }
        (clause, values)
    }
}

/// A sum and what it is of: a bucket's start, and the model's name or the id of a key or account.
#[derive(Clone, Debug)]
pub struct Part {
    /// Start of the bucket, milliseconds since 1970; 0 where sums are over the whole time.
    pub at_ms: i64,
    /// The model, key or account; empty for calls that no model answered.
    pub id: String,
    /// The sum.
    pub totals: Totals,
    /// The latest call in it, milliseconds since 1970.
    pub last_ms: i64,
}

const SUMS: &str = "coalesce(sum(requests), 0), coalesce(sum(failed), 0), coalesce(sum(input), 0), \
                    coalesce(sum(output), 0), coalesce(sum(cache_write_5m), 0), coalesce(sum(cache_write_1h), 0), \
                    coalesce(sum(cache_read), 0), coalesce(sum(cost), 0), coalesce(sum(unpriced), 0), \
                    coalesce(max(last_ms), 0)";

/// One sum over everything that the filter lets through.
///
/// # Errors
/// If the store fails.
pub async fn totals(store: &Store, filter: Filter) -> Result<Totals, StoreError> {
    store
        .read(move |read| {
            let (clause, values) = filter.clause();
            let query = format!("SELECT {SUMS} FROM rollup WHERE {clause}");
            Ok(read.prepare_cached(&query)?.query_row(params_from_iter(values), |row| sums(row, 0))?)
        })
        .await
}

/// Sums by model, key or account over the whole time, largest cost first, then tokens.
///
/// # Errors
/// If the store fails.
pub async fn by(store: &Store, filter: Filter, group: GroupBy) -> Result<Vec<Part>, StoreError> {
    store
        .read(move |read| {
            let (clause, values) = filter.clause();
            let column = column(group);
            let query = format!(
                "SELECT 0, {column}, {SUMS} FROM rollup WHERE {clause} GROUP BY {column}
                 ORDER BY sum(cost) DESC, sum(input + output) DESC, sum(requests) DESC, {column}"
            );
            parts(read, &query, values)
        })
        .await
}

/// Sums by bucket and by model, key or account, oldest first.
///
/// # Errors
/// If the store fails.
pub async fn by_time(store: &Store, filter: Filter, group: GroupBy) -> Result<Vec<Part>, StoreError> {
    store
        .read(move |read| {
            let (clause, values) = filter.clause();
            let column = column(group);
            let query = format!(
                "SELECT bucket_ms, {column}, {SUMS} FROM rollup WHERE {clause} GROUP BY bucket_ms, {column}
                 ORDER BY bucket_ms"
            );
            parts(read, &query, values)
        })
        .await
}

/// By account, how many attempts were answered since the start of a day.
///
/// # Errors
/// If the store fails.
pub async fn answered(store: &Store, day_ms: i64) -> Result<HashMap<String, Answered>, StoreError> {
    store
        .read(move |read| {
            let query = "SELECT account_id, sum(iif(outcome IN ('ok', 'client_gone'), attempts, 0)), sum(attempts)
                         FROM rollup WHERE size = 'd' AND bucket_ms >= ?1 AND outcome <> 'rejected' GROUP BY account_id";
            let row = |row: &Row<'_>| {
                let answered =
                    Answered { answered: row.get::<_, u32>(1)?.into(), of: row.get::<_, u32>(2)?.into() };
                Ok((row.get(0)?, answered))
            };
            Ok(read.prepare_cached(query)?.query_map([day_ms], row)?.collect::<Result<_, _>>()?)
        })
        .await
}

/// The names of all keys and of all accounts by id, deleted ones too.
///
/// # Errors
/// If the store fails.
pub async fn names(store: &Store) -> Result<(HashMap<String, String>, HashMap<String, String>), StoreError> {
    store
        .read(|read| {
            let names = |query: &str| -> Result<HashMap<String, String>, StoreError> {
                let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
                Ok(read.prepare_cached(query)?.query_map([], row)?.collect::<Result<_, _>>()?)
            };
            Ok((names("SELECT id, name FROM client_key")?, names("SELECT id, name FROM account")?))
        })
        .await
}

fn column(group: GroupBy) -> &'static str {
    match group {
        GroupBy::Model => "model",
        GroupBy::Key => "key_id",
        GroupBy::Account => "account_id",
    }
}

fn parts(read: &Connection, query: &str, values: Vec<Value>) -> Result<Vec<Part>, StoreError> {
    let part = |row: &Row<'_>| {
        Ok(Part { at_ms: row.get(0)?, id: row.get(1)?, totals: sums(row, 2)?, last_ms: row.get(11)? })
    };
    let mut statement = read.prepare_cached(query)?;
    let parts = statement.query_map(params_from_iter(values), part)?.collect::<Result<_, _>>()?;
    Ok(parts)
}

fn sums(row: &Row<'_>, first: usize) -> rusqlite::Result<Totals> {
    let count = |at: usize| row.get::<_, i64>(first + at).map(|count| u64::try_from(count).unwrap_or(0));
    Ok(Totals {
        requests: count(0)?,
        failed: count(1)?,
        tokens: Tokens {
            input: count(2)?,
            output: count(3)?,
            cache_write_5m: count(4)?,
            cache_write_1h: count(5)?,
            cache_read: count(6)?,
        },
        cost: Nanodollars(row.get(first + 7)?),
        unpriced: count(8)?,
    })
}
