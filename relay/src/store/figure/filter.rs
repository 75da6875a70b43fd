//! Which sums: of what, and of when.

use rusqlite::types::Value;

use crate::model::figure::GroupBy;
use crate::model::id::{AccountId, KeyId};
use crate::model::outcome::Outcome;

/// Of more keys than this not each is looked up by itself.
const FEW: usize = 10;

/// What sums can be split and narrowed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// The client key, by id.
    Key,
    /// The model that answered, by name.
    Model,
    /// The upstream account, by id.
    Account,
    /// How attempts ended, by name.
    Outcome,
}

impl From<GroupBy> for Dimension {
    fn from(group: GroupBy) -> Self {
        match group {
            GroupBy::Model => Self::Model,
            GroupBy::Key => Self::Key,
            GroupBy::Account => Self::Account,
        }
    }
}

impl Dimension {
    /// Its name among the narrow sums.
    fn narrow(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Model => "model",
            Self::Account => "account",
            Self::Outcome => "outcome",
        }
    }

    fn column(self) -> &'static str {
        match self {
            Self::Key => "key_id",
            Self::Model => "model",
            Self::Account => "account_id",
            Self::Outcome => "outcome",
        }
    }
}

/// Which sums.
#[derive(Clone, Debug)]
pub struct Filter {
    size: &'static str,
    from_ms: i64,
    to_ms: i64,
    only: Vec<(Dimension, Vec<String>)>,
}

impl Filter {
    /// Buckets of a size (`m`, `h`, `d`) that begin at or after `from_ms`.
    pub fn since(size: &'static str, from_ms: i64) -> Self {
        Self { size, from_ms, to_ms: i64::MAX, only: Vec::new() }
    }

    /// Only buckets that begin before `to_ms`.
    #[must_use]
    pub fn before(self, to_ms: i64) -> Self {
        Self { to_ms, ..self }
    }

    /// Only of one key.
    #[must_use]
    pub fn of_key(self, key: KeyId) -> Self {
        self.of_keys(vec![key])
    }

    /// Only of these keys.
    #[must_use]
    pub fn of_keys(self, keys: Vec<KeyId>) -> Self {
        self.only(Dimension::Key, keys.into_iter().map(|key| key.as_str().to_owned()).collect())
    }

    /// Only of one account.
    #[must_use]
    pub fn of_account(self, account: &AccountId) -> Self {
        self.only(Dimension::Account, vec![account.as_str().to_owned()])
    }

    /// Only of one model.
    #[must_use]
    pub fn of_model(self, model: String) -> Self {
        self.only(Dimension::Model, vec![model])
    }

    /// Only attempts that ended so.
    #[must_use]
    pub fn of_outcome(self, outcome: Outcome) -> Self {
        self.only(Dimension::Outcome, vec![outcome.name().to_owned()])
    }

    fn only(mut self, dimension: Dimension, ids: Vec<String>) -> Self {
        self.only.push((dimension, ids));
        self
    }

    /// The sums to read: the narrow ones where one dimension at most is asked for, else those by all.
    pub(super) fn source(&self, group: Option<Dimension>) -> Source {
        let mut asked = self.only.iter().map(|(dimension, _)| *dimension).chain(group);
        match asked.next() {
            None => Source { table: "rollup_by", dimension: Some("all") },
            Some(first) if asked.all(|other| other == first) => {
                Source { table: "rollup_by", dimension: Some(first.narrow()) }
            }
            Some(_) => Source { table: self.indexed(), dimension: None },
        }
    }

    /// The sums by all, along the index that lets fewest through. Left alone, the store reads all of the time.
    fn indexed(&self) -> &'static str {
        let is_one_of =
            |dimension| self.only.iter().any(|(other, ids)| *other == dimension && ids.len() <= FEW);
        match self.size {
            _ if is_one_of(Dimension::Key) => "rollup INDEXED BY rollup_key",
            "d" if is_one_of(Dimension::Account) => "rollup INDEXED BY rollup_account",
            "d" if is_one_of(Dimension::Model) => "rollup INDEXED BY rollup_model",
            _ => "rollup",
        }
    }

    pub(super) fn clause(&self, source: &Source) -> (String, Vec<Value>) {
        // Word for word, as some indexes are of days alone.
        let mut clause = format!("size = '{}' AND bucket_ms >= ? AND bucket_ms < ?", self.size);
        let mut values = vec![Value::from(self.from_ms), self.to_ms.into()];
        if let Some(dimension) = source.dimension {
            clause.push_str(" AND dimension = ?");
            values.push(dimension.to_owned().into());
        }
        for (dimension, ids) in &self.only {
            let places = vec!["?"; ids.len()].join(", ");
            clause.push_str(&format!(" AND {} IN ({places})", source.column(*dimension)));
            values.extend(ids.iter().cloned().map(Value::from));
        }
        (clause, values)
    }
}

pub(super) struct Source {
    pub(super) table: &'static str,
    dimension: Option<&'static str>,
}

impl Source {
    pub(super) fn column(&self, dimension: Dimension) -> &'static str {
        if self.dimension.is_some() { "id" } else { dimension.column() }
    }
}
