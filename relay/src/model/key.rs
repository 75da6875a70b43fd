//! Client keys as an operator sees them. The key itself appears once, in `CreatedKey`.

use serde::{Deserialize, Serialize};

use super::figure::Totals;
use super::id::{AccountId, GroupId, KeyId};
use super::limit::{KeyLimits, KeyUse};

/// One key in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeyRow {
    /// Identity.
    pub id: KeyId,
    /// At most 100 characters.
    pub name: String,
    /// `cr_` and the first six digits, to tell keys apart.
    pub prefix: String,
    /// For people.
    pub about: KeyAbout,
    /// Disabled keys are refused at once.
    pub enabled: bool,
    /// What it may do, and how much of it.
    pub limits: KeyLimits,
    /// How far its limits are used now.
    pub usage: KeyUse,
    /// When it ends, if that is known, milliseconds since 1970.
    pub expires_ms: Option<i64>,
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
    pub first_used_ms: Option<i64>,
    /// Milliseconds since 1970.
    pub last_used_ms: Option<i64>,
    /// Until when its former text is taken too, after it was changed, milliseconds since 1970.
    pub former_until_ms: Option<i64>,
}

/// What a key says about itself to people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeyAbout {
    /// At most 500 characters.
    pub note: String,
    /// Whose it is: at most 100 characters.
    pub owner: String,
    /// At most 20, of 40 characters each, in alphabetical order, in lower case.
    pub tags: Vec<String>,
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
    /// For people.
    #[serde(default)]
    pub about: KeyAbout,
    /// Its limits; those of the setting `limits.key` if not given.
    #[serde(default)]
    pub limits: Option<KeyLimits>,
}

impl NewKey {
    /// For any account but sandboxes, with the usual limits.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), binding: Binding::Any, about: KeyAbout::default(), limits: None }
    }

    /// The same for other accounts.
    #[must_use]
    pub fn bound(self, binding: Binding) -> Self {
        Self { binding, ..self }
    }

    /// The same with these limits.
    #[must_use]
    pub fn limited(self, limits: KeyLimits) -> Self {
        Self { limits: Some(limits), ..self }
    }
}

/// A change of a key; what is not given stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeyChange {
    /// 1 to 100 characters.
    pub name: Option<String>,
    /// At most 500 characters.
    pub note: Option<String>,
    /// At most 100 characters.
    pub owner: Option<String>,
    /// All of its tags from now on.
    pub tags: Option<Vec<String>>,
    /// Disabled keys are refused at once.
    pub enabled: Option<bool>,
    /// Which accounts it may use.
    pub binding: Option<Binding>,
    /// All of its limits from now on.
    pub limits: Option<KeyLimits>,
    /// If the key is disabled by this, its answers under way end within a second.
    pub end_streams: bool,
}

/// What is done with several keys at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ManyKeys {
    /// They can be used again.
    Enable,
    /// They are refused from now on.
    Disable {
        /// Their answers under way end within a second.
        end_streams: bool,
    },
    /// They are deleted; their figures stay.
    Delete {
        /// Their answers under way end within a second.
        end_streams: bool,
    },
    /// They get these tags, too.
    AddTags(Vec<String>),
    /// They lose these tags.
    RemoveTags(Vec<String>),
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

/// Keys just made as a table for spreadsheets: name, id and text, with a head. What a spreadsheet would take for a
/// formula gets an apostrophe in front.
pub fn csv(keys: &[CreatedKey]) -> String {
    let cell = |text: &str| {
        let mark = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
        format!("\"{mark}{}\"", text.replace('"', "\"\""))
    };
    let row =
        |key: &CreatedKey| format!("{},{},{}\r\n", cell(&key.name), cell(key.id.as_str()), cell(&key.key));
    std::iter::once("name,id,key\r\n".to_owned()).chain(keys.iter().map(row)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_keys_holds_no_formula_and_no_broken_quote() {
        let key =
            |name: &str| CreatedKey { id: KeyId::new("1"), name: name.to_owned(), key: "cr_a".to_owned() };

        let table = csv(&[key("=1+1"), key("a \"b\", c")]);

        let rows: Vec<_> = table.split("\r\n").collect();
        assert_eq!(
            rows,
            ["name,id,key", "\"'=1+1\",\"1\",\"cr_a\"", "\"a \"\"b\"\", c\",\"1\",\"cr_a\"", ""]
        );
    }
}
