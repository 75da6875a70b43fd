//! Client keys as an operator sees them. The key itself appears once, in `CreatedKey`.

use serde::{Deserialize, Serialize};

use super::figure::Totals;
use super::id::{AccountId, KeyId};

/// One key in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyRow {
    /// Identity.
    pub id: KeyId,
    /// At most 100 characters.
    pub name: String,
    /// `cr_` and the first six digits, to tell keys apart.
    pub prefix: String,
    /// Disabled keys are refused at once.
    pub enabled: bool,
    /// The account it is bound to, with its name, if any.
    pub bound: Option<BoundAccount>,
    /// Calls under way with it.
    pub in_flight: u32,
    /// Since midnight in the configured time zone.
    pub today: Totals,
    /// Since it was made.
    pub total: Totals,
    /// Requests in each of the last 24 hours, oldest first.
    pub hours: Vec<u32>,
    /// Milliseconds since 1970.
    pub created_ms: i64,
    /// Milliseconds since 1970.
    pub last_used_ms: Option<i64>,
}

/// The account that a key is bound to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoundAccount {
    /// Identity.
    pub id: AccountId,
    /// Its name.
    pub name: String,
    /// It is a sandbox: the key's answers are made up and cost nothing.
    pub sandbox: bool,
}

/// A new key, as the form or the command line gives it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewKey {
    /// 1 to 100 characters.
    pub name: String,
    /// The only account it may use, if any.
    pub account: Option<AccountId>,
}

/// A key just made: the only time that its text exists outside of the client.
#[derive(Clone, Serialize, Deserialize)]
pub struct CreatedKey {
    /// Identity.
    pub id: KeyId,
    /// Its name.
    pub name: String,
    /// `cr_` and 64 hex digits.
    pub key: String,
}

impl std::fmt::Debug for CreatedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreatedKey").field("id", &self.id).field("key", &"[redacted]").finish_non_exhaustive()
    }
}
