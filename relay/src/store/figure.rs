//! Sums out of the books. All figures come from the rollups, so that they agree with one another.

use std::collections::HashMap;

use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};

use super::{Store, StoreError};
use crate::model::account::Answered;
use crate::model::figure::{GroupBy, Times, Totals};
use crate::model::id::{AccountId, KeyId};
use crate::model::money::Nanodollars;
use crate::model::outcome::Outcome;
use crate::model::usage::Tokens;

/// What sums can be split and narrowed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// The client key, by id.
    Key,
    /// The model that answered, by name.
    Model,
    /// The upstream account, by id.
    Account,
    /// How attempts ended, by name.
    Outcome,
}

impl From<GroupBy> for Dimension {
    fn from(group: GroupBy) -> Self {
        match group {
            GroupBy::Model => Self::Model,
            GroupBy::Key => Self::Key,
            GroupBy::Account => Self::Account,
        }
    }
}

impl Dimension {
    /// Its name among the narrow sums; by outcome there are none.
    fn narrow(self) -> Option<&'static str> {
        match self {
            Self::Key => Some("key"),
            Self::Model => Some("model"),
            Self::Account => Some("account"),
            Self::Outcome => None,
        }
    }

    fn column(self) -> &'static str {
        match self {
            Self::Key => "key_id",
            Self::Model => "model",
            Self::Account => "account_id",
            Self::Outcome => "outcome",
        }
    }
}

/// Which sums.
#[derive(Clone, Debug)]
pub struct Filter {
    size: &'static str,
    from_ms: i64,
    to_ms: i64,
    only: Vec<(Dimension, Vec<String>)>,
}

impl Filter {
    /// Buckets of a size (`m`, `h`, `d`) that begin at or after `from_ms`.
    pub fn since(size: &'static str, from_ms: i64) -> Self {
        Self { size, from_ms, to_ms: i64::MAX, only: Vec::new() }
    }

    /// Only buckets that begin before `to_ms`.
    #[must_use]
    pub fn before(self, to_ms: i64) -> Self {
        Self { to_ms, ..self }
    }

    /// Only of one key.
    #[must_use]
    pub fn of_key(self, key: KeyId) -> Self {
        self.of_keys(vec![key])
    }

    /// Only of these keys.
    #[must_use]
    pub fn of_keys(self, keys: Vec<KeyId>) -> Self {
        self.only(Dimension::Key, keys.into_iter().map(|key| key.as_str().to_owned()).collect())
    }

    /// Only of one account.
    #[must_use]
    pub fn of_account(self, account: &AccountId) -> Self {
        self.only(Dimension::Account, vec![account.as_str().to_owned()])
    }

    /// Only of one model.
    #[must_use]
    pub fn of_model(self, model: String) -> Self {
        self.only(Dimension::Model, vec![model])
    }

    /// Only attempts that ended so.
    #[must_use]
    pub fn of_outcome(self, outcome: Outcome) -> Self {
        self.only(Dimension::Outcome, vec![outcome.name().to_owned()])
    }

    fn only(mut self, dimension: Dimension, ids: Vec<String>) -> Self {
        self.only.push((dimension, ids));
        self
    }

    /// The sums to read: the narrow ones where one dimension at most is asked for, else those by all.
    fn source(&self, group: Option<Dimension>) -> Source {
        let mut asked = self.only.iter().map(|(dimension, _)| *dimension).chain(group);
        let first = asked.next();
        match first {
            None => Source { table: "rollup_by", dimension: Some("all") },
            Some(first) if first.narrow().is_some() && asked.all(|other| other == first) => {
                Source { table: "rollup_by", dimension: first.narrow() }
            }
            Some(_) => Source { table: "rollup", dimension: None },
        }
    }

    fn clause(&self, source: &Source) -> (String, Vec<Value>) {
        let mut clause = "size = ? AND bucket_ms >= ? AND bucket_ms < ?".to_owned();
        let mut values = vec![Value::from(self.size.to_owned()), self.from_ms.into(), self.to_ms.into()];
        if let Some(dimension) = source.dimension {
            clause.push_str(" AND dimension = ?");
            values.push(dimension.to_owned().into());
        }
        for (dimension, ids) in &self.only {
            let places = vec!["?"; ids.len()].join(", ");
            clause.push_str(&format!(" AND {} IN ({places})", source.column(*dimension)));
            values.extend(ids.iter().cloned().map(Value::from));
        }
        (clause, values)
    }
}

struct Source {
    table: &'static str,
    dimension: Option<&'static str>,
}

impl Source {
    fn column(&self, dimension: Dimension) -> &'static str {
        if self.dimension.is_some() { "id" } else { dimension.column() }
    }
}

