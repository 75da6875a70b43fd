//! The books: attempts and their sums, written together with the watermark up to which the journal is in them.

mod read;

use std::collections::HashMap;

use rusqlite::{Transaction, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use read::{Cause, each_since, latest, latest_on, trouble};

use super::{Store, StoreError};
use crate::clock::Clock;
use crate::model::decision::Decision;
use crate::model::id::{AccountId, KeyId};
use crate::model::money::Nanodollars;
use crate::model::outcome::Outcome;
use crate::model::usage::{Tokens, Usage};

/// What a call asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// A message, or what else a model generates: metered.
    Messages,
    /// A token count: free, recorded, in no sum.
    CountTokens,
    /// Embeddings: metered by their prompt.
    Embeddings,
}

impl Endpoint {
    /// Whether it counts as a request and costs something.
    pub fn is_metered(self) -> bool {
        self != Self::CountTokens
    }

    /// The name in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::CountTokens => "count_tokens",
            Self::Embeddings => "embeddings",
        }
    }

    /// The endpoint of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Messages, Self::CountTokens, Self::Embeddings]
            .into_iter()
            .find(|endpoint| endpoint.name() == name)
    }
}

/// One attempt, ended: a record of the books. Identity is (`call`, `n`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// The call, a UUIDv7.
    pub call: Uuid,
    /// 1 for the first attempt; 0 where the relay refused the call before any.
    pub n: u8,
    /// The call ended with it.
    pub last: bool,
    /// Upstream accepted the call: it counts as a request.
    pub accepted: bool,
    /// When the call came, milliseconds since 1970.
    pub at_ms: i64,
    /// The key.
    pub key: KeyId,
    /// The account, where one was tried.
    pub account: Option<AccountId>,
    /// What was asked for.
    pub endpoint: Endpoint,
    /// The model that the client named.
    pub asked: String,
    /// The model that answered.
    pub model: Option<String>,
    /// Streamed or not.
    pub stream: bool,
    /// Made up by a sandbox.
    pub sandbox: bool,
    /// HTTP status from upstream, or the relay's own; 0 if there was none.
    pub status: u16,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it failed, for the operator.
    pub cause: Option<String>,
    /// What it used.
    pub usage: Usage,
    /// At list price, if the model has one.
    pub cost: Option<Nanodollars>,
    /// The version of the price table used.
    pub price: Option<String>,
    /// Milliseconds from the call's arrival to the first byte.
    pub first_byte_ms: Option<u32>,
    /// Milliseconds from the call's arrival to its end.
    pub total_ms: u32,
    /// Why this account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Box<Decision>>,
}

impl Attempt {
    /// The model to show and to sum under: the one that answered, else the one asked for.
    pub fn shown_model(&self) -> &str {
        self.model.as_deref().unwrap_or(&self.asked)
    }

    /// It counts as one request in the sums.
    pub fn is_request(&self) -> bool {
        self.last && self.accepted && self.endpoint.is_metered()
    }

    /// It counts as one refused or failed call in the sums.
    pub fn is_failure(&self) -> bool {
        self.last && !self.accepted && self.endpoint.is_metered()
    }
}

/// A place in the journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Watermark {
    /// Number of the segment file.
    pub segment: u64,
    /// Byte in it.
    pub position: u64,
}

/// Up to where the journal is in the books.
///
/// # Errors
/// If the store fails.
pub async fn watermark(store: &Store) -> Result<Watermark, StoreError> {
    let row = |row: &rusqlite::Row<'_>| {
        Ok(Watermark { segment: row.get::<_, u32>(0)?.into(), position: row.get::<_, u32>(1)?.into() })
    };
    store.read(move |read| Ok(read.query_row("SELECT segment, position FROM watermark", [], row)?)).await
}

