//! Lists of calls out of the books, page by page.
//!
//! A page costs about the same whether there are a thousand calls or millions: it is read along an index, from where
//! the page before ended.

mod place;
mod road;

use std::collections::HashMap;

use rusqlite::{Connection, params};

use super::attempt::{Attempt, read};
use super::{Store, StoreError};
use crate::model::money::Nanodollars;
use crate::model::request::{RequestFilter, RequestSort};
use crate::model::usage::Tokens;

pub use place::Place;
use road::Road;

/// A page to be read.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// Which calls; its text is only looked for in causes.
    pub filter: RequestFilter,
    /// With a text: calls with these keys, on these accounts and of these models are found as well.
    pub named: Named,
    /// In which order.
    pub sort: RequestSort,
    /// Where the page before ended.
    pub after: Option<Place>,
    /// How many.
    pub limit: u32,
}

/// What a text was found in the names of.
#[derive(Clone, Debug, Default)]
pub struct Named {
    /// Ids of keys.
    pub keys: Vec<String>,
    /// Ids of accounts.
    pub accounts: Vec<String>,
    /// Names of models.
    pub models: Vec<String>,
}

/// A call: its last attempt, with what all of them used.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The last attempt.
    pub last: Attempt,
    /// Over all attempts.
    pub tokens: Tokens,
    /// Over all attempts that have a cost.
    pub cost: Option<Nanodollars>,
}

/// Reads a page, and the place at which it ends, if there is more.
///
/// # Errors
/// If the store fails.
pub async fn list(store: &Store, listing: Listing) -> Result<(Vec<Call>, Option<Place>), StoreError> {
    store
        .read(move |read| {
            let snapshot = read.unchecked_transaction()?;
            let mut places = Road::of(&snapshot, &listing)?.places(&snapshot, &listing)?;
            let limit = usize::try_from(listing.limit).unwrap_or(usize::MAX);
            let has_more = places.len() > limit;
            places.truncate(limit);
            let next = places.last().copied().filter(|_| has_more);
            let calls = places.iter().map(|place| call(&snapshot, place)).collect::<Result<Vec<_>, _>>()?;
            Ok((calls.into_iter().flatten().collect(), next))
        })
        .await
}

/// Every name of a model that the sums know.
///
/// # Errors
/// If the store fails.
pub async fn models(store: &Store) -> Result<Vec<String>, StoreError> {
    store
        .read(|read| {
            let query = "SELECT DISTINCT id FROM rollup_by WHERE dimension = 'model' AND size = 'd'";
            Ok(read.prepare_cached(query)?.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
        })
        .await
}

/// What a call's attempts used together.
pub fn summed(attempts: &[Attempt]) -> (Tokens, Option<Nanodollars>) {
    let mut tokens = Tokens::default();
    for attempt in attempts {
        tokens += attempt.usage.tokens;
    }
    let costs: Vec<_> = attempts.iter().filter_map(|attempt| attempt.cost).collect();
    (tokens, (!costs.is_empty()).then(|| costs.into_iter().sum()))
}

fn call(read: &Connection, place: &Place) -> Result<Option<Call>, StoreError> {
    let attempts = match place.n {
        0 | 1 => read::one(read, place.call, place.n)?.into_iter().collect(),
        _ => read::all_of(read, place.call)?,
    };
    let (tokens, cost) = summed(&attempts);
    let last = attempts.into_iter().find(|attempt| attempt.n == place.n);
    Ok(last.map(|last| Call { last, tokens, cost }))
}

/// How many calls there are about, by the sums: enough to choose a road by.
fn about(read: &Connection, dimension: &str, id: &str) -> Result<u64, StoreError> {
    let query = "SELECT coalesce(sum(requests + failed), 0) FROM rollup_by
                 WHERE dimension = ?1 AND id = ?2 AND size = 'd'";
    let count: i64 = read.prepare_cached(query)?.query_row(params![dimension, id], |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// The same of a stretch of time.
fn about_between(read: &Connection, from_ms: i64, to_ms: i64) -> Result<u64, StoreError> {
    let query = "SELECT coalesce(sum(requests + failed), 0) FROM rollup_by
                 WHERE size = 'h' AND dimension = 'all' AND bucket_ms > ?1 - 3600000 AND bucket_ms < ?2";
    let count: i64 = read.prepare_cached(query)?.query_row(params![from_ms, to_ms], |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Places by identity, each once.
fn unique(places: Vec<Place>) -> Vec<Place> {
    let mut seen = HashMap::new();
    places.into_iter().filter(|place| seen.insert((place.call, place.n), ()).is_none()).collect()
}