/// A sum and what it is of: a bucket's start, and the model's name or the id of a key or account.
#[derive(Clone, Debug)]
pub struct Part {
    /// Start of the bucket, milliseconds since 1970; 0 where sums are over the whole time.
    pub at_ms: i64,
    /// The model, key, account or outcome; empty for calls that no model answered, and where it is of all.
    pub id: String,
    /// The sum.
    pub totals: Totals,
    /// The latest call in it, milliseconds since 1970.
    pub last_ms: i64,
}

const SUMS: &str = "coalesce(sum(requests), 0), coalesce(sum(failed), 0), coalesce(sum(input), 0), \
                    coalesce(sum(output), 0), coalesce(sum(cache_write_5m), 0), coalesce(sum(cache_write_1h), 0), \
                    coalesce(sum(cache_read), 0), coalesce(sum(cost), 0), coalesce(sum(unpriced), 0), \
                    coalesce(sum(web_searches), 0), coalesce(sum(timed), 0), coalesce(sum(first_byte_ms), 0), \
                    coalesce(sum(total_ms), 0), coalesce(max(last_ms), 0)";

/// One sum over everything that the filter lets through.
///
/// # Errors
/// If the store fails.
pub async fn totals(store: &Store, filter: Filter) -> Result<Totals, StoreError> {
    store
        .read(move |read| {
            let source = filter.source(None);
            let (clause, values) = filter.clause(&source);
            let query = format!("SELECT {SUMS} FROM {} WHERE {clause}", source.table);
            Ok(read.prepare_cached(&query)?.query_row(params_from_iter(values), |row| Ok(sums(row, 0)?.0))?)
        })
        .await
}

/// Sums by one dimension over the whole time, largest cost first, then tokens.
///
/// # Errors
/// If the store fails.
pub async fn by(store: &Store, filter: Filter, group: impl Into<Dimension>) -> Result<Vec<Part>, StoreError> {
    let group = group.into();
    store
        .read(move |read| {
            let source = filter.source(Some(group));
            let (clause, values) = filter.clause(&source);
            let (table, column) = (source.table, source.column(group));
            let query = format!(
                "SELECT 0, {column}, {SUMS} FROM {table} WHERE {clause} GROUP BY {column}
                 ORDER BY sum(cost) DESC, sum(input + output) DESC, sum(requests) DESC, {column}"
            );
            parts(read, &query, values)
        })
        .await
}

/// Sums by bucket and by one dimension, oldest first.
///
/// # Errors
/// If the store fails.
pub async fn by_time(
    store: &Store,
    filter: Filter,
    group: impl Into<Dimension>,
) -> Result<Vec<Part>, StoreError> {
    let group = group.into();
    store
        .read(move |read| {
            let source = filter.source(Some(group));
            let (clause, values) = filter.clause(&source);
            let (table, column) = (source.table, source.column(group));
            let query = format!(
                "SELECT bucket_ms, {column}, {SUMS} FROM {table} WHERE {clause} GROUP BY bucket_ms, {column}
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

/// Sums by bucket alone, oldest first.
///
/// # Errors
/// If the store fails.
pub async fn over_time(store: &Store, filter: Filter) -> Result<Vec<Part>, StoreError> {
    store
        .read(move |read| {
            let source = filter.source(None);
            let (clause, values) = filter.clause(&source);
            let table = source.table;
            let query = format!(
                "SELECT bucket_ms, '', {SUMS} FROM {table} WHERE {clause} GROUP BY bucket_ms ORDER BY bucket_ms"
            );
            parts(read, &query, values)
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

fn parts(read: &Connection, query: &str, values: Vec<Value>) -> Result<Vec<Part>, StoreError> {
    let part = |row: &Row<'_>| {
        let (totals, last_ms) = sums(row, 2)?;
        Ok(Part { at_ms: row.get(0)?, id: row.get(1)?, totals, last_ms })
    };
    let mut statement = read.prepare_cached(query)?;
    let parts = statement.query_map(params_from_iter(values), part)?.collect::<Result<_, _>>()?;
    Ok(parts)
}

/// The sums that begin at a column, and the latest call in them.
fn sums(row: &Row<'_>, first: usize) -> rusqlite::Result<(Totals, i64)> {
    let count = |at: usize| row.get::<_, i64>(first + at).map(|count| u64::try_from(count).unwrap_or(0));
    let totals = Totals {
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
        web_searches: count(9)?,
        times: Times { timed: count(10)?, first_byte_ms: count(11)?, total_ms: count(12)? },
    };
    Ok((totals, row.get(first + 13)?))
}
