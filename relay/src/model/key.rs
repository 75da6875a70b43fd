//! Client keys as an operator sees them. The key itself appears once, in `CreatedKey`.

use serde::{Deserialize, Serialize};

use super::figure::Totals;
use super::id::{AccountId, GroupId, KeyId};

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
    /// The account or group it is bound to, with its name, if any.
    pub bound: Option<Bound>,
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

/// Which accounts a key may use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "to", content = "id", rename_all = "snake_case")]
pub enum Binding {
    /// Any but sandboxes.
    #[default]
    Any,
    /// This one alone.
    Account(AccountId),
    /// Those of this group.
    Group(GroupId),
}

impl Binding {
    /// The account, if it is to one.
    pub fn account(&self) -> Option<&AccountId> {
        match self {
            Self::Account(id) => Some(id),
            Self::Any | Self::Group(_) => None,
        }
    }

    /// The group, if it is to one.
    pub fn group(&self) -> Option<&GroupId> {
        match self {
            Self::Group(id) => Some(id),
            Self::Any | Self::Account(_) => None,
        }
    }
}

/// What a key is bound to, for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// What it is.
    pub binding: Binding,
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
    /// Which accounts it may use.
    #[serde(default)]
    pub binding: Binding,
}

impl NewKey {
    /// For any account but sandboxes.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), binding: Binding::Any }
    }
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
