//! Accounts at rest. Their secrets are sealed before they come here.

use rusqlite::{Connection, Row, params};

use super::{Store, StoreError};
use crate::model::account::AccountKind;
use crate::model::id::AccountId;

/// One account at rest.
#[derive(Clone, Debug)]
pub struct StoredAccount {
    /// Identity.
    pub id: AccountId,
    /// Unique among those not deleted.
    pub name: String,
    /// What kind of credential.
    pub kind: AccountKind,
    /// Without a slash at the end; empty for the default.
    pub base_url: String,
    /// Sealed; empty where the kind has none.
    pub secret: String,
    /// The secret's last four characters.
    pub secret_hint: String,
    /// Lower is tried first.
    pub priority: u8,
    /// Since when it is paused.
    pub paused_ms: Option<i64>,
    /// Since when it waits for a person.
    pub parked_ms: Option<i64>,
    /// Why it waits.
    pub parked_cause: Option<String>,
    /// When it was added.
    pub created_ms: i64,
}

const COLUMNS: &str = "id, name, kind, base_url, secret, secret_hint, priority, paused_ms, parked_ms, parked_cause, \
                       created_ms";

/// All accounts that are not deleted, oldest first.
///
/// # Errors
/// If the store fails.
pub async fn all(store: &Store) -> Result<Vec<StoredAccount>, StoreError> {
    store
        .read(|read| {
            let query =
                format!("SELECT {COLUMNS} FROM account WHERE deleted_ms IS NULL ORDER BY created_ms, id");
            let mut statement = read.prepare_cached(&query)?;
            let mut rows = statement.query([])?;
            let mut accounts = Vec::new();
            while let Some(row) = rows.next()? {
                accounts.push(from_row(row)?);
            }
            Ok(accounts)
        })
        .await
}

/// Adds one.
///
/// # Errors
/// If the name is taken ([`StoreError::is_taken`]) or the store fails.
pub async fn insert(store: &Store, account: StoredAccount) -> Result<(), StoreError> {
    let change =
        format!("INSERT INTO account ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
    store
        .durable(move |write| {
            write.execute(
                &change,
                params![
                    account.id.as_str(),
                    account.name,
                    account.kind.name(),
                    account.base_url,
                    account.secret,
                    account.secret_hint,
                    account.priority,
                    account.paused_ms,
                    account.parked_ms,
                    account.parked_cause,
                    account.created_ms
                ],
            )?;
            Ok(())
        })
        .await
}

/// Pauses or resumes one. False if there is none.
///
/// # Errors
/// If the store fails.
pub async fn set_paused(store: &Store, id: AccountId, paused_ms: Option<i64>) -> Result<bool, StoreError> {
    let change = "UPDATE account SET paused_ms = ?2 WHERE id = ?1 AND deleted_ms IS NULL";
    store.durable(move |write| Ok(write.execute(change, params![id.as_str(), paused_ms])? == 1)).await
}

/// Parks one until a person acts, or takes it back into service. False if there is none.
///
/// # Errors
/// If the store fails.
pub async fn set_parked(
    store: &Store,
    id: AccountId,
    parked: Option<(i64, String)>,
) -> Result<bool, StoreError> {
    let change = "UPDATE account SET parked_ms = ?2, parked_cause = ?3 WHERE id = ?1 AND deleted_ms IS NULL";
    let (since, cause) = parked.unzip();
    store.durable(move |write| Ok(write.execute(change, params![id.as_str(), since, cause])? == 1)).await
}

/// Deletes one: its name becomes free, its secret is gone, its books stay. Fails softly (`Some(n)`) while `n` keys are
/// bound to it.
///
/// # Errors
/// If the store fails.
pub async fn delete(store: &Store, id: AccountId, now_ms: i64) -> Result<Deleted, StoreError> {
    store
        .durable(move |write| {
            let bound = bound_keys(write, &id)?;
            if bound > 0 {
                return Ok(Deleted::StillBound(bound));
            }
            let change =
                "UPDATE account SET deleted_ms = ?2, secret = '' WHERE id = ?1 AND deleted_ms IS NULL";
            let changed = write.execute(change, params![id.as_str(), now_ms])?;
            Ok(if changed == 1 { Deleted::Done } else { Deleted::Missing })
        })
        .await
}

/// What became of a deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deleted {
    /// Gone.
    Done,
    /// There is none.
    Missing,
    /// So many keys are bound to it.
    StillBound(u32),
}

fn bound_keys(read: &Connection, id: &AccountId) -> Result<u32, StoreError> {
    let query = "SELECT count(*) FROM client_key WHERE account_id = ?1 AND deleted_ms IS NULL";
    Ok(read.query_row(query, [id.as_str()], |row| row.get(0))?)
}

fn from_row(row: &Row<'_>) -> Result<StoredAccount, StoreError> {
    let kind: String = row.get(2)?;
    Ok(StoredAccount {
        id: AccountId::new(row.get::<_, String>(0)?),
        name: row.get(1)?,
        kind: AccountKind::from_name(&kind).ok_or(StoreError::Damaged("kind of account"))?,
        base_url: row.get(3)?,
        secret: row.get(4)?,
        secret_hint: row.get(5)?,
        priority: row.get(6)?,
        paused_ms: row.get(7)?,
        parked_ms: row.get(8)?,
        parked_cause: row.get(9)?,
        created_ms: row.get(10)?,
    })
}
