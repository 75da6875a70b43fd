//! Single values of the install: the encryption key's fingerprint, the sealed pepper, the set-up token's hash.

use rusqlite::{OptionalExtension, params};

use super::{Store, StoreError};

/// Reads one value.
///
/// # Errors
/// If the store fails.
pub async fn get(store: &Store, name: &'static str) -> Result<Option<String>, StoreError> {
    let query = "SELECT value FROM meta WHERE name = ?1";
    store.read(move |read| Ok(read.query_row(query, [name], |row| row.get(0)).optional()?)).await
}

/// Writes one value, durably.
///
/// # Errors
/// If the store fails.
pub async fn set(store: &Store, name: &'static str, value: String) -> Result<(), StoreError> {
    let change = "INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2";
    store
        .durable(move |write| write.execute(change, params![name, value]).map(drop).map_err(Into::into))
        .await
}

/// Removes one value, durably.
///
/// # Errors
/// If the store fails.
pub async fn remove(store: &Store, name: &'static str) -> Result<(), StoreError> {
    let change = "DELETE FROM meta WHERE name = ?1";
    store.durable(move |write| write.execute(change, [name]).map(drop).map_err(Into::into)).await
}
