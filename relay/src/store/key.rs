//! Client keys at rest: never their text, only its keyed hash.

mod row;

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Row, Transaction};

use super::{Store, StoreError};
use crate::model::id::{AccountId, KeyId};
use crate::model::key::{Binding, KeyAbout};
use crate::model::limit::KeyLimits;

/// One key at rest.
#[derive(Clone, Debug)]
pub struct StoredKey {
    /// Identity.
    pub id: KeyId,
    /// Its name.
    pub name: String,
    /// HMAC-SHA-256 under the install's pepper.
    pub hash: [u8; 32],
    /// `cr_` and the first six digits.
    pub prefix: String,
    /// Disabled keys are refused.
    pub enabled: bool,
    /// Which accounts it may use.
    pub binding: Binding,
    /// For people.
    pub about: KeyAbout,
    /// What it may do, and how much of it.
    pub limits: KeyLimits,
    /// When it was made.
    pub created_ms: i64,
    /// When it was used first.
    pub first_used_ms: Option<i64>,
    /// The text that it had before, and until when that is taken.
    pub former: Option<Former>,
}

/// The text that a key had before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Former {
    /// HMAC-SHA-256 under the install's pepper.
    pub hash: [u8; 32],
    /// It is refused from then on, milliseconds since 1970.
    pub until_ms: i64,
}

/// All keys that are not deleted, newest first.
///
/// # Errors
/// If the store fails.
pub async fn all(store: &Store) -> Result<Vec<StoredKey>, StoreError> {
    store
        .read(|read| {
            let query = format!(
                "SELECT {} FROM client_key WHERE deleted_ms IS NULL ORDER BY created_ms DESC, id",
                row::COLUMNS
            );
            let mut statement = read.prepare_cached(&query)?;
            let mut rows = statement.query([])?;
            let mut keys = Vec::new();
            while let Some(row) = rows.next()? {
                keys.push(row::read(row)?);
            }
            Ok(keys)
        })
        .await
}

/// Adds them, all or none.
///
/// # Errors
/// If the store fails.
pub async fn insert(store: &Store, keys: Vec<StoredKey>) -> Result<(), StoreError> {
    store.durable(move |write| keys.iter().try_for_each(|key| row::insert(write, key))).await
}

/// Changes those of these keys that there are, all in one step. Returns them as they are then.
///
/// # Errors
/// If the store fails.
pub async fn change(
    store: &Store,
    ids: Vec<KeyId>,
    work: impl Fn(&mut StoredKey) + Send + 'static,
) -> Result<Vec<StoredKey>, StoreError> {
    store
        .durable(move |write| {
            let mut changed = Vec::with_capacity(ids.len());
            for id in &ids {
                if let Some(mut key) = find(write, id)? {
                    work(&mut key);
                    row::update(write, &key)?;
                    changed.push(key);
                }
            }
            Ok(changed)
        })
        .await
}

/// Looks at those of these keys that there are, while nobody changes any.
///
/// # Errors
/// If the store fails.
pub async fn look(
    store: &Store,
    ids: Vec<KeyId>,
    look: impl FnOnce(&[StoredKey]) + Send + 'static,
) -> Result<(), StoreError> {
    store
        .lazy(move |write| {
            let mut keys = Vec::with_capacity(ids.len());
            for id in &ids {
                keys.extend(find(write, id)?);
            }
            look(&keys);
            Ok(())
        })
        .await
}

/// Deletes those of these keys that there are; their books stay. Returns which those were.
///
/// # Errors
/// If the store fails.
pub async fn delete(store: &Store, ids: Vec<KeyId>, now_ms: i64) -> Result<Vec<KeyId>, StoreError> {
    let change = "UPDATE client_key SET deleted_ms = ?2 WHERE id = ?1 AND deleted_ms IS NULL";
    store
        .durable(move |write| {
            let mut gone = Vec::with_capacity(ids.len());
            for id in ids {
                if write.execute(change, (id.as_str(), now_ms))? == 1 {
                    gone.push(id);
                }
            }
            Ok(gone)
        })
        .await
}

/// Keeps when a key was used first, unless that is known already.
///
/// # Errors
/// If the store fails.
pub async fn set_first_used(store: &Store, id: KeyId, at_ms: i64) -> Result<(), StoreError> {
    let change = "UPDATE client_key SET first_used_ms = ?2 WHERE id = ?1 AND first_used_ms IS NULL";
    store.durable(move |write| Ok(write.execute(change, (id.as_str(), at_ms)).map(drop)?)).await
}

/// How many keys are bound to each account.
///
/// # Errors
/// If the store fails.
pub async fn bound_counts(store: &Store) -> Result<HashMap<AccountId, u32>, StoreError> {
    store
        .read(|read| {
            let query = "SELECT account_id, count(*) FROM client_key
                         WHERE account_id IS NOT NULL AND deleted_ms IS NULL GROUP BY account_id";
            let row = |row: &Row<'_>| Ok((AccountId::new(row.get::<_, String>(0)?), row.get(1)?));
            Ok(read.prepare_cached(query)?.query_map([], row)?.collect::<Result<_, _>>()?)
        })
        .await
}

fn find(write: &Transaction<'_>, id: &KeyId) -> Result<Option<StoredKey>, StoreError> {
    let query = format!("SELECT {} FROM client_key WHERE id = ?1 AND deleted_ms IS NULL", row::COLUMNS);
    write.prepare_cached(&query)?.query_row([id.as_str()], |row| Ok(row::read(row))).optional()?.transpose()
}
