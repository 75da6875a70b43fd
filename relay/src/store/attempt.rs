//! The books: attempts and their sums, written together with the watermark up to which the journal is in them.

pub(super) mod read;

use rusqlite::{Transaction, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use read::COLUMNS;
pub use read::{Cause, decision, each_since, latest_on, of_call, trouble};

use super::rollup::{Sums, bounded, bounded_tokens, number, whole};
use super::{Store, StoreError, surplus};
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
    /// What is charged to the key's limits beyond that: a strict limit keeps all that was reserved where nobody told
    /// what was used.
    #[serde(default, skip_serializing_if = "Charge::is_nothing")]
    pub surplus: Charge,
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

    /// What it used is charged: upstream took it, and no sandbox made it up.
    pub fn is_charged(&self) -> bool {
        self.accepted && !self.sandbox && self.endpoint.is_metered()
    }

    /// What its key's limits are charged, as the sums hold it.
    pub fn charged(&self) -> Charge {
        let cost = self.cost.map_or(0, |cost| bounded(cost).unsigned_abs());
        Charge {
            tokens: bounded_tokens(self.usage.tokens).all().saturating_add(self.surplus.tokens),
            cost: cost.saturating_add(self.surplus.cost),
        }
    }

    /// It counts as a request whose model has no price.
    pub fn is_unpriced(&self) -> bool {
        self.is_request() && self.cost.is_none() && !self.sandbox
    }

    /// It counts as one refused or failed call in the sums.
    pub fn is_failure(&self) -> bool {
        self.last && !self.accepted && self.endpoint.is_metered()
    }
}

/// An amount of tokens and of money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// Tokens of every class.
    pub tokens: u64,
    /// Nano-dollars.
    pub cost: u64,
}

impl Charge {
    /// Neither.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// What of this is more than the other.
    #[must_use]
    pub fn beyond(self, other: Self) -> Self {
        Self { tokens: self.tokens.saturating_sub(other.tokens), cost: self.cost.saturating_sub(other.cost) }
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
            let mut sums = Sums::new(&clock);
            let mut new = Vec::with_capacity(batch.len());
            for attempt in batch {
                if !insert(write, &attempt)? {
                    continue;
                }
                if attempt.endpoint.is_metered() {
                    sums.add(&attempt);
                    surplus::add(write, &clock, &attempt)?;
                }
                new.push(attempt);
            }
            sums.write(write)?;
            let change = "UPDATE watermark SET segment = ?1, position = ?2";
            write
                .prepare_cached(change)?
                .execute(params![number(watermark.segment), number(watermark.position)])?;
            Ok(new)
        })
        .await
}

/// What else than counts it was priced by, and which counts are estimates; nothing for most.
fn facts(usage: &Usage) -> Option<String> {
    let facts = Usage { tokens: Tokens::default(), thinking: 0, web_searches: 0, ..usage.clone() };
    if facts == Usage::default() { None } else { serde_json::to_string(&facts).ok() }
}

fn insert(write: &Transaction<'_>, attempt: &Attempt) -> Result<bool, StoreError> {
    let change = format!(
        "INSERT OR IGNORE INTO attempt ({COLUMNS}) VALUES
        (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,
         ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31)"
    );
    let usage = &attempt.usage;
    let added = write.prepare_cached(&change)?.execute(params![
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
        attempt.decision.as_ref().and_then(|decision| serde_json::to_string(decision).ok()),
        facts(usage),
        number(attempt.surplus.tokens),
        whole(attempt.surplus.cost)
    ])?;
    Ok(added == 1)
}