/// Writes a batch with its sums and the watermark in one step; what is there already is left alone. Returns the
/// attempts that were new.
///
/// # Errors
/// If the store fails; nothing is written then.
pub async fn fold(
    store: &Store,
    clock: &Clock,
    batch: Vec<Attempt>,
    watermark: Watermark,
) -> Result<Vec<Attempt>, StoreError> {
    let clock = clock.clone();
    store
        .lazy(move |write| {
            let mut sums = HashMap::new();
            let mut new = Vec::with_capacity(batch.len());
            let mut day = (i64::MAX, i64::MIN);
            for attempt in batch {
                if !insert(write, &attempt)? {
                    continue;
                }
                if attempt.endpoint.is_metered() {
                    if !(day.0..day.1).contains(&attempt.at_ms) {
                        day = (clock.day_start_ms(attempt.at_ms, 0), clock.day_start_ms(attempt.at_ms, 1));
                    }
                    add(&mut sums, &attempt, day.0);
                }
                new.push(attempt);
            }
            for (bucket, sum) in &sums {
                bucket.add(write, sum)?;
            }
            let change = "UPDATE watermark SET segment = ?1, position = ?2";
            write
                .prepare_cached(change)?
                .execute(params![number(watermark.segment), number(watermark.position)])?;
            Ok(new)
        })
        .await
}

/// Forgets attempts that came before `before_ms`, and minute and hour sums long past, a bounded number at a time.
/// Sums by day stay. Returns how many attempts went.
///
/// # Errors
/// If the store fails.
pub async fn forget(
    store: &Store,
    before_ms: i64,
    minutes_ms: i64,
    hours_ms: i64,
) -> Result<usize, StoreError> {
    store
        .lazy(move |write| {
            let old = "DELETE FROM attempt WHERE (call, n) IN (SELECT call, n FROM attempt WHERE at_ms < ?1 LIMIT 5000)";
            let gone = write.execute(old, [before_ms])?;
            write.execute("DELETE FROM rollup WHERE size = 'm' AND bucket_ms < ?1", [minutes_ms])?;
            write.execute("DELETE FROM rollup WHERE size = 'h' AND bucket_ms < ?1", [hours_ms])?;
            Ok(gone)
        })
        .await
}

#[derive(PartialEq, Eq, Hash)]
struct Bucket {
    size: &'static str,
    start_ms: i64,
    key: KeyId,
    account: Option<AccountId>,
    model: String,
    outcome: Outcome,
}

#[derive(Default)]
struct Sum {
    attempts: u64,
    requests: u64,
    failed: u64,
    unpriced: u64,
    web_searches: u64,
    tokens: Tokens,
    cost: Nanodollars,
    last_ms: i64,
}

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 3_600_000;

fn add(sums: &mut HashMap<Bucket, Sum>, attempt: &Attempt, day_ms: i64) {
    // An hour begins with the zone's day, not with UTC's: zones off by half an hour keep whole days of whole hours.
    let hour_ms = day_ms + (attempt.at_ms - day_ms).div_euclid(HOUR_MS) * HOUR_MS;
    let minute_ms = attempt.at_ms.div_euclid(MINUTE_MS) * MINUTE_MS;
    for (size, start_ms) in [("m", minute_ms), ("h", hour_ms), ("d", day_ms)] {
        let bucket = Bucket {
            size,
            start_ms,
            key: attempt.key.clone(),
            account: attempt.account.clone(),
            // A refused call's model is whatever the client made up: it must not grow the table.
            model: if attempt.accepted { attempt.shown_model().to_owned() } else { String::new() },
            outcome: attempt.outcome,
        };
        let sum = sums.entry(bucket).or_default();
        sum.attempts += 1;
        sum.requests += u64::from(attempt.is_request());
        sum.failed += u64::from(attempt.is_failure());
        sum.unpriced += u64::from(attempt.is_request() && attempt.cost.is_none() && !attempt.sandbox);
        sum.web_searches += attempt.usage.web_searches.min(MOST.unsigned_abs());
        sum.tokens += bounded_tokens(attempt.usage.tokens);
        sum.cost += Nanodollars(attempt.cost.map_or(0, bounded));
        sum.last_ms = sum.last_ms.max(attempt.at_ms);
    }
}

