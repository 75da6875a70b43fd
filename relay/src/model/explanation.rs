//! Why this account, for people: of a call that was, and of one that would come now.

use serde::{Deserialize, Serialize};

use super::account::{AccountKind, Service};
use super::decision::{Reason, Ruling};
use super::id::{AccountId, KeyId};

/// How the account of a call was chosen, with the names that the accounts have now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What put the first one first.
    pub reason: Reason,
    /// The one that was taken, then the others in the order in which they would have been tried.
    pub accounts: Vec<Weighed>,
    /// How many more there were.
    pub more: u32,
    /// Milliseconds that the call waited for a place.
    pub waited_ms: u32,
}

/// One account of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighed {
    /// Which one.
    pub id: AccountId,
    /// Its name now; empty if it is gone without a trace.
    pub name: String,
    /// What it was found to be.
    #[serde(flatten)]
    pub ruling: Ruling,
}

/// What shall be explained.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Question {
    /// The model that would be asked for.
    pub model: String,
    /// The key that would be used; any account if nothing.
    pub key: Option<KeyId>,
    /// The conversation's id, as its client gives it.
    pub session: Option<String>,
}

/// What would happen to a call that came now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The model that was asked about.
    pub model: String,
    /// Whose model it is.
    pub service: Service,
    /// The part of accounts' limits that it counts in.
    pub family: String,
    /// What put the first account first.
    pub reason: Reason,
    /// What would become of the call.
    pub outlook: Outlook,
    /// The account that has served the conversation before.
    pub session_account: Option<AccountId>,
    /// Every account that the key may use, in the order in which they would be tried.
    pub accounts: Vec<Candidate>,
}

/// What would become of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outlook", rename_all = "snake_case")]
pub enum Outlook {
    /// It would go to the first account.
    Goes,
    /// It would wait for a place.
    Waits,
    /// It would be refused.
    Refused {
        /// The status that the client would get.
        status: u16,
        /// The text that the client would get.
        message: String,
        /// For the operator.
        cause: String,
        /// Seconds until an account may serve again, if that is known.
        retry_after_s: Option<u64>,
    },
}

/// One account that could be tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Which one.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// What kind of credential.
    pub kind: AccountKind,
    /// What it is found to be.
    #[serde(flatten)]
    pub ruling: Ruling,
    /// The provider's words, where a limit keeps calls away.
    pub words: Option<String>,
    /// Lower is tried first.
    pub priority: u8,
    /// Among equals it takes calls in proportion to this.
    pub weight: u8,
    /// Calls under way.
    pub in_flight: u32,
    /// Most calls under way; any number if nothing.
    pub concurrency: Option<u32>,
    /// Spent part of the fullest window that the call would count in, in basis points (10 000 is all of it), if known.
    pub spent: Option<u32>,
}
