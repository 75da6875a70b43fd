//! Figures: sums over the books, ready to be shown.

use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use super::account::AccountRow;
use super::money::Nanodollars;
use super::request::RequestRow;
use super::usage::Tokens;

/// A sum over calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Calls that upstream accepted, each once, whatever happened to the answer.
    pub requests: u64,
    /// Calls that were refused or failed, each once.
    pub failed: u64,
    /// Tokens by class, over every attempt.
    #[serde(flatten)]
    pub tokens: Tokens,
    /// At list price; sandbox calls and unpriced models add nothing.
    pub cost: Nanodollars,
    /// Calls to models that have no price.
    pub unpriced: u64,
    /// Web searches, over every attempt.
    #[serde(default)]
    pub web_searches: u64,
    /// How long calls took.
    #[serde(default)]
    pub times: Times,
}

/// How long accepted calls took, as sums: means of parts and of the whole agree.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times {
    /// Calls that had a first byte.
    pub timed: u64,
    /// Their milliseconds to it.
    pub first_byte_ms: u64,
    /// Milliseconds from arrival to end, of all accepted calls.
    pub total_ms: u64,
}

impl AddAssign for Times {
    fn add_assign(&mut self, other: Self) {
        self.timed = self.timed.saturating_add(other.timed);
        self.first_byte_ms = self.first_byte_ms.saturating_add(other.first_byte_ms);
        self.total_ms = self.total_ms.saturating_add(other.total_ms);
    }
}

impl Totals {
    /// Something was used, not only refused.
    pub fn is_used(&self) -> bool {
        self.requests > 0 || self.tokens.all() > 0
    }

    /// Milliseconds to the first byte in the mean, if any call had one.
    pub fn mean_first_byte_ms(&self) -> Option<u64> {
        self.times.first_byte_ms.checked_div(self.times.timed)
    }

    /// Milliseconds from arrival to end in the mean, if any call was accepted.
    pub fn mean_total_ms(&self) -> Option<u64> {
        self.times.total_ms.checked_div(self.requests)
    }
}

impl AddAssign for Totals {
    fn add_assign(&mut self, other: Self) {
        self.requests = self.requests.saturating_add(other.requests);
        self.failed = self.failed.saturating_add(other.failed);
        self.tokens += other.tokens;
        self.cost += other.cost;
        self.unpriced = self.unpriced.saturating_add(other.unpriced);
        self.web_searches = self.web_searches.saturating_add(other.web_searches);
        self.times += other.times;
    }
}

/// What a series is split by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    /// By the model that answered.
    #[default]
    Model,
    /// By client key.
    Key,
    /// By upstream account.
    Account,
}

/// The stretch of time that a chart shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Range {
    /// The last 60 minutes, by minute.
    Hour,
    /// Since midnight in the configured time zone, by hour.
    #[default]
    Today,
    /// Seven days up to today, by day.
    Week,
    /// Thirty days up to today, by day.
    Month,
}

/// One named share of a sum: a model, a key, an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Stable identity (the model's name, or the id of a key or account); empty for the rest.
    pub id: String,
    /// What to show.
    pub name: String,
    /// Its part.
    pub totals: Totals,
}

/// One column of a chart: a stretch of time and its parts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slice {
    /// Its start, milliseconds since 1970.
    pub at_ms: i64,
    /// In the order of `Dashboard::shares`; parts of zero are left out.
    pub parts: Vec<Share>,
}

/// One minute of traffic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minute {
    /// Its start, milliseconds since 1970.
    pub at_ms: i64,
    /// Calls that began an answer.
    pub requests: u32,
    /// Calls refused or failed.
    pub failed: u32,
    /// All tokens.
    pub tokens: u64,
    /// Prompt tokens read from the cache.
    pub cache_read: u64,
    /// Median time to the first byte in milliseconds, of answers in this minute.
    pub first_byte_p50_ms: Option<u32>,
}

/// What goes on now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Now {
    /// The last 30 minutes, oldest first; the last one is still running.
    pub minutes: Vec<Minute>,
    /// Answers under way.
    pub streams_open: u32,
    /// Start of the oldest answer under way, milliseconds since 1970.
    pub oldest_open_ms: Option<i64>,
    /// Time to the first byte over the last 30 minutes, milliseconds.
    pub first_byte_p50_ms: Option<u32>,
    /// 95 of 100 were faster.
    pub first_byte_p95_ms: Option<u32>,
}

/// A cause of refused or failed attempts today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// The operator's short text (`rate limit (429)`).
    pub cause: String,
    /// The account, where one was tried.
    pub account: Option<String>,
    /// How often.
    pub times: u64,
    /// How many of these the client never saw, because another account served.
    pub recovered: u64,
    /// The latest, milliseconds since 1970.
    pub last_ms: i64,
}

/// Everything that the first screen shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dashboard {
    /// When it was read, milliseconds since 1970.
    pub at_ms: i64,
    /// The configured time zone (`Europe/Berlin`).
    pub time_zone: String,
    /// What goes on now.
    pub now: Now,
    /// Since midnight.
    pub today: Totals,
    /// Yesterday up to the same time of day.
    pub yesterday: Totals,
    /// Over the chosen range: the parts, largest cost first, then tokens.
    pub shares: Vec<Share>,
    /// Over the chosen range, by time.
    pub slices: Vec<Slice>,
    /// Today by key, largest first.
    pub top_keys: Vec<Share>,
    /// Today by model, largest first.
    pub top_models: Vec<Share>,
    /// Every account.
    pub accounts: Vec<AccountRow>,
    /// The latest calls, newest first.
    pub recent: Vec<RequestRow>,
    /// Refusals and failures today, most frequent first.
    pub trouble: Vec<Trouble>,
}
