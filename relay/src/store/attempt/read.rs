//! Reading single attempts back out of the books.

use rusqlite::{Connection, Row, ToSql};
use uuid::Uuid;

use super::{Attempt, Charge, Endpoint};
use crate::model::decision::Decision;
use crate::model::id::{AccountId, KeyId};
use crate::model::money::Nanodollars;
use crate::model::outcome::Outcome;
use crate::model::usage::{Tokens, Usage};
use crate::store::{Store, StoreError};

pub(super) const COLUMNS: &str = "call, n, last, accepted, at_ms, key_id, account_id, endpoint, asked, model, stream, sandbox, \
                       status, outcome, cause, input, output, cache_write_5m, cache_write_1h, cache_read, thinking, \
                       web_searches, estimated, cost, price, first_byte_ms, total_ms, decision, facts, \
                       surplus_tokens, surplus_cost";

/// A cause of failures, and how often it came.
#[derive(Clone, Debug)]
pub struct Cause {
    /// The operator's text.
    pub cause: String,
    /// The account, where one was tried.
    pub account: Option<AccountId>,
    /// How often.
    pub times: u64,
    /// How often another attempt followed and was accepted.
    pub recovered: u64,
    /// The latest, milliseconds since 1970.
    pub last_ms: i64,
}

/// Looks at each attempt of calls that came at or after `from_ms`, latest first, 50,000 at most. They pass one by one:
/// all at once they would be tens of megabytes.
///
/// # Errors
/// If the store fails.
pub async fn each_since(
    store: &Store,
    from_ms: i64,
    mut look: impl FnMut(&Attempt) + Send + 'static,
) -> Result<(), StoreError> {
    store
        .read(move |read| {
            let query =
                format!("SELECT {COLUMNS} FROM attempt WHERE at_ms >= ?1 ORDER BY at_ms DESC LIMIT 50000");
            let mut statement = read.prepare_cached(&query)?;
            let mut rows = statement.query([from_ms])?;
            while let Some(row) = rows.next()? {
                look(&from_row(row)?);
            }
            Ok(())
        })
        .await
}

/// The latest attempts on an account, newest first.
///
/// # Errors
/// If the store fails.
pub async fn latest_on(store: &Store, account: AccountId, count: u32) -> Result<Vec<Attempt>, StoreError> {
    store
        .read(move |read| {
            let query = format!(
                "SELECT {COLUMNS} FROM attempt WHERE account_id = ?1 AND endpoint = 'messages'
                 ORDER BY at_ms DESC, call DESC, n DESC LIMIT ?2"
            );
            attempts(read, &query, &[&account.as_str(), &count])
        })
        .await
}

/// Why a call got the account of its last attempt.
///
/// # Errors
/// If the store fails.
pub async fn decision(store: &Store, call: Uuid) -> Result<Option<Decision>, StoreError> {
    store
        .read(move |read| {
            let query = "SELECT decision FROM attempt WHERE call = ?1 AND last";
            let mut statement = read.prepare_cached(query)?;
            let mut rows = statement.query([call.as_bytes()])?;
            let json: Option<String> = rows.next()?.map(|row| row.get(0)).transpose()?.flatten();
            Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
        })
        .await
}

/// The attempts of one call, in their order.
///
/// # Errors
/// If the store fails.
pub async fn of_call(store: &Store, call: Uuid) -> Result<Vec<Attempt>, StoreError> {
    store.read(move |read| all_of(read, call)).await
}

/// What failed since `from_ms`, most frequent first, ten at most.
///
/// # Errors
/// If the store fails.
pub async fn trouble(store: &Store, from_ms: i64) -> Result<Vec<Cause>, StoreError> {
    store
        .read(move |read| {
            let query = "SELECT coalesce(cause, outcome), account_id, count(*), sum(NOT last), max(at_ms) FROM attempt
                         WHERE at_ms >= ?1 AND endpoint != 'count_tokens' AND outcome NOT IN ('ok', 'client_gone')
                         GROUP BY 1, 2 ORDER BY 3 DESC, 5 DESC LIMIT 10";
            let cause = |row: &Row<'_>| {
                Ok(Cause {
                    cause: row.get(0)?,
                    account: row.get::<_, Option<String>>(1)?.map(AccountId::new),
                    times: row.get::<_, u32>(2)?.into(),
                    recovered: row.get::<_, u32>(3)?.into(),
                    last_ms: row.get(4)?,
                })
            };
            Ok(read.prepare_cached(query)?.query_map([from_ms], cause)?.collect::<Result<_, _>>()?)
        })
        .await
}

