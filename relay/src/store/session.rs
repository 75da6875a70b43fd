//! Console sessions at rest: never a token, only the hash of the session's random id.

use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::{Store, StoreError};

/// Sessions of one administrator at the same time; the one unused for longest makes room.
const MOST: u32 = 20;

/// One session at rest.
#[derive(Clone, Debug)]
pub struct StoredSession {
    /// SHA-256 of its id.
    pub hash: [u8; 32],
    /// Whose it is.
    pub admin_id: String,
    /// When it began.
    pub created_ms: i64,
    /// When it was last used.
    pub used_ms: i64,
    /// When it ends in any case.
    pub expires_ms: i64,
}

/// Begins one, within the bound on sessions of one administrator.
///
/// # Errors
/// If the store fails, or the administrator is gone.
pub async fn insert(store: &Store, session: StoredSession) -> Result<(), StoreError> {
    store
        .durable(move |write| {
            add(write, &session)?;
            let change = "UPDATE admin SET signed_in_ms = ?2 WHERE id = ?1";
            write.execute(change, params![session.admin_id, session.created_ms])?;
            let change = "DELETE FROM session WHERE admin_id = ?1 AND hash NOT IN \
                          (SELECT hash FROM session WHERE admin_id = ?1 ORDER BY used_ms DESC, hash LIMIT ?2)";
            write.execute(change, params![session.admin_id, MOST])?;
            Ok(())
        })
        .await
}

/// Puts one in the place of another. False, and nothing done, if that one has ended.
///
/// # Errors
/// If the store fails.
pub async fn replace(store: &Store, old: [u8; 32], session: StoredSession) -> Result<bool, StoreError> {
    store
        .durable(move |write| {
            let ended = write.execute("DELETE FROM session WHERE hash = ?1", [old])? == 1;
            if ended {
                add(write, &session)?;
            }
            Ok(ended)
        })
        .await
}

/// The session of that hash, with its administrator's name.
///
/// # Errors
/// If the store fails.
pub async fn find(store: &Store, hash: [u8; 32]) -> Result<Option<(StoredSession, String)>, StoreError> {
    let query = "SELECT hash, admin_id, session.created_ms, used_ms, expires_ms, username \
                 FROM session JOIN admin ON admin.id = admin_id WHERE hash = ?1";
    store
        .read(move |read| {
            let row = |row: &Row<'_>| Ok((from_row(row)?, row.get(5)?));
            Ok(read.prepare_cached(query)?.query_row([hash], row).optional()?)
        })
        .await
}

/// Notes that one was used. A power cut may undo it.
///
/// # Errors
/// If the store fails.
pub async fn touch(store: &Store, hash: [u8; 32], used_ms: i64) -> Result<(), StoreError> {
    let change = "UPDATE session SET used_ms = max(used_ms, ?2) WHERE hash = ?1";
    store.lazy(move |write| Ok(write.execute(change, params![hash, used_ms]).map(drop)?)).await
}

/// Ends one. False if it had ended.
///
/// # Errors
/// If the store fails.
pub async fn end(store: &Store, hash: [u8; 32]) -> Result<bool, StoreError> {
    store.durable(move |write| Ok(write.execute("DELETE FROM session WHERE hash = ?1", [hash])? == 1)).await
}

/// Ends all of one administrator but one. Says how many.
///
/// # Errors
/// If the store fails.
pub async fn end_others(store: &Store, admin_id: String, keep: [u8; 32]) -> Result<usize, StoreError> {
    let change = "DELETE FROM session WHERE admin_id = ?1 AND hash <> ?2";
    store.durable(move |write| Ok(write.execute(change, params![admin_id, keep])?)).await
}

/// Removes those that ended by time. Says how many.
///
/// # Errors
/// If the store fails.
pub async fn sweep(store: &Store, now_ms: i64, unused_since_ms: i64) -> Result<usize, StoreError> {
    let change = "DELETE FROM session WHERE expires_ms <= ?1 OR used_ms <= ?2";
    store.lazy(move |write| Ok(write.execute(change, params![now_ms, unused_since_ms])?)).await
}

fn add(write: &Transaction<'_>, session: &StoredSession) -> Result<(), StoreError> {
    let change =
        "INSERT INTO session (hash, admin_id, created_ms, used_ms, expires_ms) VALUES (?1, ?2, ?3, ?4, ?5)";
    let StoredSession { hash, admin_id, created_ms, used_ms, expires_ms } = session;
    write.execute(change, params![hash, admin_id, created_ms, used_ms, expires_ms])?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredSession> {
    Ok(StoredSession {
        hash: row.get(0)?,
        admin_id: row.get(1)?,
        created_ms: row.get(2)?,
        used_ms: row.get(3)?,
        expires_ms: row.get(4)?,
    })
}
