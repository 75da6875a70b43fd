//! One call, as lists show it.

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
    /// Tokens by class.
    pub tokens: Tokens,
    /// Some of these are estimates.
    pub estimated: bool,
    /// At list price; nothing if the model has none or the answer came from a sandbox.
    pub cost: Option<Nanodollars>,
    /// Made up by a sandbox account.
    pub sandbox: bool,
    /// Milliseconds from its arrival to the first byte of the answer.
    pub first_byte_ms: Option<u32>,
    /// Milliseconds from its arrival to its end.
    pub total_ms: u32,
}
