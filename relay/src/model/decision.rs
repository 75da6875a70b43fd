//! Why this account: which were there, what ruled each out, and what made the winner win. Short, because every call's
//! record has one.

use serde::{Deserialize, Serialize};

use super::id::AccountId;

/// The accounts that a decision names at most; a record of the books has only so much room.
pub const MOST_CONSIDERED: usize = 12;

/// How the account of a call was chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What put the first one first.
    #[serde(rename = "by")]
    pub reason: Reason,
    /// In the order in which they were tried or would have been; [`MOST_CONSIDERED`] at most.
    #[serde(rename = "of")]
    pub considered: Vec<Considered>,
    /// How many more there were.
    #[serde(rename = "more", default, skip_serializing_if = "is_zero")]
    pub more: u32,
    /// Milliseconds that the call waited for a place.
    #[serde(rename = "waited", default, skip_serializing_if = "is_zero")]
    pub waited_ms: u32,
}

/// One account of a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Considered {
    /// Which one.
    #[serde(rename = "id")]
    pub account: AccountId,
    /// What it was found to be.
    #[serde(flatten)]
    pub ruling: Ruling,
}

/// What an account was found to be when a call came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Ruling {
    /// Able to serve.
    Able,
    /// It failed a moment ago: after the others.
    Troubled {
        /// Failures in a row.
        strikes: u32,
    },
    /// It has failed this very call.
    Tried,
    /// Its limit was due for a try by one live call.
    Trying,
    /// As many calls under way as it may have.
    Busy,
    /// Limited, the whole of it or for this model family.
    Limited {
        /// Milliseconds since 1970.
        #[serde(rename = "until")]
        until_ms: i64,
    },
    /// The provider said that it is overloaded, and until when.
    Overloaded {
        /// Milliseconds since 1970.
        #[serde(rename = "until")]
        until_ms: i64,
    },
    /// It does not offer the model.
    NoModel,
    /// Out until a person acts.
    Parked,
    /// Out until somebody signs in anew.
    NeedsSignIn,
    /// Its token has ended and could not be renewed a moment ago.
    Stale,
    /// Out because an administrator said so.
    Paused,
}

/// What put the first account first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// No other could serve.
    Only,
    /// It was the first with a free place.
    Place,
    /// It has served the session before.
    Session,
    /// Its priority.
    Priority,
    /// The others failed a moment ago.
    Health,
    /// Its limit was due for a try.
    Try,
    /// It has the most room in its windows.
    Room,
    /// It has the fewest calls under way for its weight.
    Load,
    /// All alike: the session's number.
    Draw,
    /// None could serve.
    None,
}

impl Ruling {
    /// Whether the account could have been tried.
    pub fn is_able(&self) -> bool {
        matches!(self, Self::Able | Self::Troubled { .. } | Self::Trying)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}