/// All attempts of a call, first to last.
pub(in crate::store) fn all_of(read: &Connection, call: Uuid) -> Result<Vec<Attempt>, StoreError> {
    attempts(read, &format!("SELECT {COLUMNS} FROM attempt WHERE call = ?1 ORDER BY n"), &[call.as_bytes()])
}

/// One attempt.
pub(in crate::store) fn one(read: &Connection, call: Uuid, n: u8) -> Result<Option<Attempt>, StoreError> {
    let query = format!("SELECT {COLUMNS} FROM attempt WHERE call = ?1 AND n = ?2");
    Ok(attempts(read, &query, &[call.as_bytes(), &n])?.pop())
}

/// Attempts in the order of time after a place in it (when, call, number), of calls that came before `until_ms`.
pub(in crate::store) fn after(
    read: &Connection,
    (at_ms, call, n): (i64, Uuid, u8),
    until_ms: i64,
    count: u32,
) -> Result<Vec<Attempt>, StoreError> {
    let query = format!(
        "SELECT {COLUMNS} FROM attempt WHERE at_ms >= ?1 AND (at_ms, call, n) > (?1, ?2, ?3) AND at_ms < ?4
         ORDER BY at_ms, call, n LIMIT ?5"
    );
    attempts(read, &query, &[&at_ms, call.as_bytes(), &n, &until_ms, &count])
}

fn attempts(read: &Connection, query: &str, values: &[&dyn ToSql]) -> Result<Vec<Attempt>, StoreError> {
    let mut statement = read.prepare_cached(query)?;
    let mut rows = statement.query(values)?;
    let mut attempts = Vec::new();
    while let Some(row) = rows.next()? {
        attempts.push(from_row(row)?);
    }
    Ok(attempts)
}

fn from_row(row: &Row<'_>) -> Result<Attempt, StoreError> {
    let count = |at: usize| row.get::<_, i64>(at).map(|count| u64::try_from(count).unwrap_or(0));
    let outcome: String = row.get(13)?;
    let endpoint: String = row.get(7)?;
    let estimated: bool = row.get(22)?;
    let facts: Option<String> = row.get(28)?;
    let facts = match facts {
        Some(facts) => serde_json::from_str(&facts).map_err(|_| StoreError::Damaged("usage"))?,
        // Records of before facts were kept.
        None => Usage { output_estimated: estimated, ..Usage::default() },
    };
    Ok(Attempt {
        call: Uuid::from_bytes(row.get(0)?),
        n: row.get(1)?,
        last: row.get(2)?,
        accepted: row.get(3)?,
        at_ms: row.get(4)?,
        key: KeyId::new(row.get::<_, String>(5)?),
        account: row.get::<_, Option<String>>(6)?.map(AccountId::new),
        endpoint: Endpoint::from_name(&endpoint).ok_or(StoreError::Damaged("endpoint"))?,
        asked: row.get(8)?,
        model: row.get(9)?,
        stream: row.get(10)?,
        sandbox: row.get(11)?,
        status: row.get(12)?,
        outcome: Outcome::from_name(&outcome).ok_or(StoreError::Damaged("outcome"))?,
        cause: row.get(14)?,
        usage: Usage {
            tokens: Tokens {
                input: count(15)?,
                output: count(16)?,
                cache_write_5m: count(17)?,
                cache_write_1h: count(18)?,
                cache_read: count(19)?,
            },
            thinking: count(20)?,
            web_searches: count(21)?,
            ..facts
        },
        cost: row.get::<_, Option<i64>>(23)?.map(Nanodollars),
        price: row.get(24)?,
        surplus: Charge { tokens: count(29)?, cost: count(30)? },
        first_byte_ms: row.get(25)?,
        total_ms: row.get(26)?,
        // One of a version that is gone is no damage: it is only told no more.
        decision: row.get::<_, Option<String>>(27)?.and_then(|json| serde_json::from_str(&json).ok()),
    })
}
