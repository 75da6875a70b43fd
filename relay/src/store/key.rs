//! Client keys at rest: never their text, only its keyed hash.

use std::collections::HashMap;

use rusqlite::{Row, params};

use super::{Store, StoreError};
use crate::model::id::{AccountId, GroupId, KeyId};
use crate::model::key::Binding;

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
    /// When it was made.
    pub created_ms: i64,
}

const COLUMNS: &str = "id, name, hash, prefix, enabled, account_id, group_id, created_ms";

/// All keys that are not deleted, newest first.
///
/// # Errors
/// If the store fails.
pub async fn all(store: &Store) -> Result<Vec<StoredKey>, StoreError> {
    store
        .read(|read| {
            let query = format!(
                "SELECT {COLUMNS} FROM client_key WHERE deleted_ms IS NULL ORDER BY created_ms DESC, id"
            );
            let mut statement = read.prepare_cached(&query)?;
            let keys = statement.query_map([], from_row)?.collect::<Result<_, _>>()?;
            Ok(keys)
        })
        .await
}

/// Adds one.
///
/// # Errors
/// If the store fails.
pub async fn insert(store: &Store, key: StoredKey) -> Result<(), StoreError> {
    let change = format!("INSERT INTO client_key ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    store
        .durable(move |write| {
            write.execute(
                &change,
                params![
                    key.id.as_str(),
                    key.name,
                    key.hash,
                    key.prefix,
                    key.enabled,
                    key.binding.account().map(AccountId::as_str),
                    key.binding.group().map(GroupId::as_str),
                    key.created_ms
                ],
            )?;
            Ok(())
        })
        .await
}

/// Renames one. False if there is none.
///
/// # Errors
/// If the store fails.
pub async fn rename(store: &Store, id: KeyId, name: String) -> Result<bool, StoreError> {
    let change = "UPDATE client_key SET name = ?2 WHERE id = ?1 AND deleted_ms IS NULL";
    store.durable(move |write| Ok(write.execute(change, params![id.as_str(), name])? == 1)).await
}

/// Enables or disables one. False if there is none.
///
/// # Errors
/// If the store fails.
pub async fn set_enabled(store: &Store, id: KeyId, enabled: bool) -> Result<bool, StoreError> {
    let change = "UPDATE client_key SET enabled = ?2 WHERE id = ?1 AND deleted_ms IS NULL";
    store.durable(move |write| Ok(write.execute(change, params![id.as_str(), enabled])? == 1)).await
}

/// Deletes one; its books stay. False if there is none.
///
/// # Errors
/// If the store fails.
pub async fn delete(store: &Store, id: KeyId, now_ms: i64) -> Result<bool, StoreError> {
    let change = "UPDATE client_key SET deleted_ms = ?2 WHERE id = ?1 AND deleted_ms IS NULL";
    store.durable(move |write| Ok(write.execute(change, params![id.as_str(), now_ms])? == 1)).await
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

fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredKey> {
    let account: Option<String> = row.get(5)?;
    let group: Option<String> = row.get(6)?;
    let binding = match (account, group) {
        (Some(id), _) => Binding::Account(AccountId::new(id)),
        (None, Some(id)) => Binding::Group(GroupId::new(id)),
        (None, None) => Binding::Any,
    };
    Ok(StoredKey {
        id: KeyId::new(row.get::<_, String>(0)?),
        name: row.get(1)?,
        hash: row.get(2)?,
        prefix: row.get(3)?,
        enabled: row.get(4)?,
        binding,
        created_ms: row.get(7)?,
    })
}
