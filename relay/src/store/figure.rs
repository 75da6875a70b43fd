//! Sums out of the books. All figures come from the rollups, so that they agree with one another; what is shown together
//! is read in one snapshot, so that it adds up while calls go on.

mod filter;

use std::collections::HashMap;

use rusqlite::{Connection, Row, params_from_iter};

use super::{Store, StoreError};
use crate::model::account::Answered;
use crate::model::figure::{Times, Totals};
use crate::model::money::Nanodollars;
use crate::model::usage::Tokens;

pub use filter::{Dimension, Filter};

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

/// One question of several that are answered together.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Which sums.
    pub filter: Filter,
    /// Split by this.
    pub by: Option<Dimension>,
    /// Split by bucket, too.
    pub in_time: bool,
}

impl Ask {
    /// Over the whole time, in one sum or split.
    pub fn whole(filter: Filter, by: Option<Dimension>) -> Self {
        Self { filter, by, in_time: false }
    }

    /// By bucket.
    pub fn in_time(filter: Filter, by: Option<Dimension>) -> Self {
        Self { filter, by, in_time: true }
    }

    /// Over the whole time largest cost first, then tokens; by bucket oldest first.
    fn answer(&self, read: &Connection) -> Result<Vec<Part>, StoreError> {
        let source = self.filter.source(self.by);
        let (clause, values) = self.filter.clause(&source);
        let table = source.table;
        let bucket = if self.in_time { "bucket_ms" } else { "0" };
        let id = self.by.map_or("''", |by| source.column(by));
        let split = match (self.in_time, self.by) {
            (false, None) => String::new(),
            (false, Some(_)) => format!(
                "GROUP BY {id} ORDER BY sum(cost) DESC, sum(input + output) DESC, sum(requests) DESC, {id}"
            ),
            (true, None) => "GROUP BY bucket_ms ORDER BY bucket_ms".to_owned(),
            (true, Some(_)) => format!("GROUP BY bucket_ms, {id} ORDER BY bucket_ms"),
        };
        let query = format!("SELECT {bucket}, {id}, {SUMS} FROM {table} WHERE {clause} {split}");
        let part = |row: &Row<'_>| {
            let (totals, last_ms) = sums(row, 2)?;
            Ok(Part { at_ms: row.get(0)?, id: row.get(1)?, totals, last_ms })
        };
        let mut statement = read.prepare_cached(&query)?;
        let parts = statement.query_map(params_from_iter(values), part)?.collect::<Result<_, _>>()?;
        Ok(parts)
    }
}

/// Answers several questions from one snapshot of the books.
///
/// # Errors
/// If the store fails.
pub async fn ask<const N: usize>(store: &Store, asks: [Ask; N]) -> Result<[Vec<Part>; N], StoreError> {
    store
        .read(move |read| {
            let snapshot = read.unchecked_transaction()?;
            let mut answers = [(); N].map(|()| Vec::new());
            for (answer, ask) in answers.iter_mut().zip(&asks) {
                *answer = ask.answer(&snapshot)?;
            }
            Ok(answers)
        })
        .await
}

/// One sum over everything that the filter lets through.
///
/// # Errors
/// If the store fails.
pub async fn totals(store: &Store, filter: Filter) -> Result<Totals, StoreError> {
    let [parts] = ask(store, [Ask::whole(filter, None)]).await?;
    Ok(sum(&parts))
}

/// Sums by one dimension over the whole time, largest cost first, then tokens.
///
/// # Errors
/// If the store fails.
pub async fn by(store: &Store, filter: Filter, group: impl Into<Dimension>) -> Result<Vec<Part>, StoreError> {
    let [parts] = ask(store, [Ask::whole(filter, Some(group.into()))]).await?;
    Ok(parts)
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
    let [parts] = ask(store, [Ask::in_time(filter, Some(group.into()))]).await?;
    Ok(parts)
}

/// What parts add up to.
pub fn sum(parts: &[Part]) -> Totals {
    let mut sum = Totals::default();
    for part in parts {
        sum += part.totals;
    }
    sum
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
