//! One call, looked at closely: its attempts, and why each went to its account.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::decision::Decision;
use crate::model::id::{AccountId, CallId, KeyId};
use crate::model::money::Nanodollars;
use crate::model::outcome::Outcome;
use crate::model::price::Breakdown;
use crate::model::usage::{Tokens, Usage};

/// Everything that a call's own page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestDetail {
    /// Identity.
    pub id: CallId,
    /// When it came, milliseconds since 1970.
    pub at_ms: i64,
    /// The key.
    pub key: KeyId,
    /// The key's name now.
    pub key_name: String,
    /// What was asked for (`messages`, `count_tokens`, `embeddings`).
    pub endpoint: String,
    /// The model that the client named.
    pub asked: String,
    /// Streamed or not.
    pub stream: bool,
    /// Made up by a sandbox account.
    pub sandbox: bool,
    /// Over all attempts.
    pub tokens: Tokens,
    /// Over all attempts that have a cost.
    pub cost: Option<Nanodollars>,
    /// In their order; one alone with number 0 where the relay refused the call before any.
    pub attempts: Vec<Tried>,
    /// The names now of the accounts that are named here; deleted ones too.
    pub names: BTreeMap<AccountId, String>,
}

/// One attempt of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// 1 for the first; 0 where none was made.
    pub n: u8,
    /// The call ended with it.
    pub last: bool,
    /// The account, where one was tried.
    pub account: Option<AccountId>,
    /// The model that answered.
    pub model: Option<String>,
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
    /// The version of the prices that it was given.
    pub price: Option<String>,
    /// How the cost came about; nothing without a cost, and where those prices are not kept any more.
    pub breakdown: Option<Breakdown>,
    /// Milliseconds from the call's arrival to its beginning: the end of the attempt before.
    pub begun_ms: u32,
    /// Milliseconds from the call's arrival to the first byte.
    pub first_byte_ms: Option<u32>,
    /// Milliseconds from the call's arrival to the attempt's end.
    pub total_ms: u32,
    /// Why this account.
    pub decision: Option<Decision>,
}
