//! The tokens of signed-in accounts at rest, sealed before they come here. Each replacement names the version that it
//! replaces, so that of two only one wins and neither is lost without a word.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::account::{self, Parked, StoredAccount};
use super::{Store, StoreError};
use crate::model::account::RefreshRow;
use crate::model::id::AccountId;
use crate::model::identity::Identity;

/// Refreshes that are remembered for each account.
const HISTORY: u32 = 50;

/// An account's tokens at rest.
#[derive(Clone, Debug)]
pub struct StoredToken {
    /// Counts replacements, from 1.
    pub version: i64,
    /// Sealed.
    pub access: String,
    /// Sealed; empty if there is none.
    pub refresh: String,
    /// When they were issued, milliseconds since 1970.
    pub issued_ms: i64,
    /// When the access token ends, if that was said; milliseconds since 1970.
    pub ends_ms: Option<i64>,
}

/// An account's tokens.
///
/// # Errors
/// If the store fails.
pub async fn find(store: &Store, id: AccountId) -> Result<Option<StoredToken>, StoreError> {
    let query = "SELECT version, access, refresh, issued_ms, ends_ms FROM token WHERE account_id = ?1";
    store.read(move |read| Ok(read.query_row(query, [id.as_str()], from_row).optional()?)).await
}

/// Adds an account together with its tokens.
///
/// # Errors
/// If the name is taken ([`StoreError::is_taken`]) or the store fails.
pub async fn insert(store: &Store, account: StoredAccount, token: StoredToken) -> Result<(), StoreError> {
    store
        .durable(move |write| {
            account::insert_in(write, &account)?;
            put(write, &account.id, &token)
        })
        .await
}

/// Replaces the tokens of version `replaced` by new ones and notes it in the history. False, and nothing is changed,
/// if another version is there.
///
/// # Errors
/// If the store fails.
pub async fn replace(
    store: &Store,
    id: AccountId,
    replaced: i64,
    token: StoredToken,
) -> Result<bool, StoreError> {
    store
        .durable(move |write| {
            let query = "SELECT version FROM token WHERE account_id = ?1";
            let found: Option<i64> = write.query_row(query, [id.as_str()], |row| row.get(0)).optional()?;
            if found != Some(replaced) {
                return Ok(false);
            }
            put(write, &id, &token)?;
            note_in(write, &id, token.issued_ms, None)?;
            Ok(true)
        })
        .await
}

/// Puts the tokens of a new sign-in in the place of whatever there was, with who signed in; the account waits for
/// nobody any more.
///
/// # Errors
/// If the store fails.
pub async fn sign_in(
    store: &Store,
    id: AccountId,
    token: StoredToken,
    identity: Identity,
) -> Result<bool, StoreError> {
    store
        .durable(move |write| {
            put(write, &id, &token)?;
            account::set_identity_in(write, &id, &identity)?;
            account::set_parked_in(write, &id, None)
        })
        .await
}

/// Notes a refresh that failed, and parks the account if a person must act.
///
/// # Errors
/// If the store fails.
pub async fn note_failure(
    store: &Store,
    id: AccountId,
    at_ms: i64,
    cause: String,
    parked: Option<Parked>,
) -> Result<(), StoreError> {
    store
        .durable(move |write| {
            note_in(write, &id, at_ms, Some(&cause))?;
            if parked.is_some() {
                account::set_parked_in(write, &id, parked)?;
            }
            Ok(())
        })
        .await
}

/// The latest refreshes of an account, newest first.
///
/// # Errors
/// If the store fails.
pub async fn history(store: &Store, id: AccountId) -> Result<Vec<RefreshRow>, StoreError> {
    let query =
        "SELECT at_ms, renewed, cause FROM refresh WHERE account_id = ?1 ORDER BY at_ms DESC, rowid DESC";
    let row = |row: &Row<'_>| Ok(RefreshRow { at_ms: row.get(0)?, renewed: row.get(1)?, cause: row.get(2)? });
    store
        .read(move |read| {
            let rows =
                read.prepare_cached(query)?.query_map([id.as_str()], row)?.collect::<Result<_, _>>()?;
            Ok(rows)
        })
        .await
}

fn put(write: &Connection, id: &AccountId, token: &StoredToken) -> Result<(), StoreError> {
    let change = "INSERT OR REPLACE INTO token (account_id, version, access, refresh, issued_ms, ends_ms)
                  VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let StoredToken { version, access, refresh, issued_ms, ends_ms } = token;
    write.execute(change, params![id.as_str(), version, access, refresh, issued_ms, ends_ms])?;
    Ok(())
}

fn note_in(write: &Connection, id: &AccountId, at_ms: i64, failed: Option<&str>) -> Result<(), StoreError> {
    let change = "INSERT INTO refresh (account_id, at_ms, renewed, cause) VALUES (?1, ?2, ?3, ?4)";
    write.execute(change, params![id.as_str(), at_ms, failed.is_none(), failed.unwrap_or_default()])?;
    let bound = "DELETE FROM refresh WHERE account_id = ?1 AND rowid NOT IN
                 (SELECT rowid FROM refresh WHERE account_id = ?1 ORDER BY at_ms DESC, rowid DESC LIMIT ?2)";
    write.execute(bound, params![id.as_str(), HISTORY])?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredToken> {
    Ok(StoredToken {
        version: row.get(0)?,
        access: row.get(1)?,
        refresh: row.get(2)?,
        issued_ms: row.get(3)?,
        ends_ms: row.get(4)?,
    })
}