impl Bucket {
    fn add(&self, write: &Transaction<'_>, sum: &Sum) -> Result<(), StoreError> {
        let change = "INSERT INTO rollup VALUES
            (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
            ON CONFLICT DO UPDATE SET attempts = attempts + ?7, requests = requests + ?8, failed = failed + ?9,
            input = min(input + ?10, ?19), output = min(output + ?11, ?19),
            cache_write_5m = min(cache_write_5m + ?12, ?19), cache_write_1h = min(cache_write_1h + ?13, ?19),
            cache_read = min(cache_read + ?14, ?19), web_searches = min(web_searches + ?15, ?19),
            cost = min(cost + ?16, ?19), unpriced = unpriced + ?17, last_ms = max(last_ms, ?18)";
        write.prepare_cached(change)?.execute(params![
            self.size,
            self.start_ms,
            self.key.as_str(),
            self.account.as_ref().map_or("", AccountId::as_str),
            self.model,
            self.outcome.name(),
            number(sum.attempts),
            number(sum.requests),
            number(sum.failed),
            whole(sum.tokens.input),
            whole(sum.tokens.output),
            whole(sum.tokens.cache_write_5m),
            whole(sum.tokens.cache_write_1h),
            whole(sum.tokens.cache_read),
            whole(sum.web_searches),
            sum.cost.0.min(MOST_IN_SUM),
            number(sum.unpriced),
            sum.last_ms,
            MOST_IN_SUM
        ])?;
        Ok(())
    }
}

fn insert(write: &Transaction<'_>, attempt: &Attempt) -> Result<bool, StoreError> {
    let change = "INSERT OR IGNORE INTO attempt VALUES
        (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,
         ?24, ?25, ?26, ?27, ?28)";
    let usage = &attempt.usage;
    let added = write.prepare_cached(change)?.execute(params![
        attempt.call.as_bytes(),
        attempt.n,
        attempt.last,
        attempt.accepted,
        attempt.at_ms,
        attempt.key.as_str(),
        attempt.account.as_ref().map(AccountId::as_str),
        attempt.endpoint.name(),
        attempt.asked,
        attempt.model,
        attempt.stream,
        attempt.sandbox,
        attempt.status,
        attempt.outcome.name(),
        attempt.cause,
        number(usage.tokens.input),
        number(usage.tokens.output),
        number(usage.tokens.cache_write_5m),
        number(usage.tokens.cache_write_1h),
        number(usage.tokens.cache_read),
        number(usage.thinking),
        number(usage.web_searches),
        usage.input_estimated || usage.output_estimated,
        attempt.cost.map(bounded),
        attempt.price,
        attempt.first_byte_ms,
        attempt.total_ms,
        attempt.decision.as_ref().and_then(|decision| serde_json::to_string(decision).ok())
    ])?;
    Ok(added == 1)
}

/// Counts beyond this are some provider's nonsense.
const MOST: i64 = 1_000_000_000_000;

/// A sum goes no further: beyond 64 bits the store would take it no more, and the books would stand still.
const MOST_IN_SUM: i64 = 100_000_000_000_000_000;

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX).min(MOST)
}

fn whole(sum: u64) -> i64 {
    i64::try_from(sum).unwrap_or(i64::MAX).min(MOST_IN_SUM)
}

fn bounded_tokens(tokens: Tokens) -> Tokens {
    let most = MOST.unsigned_abs();
    Tokens {
        input: tokens.input.min(most),
        output: tokens.output.min(most),
        cache_write_5m: tokens.cache_write_5m.min(most),
        cache_write_1h: tokens.cache_write_1h.min(most),
        cache_read: tokens.cache_read.min(most),
    }
}

/// A million dollars for one call is nonsense as well.
fn bounded(cost: Nanodollars) -> i64 {
    cost.0.clamp(0, 1_000_000_000_000_000)
}
