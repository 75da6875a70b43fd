//! What keys are called and whose they are, for figures: of deleted ones too, whose books stay.

use std::collections::HashMap;

use super::{Store, StoreError};

/// A key's name, owner and tags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// The name.
    pub name: String,
    /// Whose it is; empty if nobody said.
    pub owner: String,
    /// Its tags.
    pub tags: Vec<String>,
}

/// The labels of all keys by id.
///
/// # Errors
/// If the store fails.
pub async fn of_keys(store: &Store) -> Result<HashMap<String, Label>, StoreError> {
    store
        .read(|read| {
            let mut statement = read.prepare_cached("SELECT id, name, owner, tags FROM client_key")?;
            let mut rows = statement.query([])?;
            let mut labels = HashMap::new();
            while let Some(row) = rows.next()? {
                let tags: String = row.get(3)?;
                let tags = serde_json::from_str(&tags).map_err(|_| StoreError::Damaged("tag"))?;
                let label = Label { name: row.get(1)?, owner: row.get(2)?, tags };
                labels.insert(row.get(0)?, label);
            }
            Ok(labels)
        })
        .await
}
