//! A key as its holder sees it, who has nothing but the key.

use serde::{Deserialize, Serialize};

use super::figure::{Share, Slice, Totals};
use super::limit::{Expiry, KeyLimits, KeyUse};

/// What a key may do, how much of that is left, and what it was used for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeldKey {
    /// What the operator calls it.
    pub name: String,
    /// When all this was read, milliseconds since 1970.
    pub at_ms: i64,
    /// When the key ends, if that is known, milliseconds since 1970. For a key that was changed and came with its former
    /// text: when that text is taken no longer, if that is earlier.
    pub ends_ms: Option<i64>,
    /// It has been changed: the text that it came with is the former one.
    pub is_former: bool,
    /// What it may do, and how much of it.
    pub limits: KeyLimits,
    /// How far its limits are used now.
    pub usage: KeyUse,
    /// When its latest call was, milliseconds since 1970.
    pub last_ms: Option<i64>,
    /// Since midnight in the configured time zone: the sum of `models`.
    pub today: Totals,
    /// The same by the model that answered, largest cost first; the empty id is of calls that none answered.
    pub models: Vec<Share>,
    /// Today and the six days before, by model, largest cost first.
    pub week: Vec<Share>,
    /// The same by day, oldest first; days without any are left out.
    pub days: Vec<Slice>,
}

impl HeldKey {
    /// It ends so many days after its first use, which has not come yet.
    pub fn days_from_first_use(&self) -> Option<u32> {
        match self.limits.expiry {
            Some(Expiry::DaysAfterFirstUse(days)) if self.ends_ms.is_none() => Some(days),
            _ => None,
        }
    }
}
