//! Usage over any stretch of time, split and narrowed as asked.

use serde::{Deserialize, Serialize};

use super::figure::{Share, Slice, Totals};
use super::id::{AccountId, KeyId};
use super::outcome::Outcome;

/// The id of a part that stands for all that are not shown by themselves.
pub const REST: &str = "*";

/// The parts that a chart shows by themselves; all others are its [`REST`].
pub const MOST_DRAWN: usize = 9;

/// A stretch of time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// This hour and the 23 before.
    Hours24,
    /// Today in the configured time zone.
    Today,
    /// Today and the six days before.
    #[default]
    Days7,
    /// Today and the 29 days before.
    Days30,
    /// The current month.
    Month,
    /// Everything.
    All,
    /// Whole days of the configured time zone, both in it, as `2026-11-24`.
    Days {
        /// The first.
        from: String,
        /// The last.
        to: String,
    },
    /// From one instant to another, which is not in it, in milliseconds since 1970. Sums are by hour at the finest of a
    /// longer stretch: it is widened to whole hours, beyond two days to whole days.
    Instants {
        /// The first.
        from_ms: i64,
        /// The end.
        to_ms: i64,
    },
}

/// The width of a chart's columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// By hour, counted from the zone's midnight.
    Hour,
    /// By day of the configured time zone.
    Day,
}

/// What usage is split by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SplitBy {
    /// By the model that answered; the empty id is of calls that none answered.
    #[default]
    Model,
    /// By client key.
    Key,
    /// By upstream account; the empty id is of calls that reached none.
    Account,
    /// By the keys' owners; the empty id is of keys without one.
    Owner,
    /// By the keys' tags; the empty id is of keys without any. A key with two tags is in both parts.
    Tag,
    /// By how attempts ended.
    Outcome,
    /// By day, oldest first.
    Day,
    /// By hour, oldest first.
    Hour,
}

impl SplitBy {
    /// Everything, in the order in which it is offered.
    pub const ALL: [Self; 8] =
        [Self::Model, Self::Key, Self::Account, Self::Owner, Self::Tag, Self::Outcome, Self::Day, Self::Hour];

    /// Its name in URLs and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Model => "model",
            Self::Key => "key",
            Self::Account => "account",
            Self::Owner => "owner",
            Self::Tag => "tag",
            Self::Outcome => "outcome",
            Self::Day => "day",
            Self::Hour => "hour",
        }
    }

    /// What has that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.name() == name)
    }
}

/// What parts are ordered by, and what a chart shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// At list price.
    #[default]
    Cost,
    /// Calls that upstream accepted.
    Requests,
    /// Calls that were refused or failed.
    Failed,
    /// All tokens.
    Tokens,
    /// Prompt tokens neither read from nor written to a cache.
    Input,
    /// Output.
    Output,
    /// Cache writes of both lifetimes.
    CacheWrite,
    /// Cache reads.
    CacheRead,
    /// Milliseconds to the first byte, in the mean.
    FirstByte,
    /// Milliseconds to the end, in the mean.
    Duration,
}

impl Measure {
    /// Every measure, in the order in which they are offered.
    pub const ALL: [Self; 10] = [
        Self::Cost,
        Self::Requests,
        Self::Failed,
        Self::Tokens,
        Self::Input,
        Self::Output,
        Self::CacheWrite,
        Self::CacheRead,
        Self::FirstByte,
        Self::Duration,
    ];

    /// Its name in URLs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cost => "cost",
            Self::Requests => "requests",
            Self::Failed => "failed",
            Self::Tokens => "tokens",
            Self::Input => "input",
            Self::Output => "output",
            Self::CacheWrite => "cache_write",
            Self::CacheRead => "cache_read",
            Self::FirstByte => "first_byte",
            Self::Duration => "duration",
        }
    }

    /// The measure of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.name() == name)
    }

    /// The figure of a sum. Money is in nano-dollars, times are in milliseconds; a mean of nothing is 0.
    pub fn of(self, totals: &Totals) -> u64 {
        match self {
            Self::Cost => u64::try_from(totals.cost.0).unwrap_or(0),
            Self::Requests => totals.requests,
            Self::Failed => totals.failed,
            Self::Tokens => totals.tokens.all(),
            Self::Input => totals.tokens.input,
            Self::Output => totals.tokens.output,
            Self::CacheWrite => totals.tokens.cache_write(),
            Self::CacheRead => totals.tokens.cache_read,
            Self::FirstByte => totals.mean_first_byte_ms().unwrap_or(0),
            Self::Duration => totals.mean_total_ms().unwrap_or(0),
        }
    }
}

/// What is counted: everything where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Narrowing {
    /// Of one key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyId>,
    /// Of one model that answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Of one account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// Attempts that ended so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Of all keys of an owner; empty for those without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Of all keys with a tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}

/// A question to the books.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// When.
    #[serde(default)]
    pub span: Span,
    /// By what.
    #[serde(default)]
    pub by: SplitBy,
    /// In which order.
    #[serde(default)]
    pub measure: Measure,
    /// Of what.
    #[serde(default)]
    pub only: Narrowing,
}

/// The answer. `total` is the sum of `parts`, and of all slices, unless parts overlap.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exploration {
    /// When it was read, milliseconds since 1970.
    pub at_ms: i64,
    /// The configured time zone (`Europe/Berlin`).
    pub time_zone: String,
    /// The stretch's beginning, milliseconds since 1970.
    pub from_ms: i64,
    /// Its end, which is not in it.
    pub to_ms: i64,
    /// The width of a slice.
    pub step: Step,
    /// The sum over the stretch.
    pub total: Totals,
    /// The sum over a stretch of the same length right before it.
    pub before: Totals,
    /// All parts, largest first by the measure; by time, oldest first.
    pub parts: Vec<Share>,
    /// By time, oldest first: the [`MOST_DRAWN`] largest parts and the [`REST`]. Parts of zero are left out, and so are
    /// slices without any.
    pub slices: Vec<Slice>,
    /// Some usage is in several parts, as with tags: then they add up to more than the total.
    pub overlaps: bool,
}
