//! Calls: as lists show them, what lists can be asked for, and one with all its attempts.

mod detail;

use serde::{Deserialize, Serialize};

use super::id::{AccountId, CallId, KeyId};
use super::money::Nanodollars;
use super::outcome::Outcome;
use super::usage::Tokens;
pub use detail::{RequestDetail, Tried};

/// One call in a list: its last attempt, with how many there were.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestRow {
    /// Identity, also in the client's `x-switchyard-request-id`.
    pub id: CallId,
    /// When it came, milliseconds since 1970.
    pub at_ms: i64,
    /// The key.
    pub key: KeyId,
    /// The key's name now.
    pub key_name: String,
    /// The account of the last attempt, if any.
    pub account: Option<AccountId>,
    /// That account's name now.
    pub account_name: Option<String>,
    /// The model that answered, else the one asked for.
    pub model: String,
    /// Streamed or not.
    pub stream: bool,
    /// How it ended.
    pub outcome: Outcome,
    /// HTTP status that the client got.
    pub status: u16,
    /// Why it failed, for the operator.
    pub cause: Option<String>,
    /// Attempts made.
    pub attempts: u8,
    /// Tokens by class, over all attempts.
    pub tokens: Tokens,
    /// Some of these are estimates.
    pub estimated: bool,
    /// At list price, over all attempts; nothing if the model has none or the answer came from a sandbox.
    pub cost: Option<Nanodollars>,
    /// Made up by a sandbox account.
    pub sandbox: bool,
    /// Milliseconds from its arrival to the first byte of the answer.
    pub first_byte_ms: Option<u32>,
    /// Milliseconds from its arrival to its end.
    pub total_ms: u32,
}

/// Which calls. What is not given does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestFilter {
    /// That came at or after this, milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_ms: Option<i64>,
    /// That came before this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_ms: Option<i64>,
    /// With this key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyId>,
    /// Of the model that answered, else of the one asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Whose last attempt was on this account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// That ended so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// To which the client got this HTTP status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Whose key's, account's or model's name or cause of failure holds this text, whatever its case; or whose id it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestSort {
    /// The latest first.
    #[default]
    Newest,
    /// The earliest first.
    Oldest,
    /// The dearest first, by the last attempt.
    Cost,
    /// Most tokens first, by the last attempt.
    Tokens,
    /// The longest first.
    Duration,
}

impl RequestSort {
    /// Every order.
    pub const ALL: [Self; 5] = [Self::Newest, Self::Oldest, Self::Cost, Self::Tokens, Self::Duration];

    /// Its name in URLs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Cost => "cost",
            Self::Tokens => "tokens",
            Self::Duration => "duration",
        }
    }

    /// The order of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.name() == name)
    }
}

/// A page of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestQuery {
    /// Which.
    #[serde(flatten)]
    pub filter: RequestFilter,
    /// In which order.
    #[serde(default)]
    pub sort: RequestSort,
    /// Where the page before ended: its `next`, as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Rows, 1 to 200; 0 means 50.
    #[serde(default)]
    pub limit: u16,
}

/// One page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestPage {
    /// The rows.
    pub rows: Vec<RequestRow>,
    /// Gives the next page; nothing at the end. Calls that come in the meantime shift nothing.
    pub next: Option<String>,
}
