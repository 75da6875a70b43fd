//! Named groups of accounts, to which keys can be bound.

use serde::{Deserialize, Serialize};

use super::id::{AccountId, GroupId};

/// One group in a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct GroupRow {
    /// Identity.
    pub id: GroupId,
    /// Unique, at most 100 characters.
    pub name: String,
    /// Its accounts.
    pub accounts: Vec<AccountId>,
    /// How many keys are bound to it.
    pub bound_keys: u32,
}
