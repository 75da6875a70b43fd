//! What keys and accounts are called, and whose keys are whose. Deleted ones keep their names: their books stay.

use std::collections::HashMap;

use crate::admin::Error;
use crate::model::explore::SplitBy;
use crate::model::id::KeyId;
use crate::state::Shared;
use crate::store::figure::{self, Part};
use crate::store::label::{self, Label};

/// Names by id.
#[derive(Default)]
pub(in crate::admin) struct Labels {
    keys: HashMap<String, Label>,
    accounts: HashMap<String, String>,
}

impl Labels {
    pub(in crate::admin) async fn read(shared: &Shared) -> Result<Self, Error> {
        let (_, accounts) = figure::names(&shared.store).await?;
        Ok(Self { keys: label::of_keys(&shared.store).await?, accounts })
    }

    pub(in crate::admin) fn name(&self, id: &str, by: SplitBy) -> String {
        match by {
            SplitBy::Key => self.key(id),
            SplitBy::Account => self.account(id).unwrap_or_default(),
            _ => id.to_owned(),
        }
    }

    pub(in crate::admin) fn key(&self, id: &str) -> String {
        self.keys.get(id).map(|label| label.name.clone()).unwrap_or_default()
    }

    pub(in crate::admin) fn account(&self, id: &str) -> Option<String> {
        self.accounts.get(id).cloned()
    }

    pub(super) fn keys_of_owner(&self, owner: &str) -> Vec<KeyId> {
        self.keys_that(|label| label.owner == owner)
    }

    pub(super) fn keys_with_tag(&self, tag: &str) -> Vec<KeyId> {
        self.keys_that(|label| label.tags.iter().any(|other| other == tag))
    }

    fn keys_that(&self, is_one: impl Fn(&Label) -> bool) -> Vec<KeyId> {
        let keys = self.keys.iter().filter(|(_, label)| is_one(label));
        keys.map(|(id, _)| KeyId::new(id.as_str())).collect()
    }

    /// Ids of keys whose name holds a text, whatever its case.
    pub(in crate::admin) fn keys_named(&self, text: &str) -> Vec<String> {
        let named = self.keys.iter().filter(|(_, label)| label.name.to_lowercase().contains(text));
        named.map(|(id, _)| id.clone()).collect()
    }

    /// Ids of accounts whose name holds a text, whatever its case.
    pub(in crate::admin) fn accounts_named(&self, text: &str) -> Vec<String> {
        let named = self.accounts.iter().filter(|(_, name)| name.to_lowercase().contains(text));
        named.map(|(id, _)| id.clone()).collect()
    }

    /// Parts by key as parts by owner or tag; others as they are.
    pub(super) fn regrouped(&self, parts: Vec<Part>, by: SplitBy) -> Vec<Part> {
        let groups = |id: &str| -> Vec<String> {
            let label = self.keys.get(id);
            match (by, label) {
                (SplitBy::Owner, Some(label)) => vec![label.owner.clone()],
                (SplitBy::Tag, Some(label)) if !label.tags.is_empty() => label.tags.clone(),
                _ => vec![String::new()],
            }
        };
        if !matches!(by, SplitBy::Owner | SplitBy::Tag) {
            return parts;
        }
        let mut regrouped: Vec<Part> = Vec::new();
        let mut first = 0;
        for part in parts {
            if regrouped.last().is_some_and(|last| last.at_ms != part.at_ms) {
                first = regrouped.len();
            }
            for id in groups(&part.id) {
                match regrouped[first..].iter_mut().find(|other| other.id == id) {
                    Some(other) => {
                        other.totals += part.totals;
                        other.last_ms = other.last_ms.max(part.last_ms);
                    }
                    None => regrouped.push(Part { id, ..part.clone() }),
                }
            }
        }
        regrouped
    }
}
