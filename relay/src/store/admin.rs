//! Administrators at rest: a name and a password's hash.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::{Store, StoreError};

/// Name in `meta` of the set-up token's hash; gone with the first administrator.
pub const SETUP_TOKEN: &str = "setup_token";

/// One administrator at rest.
#[derive(Clone)]
pub struct StoredAdmin {
    /// Identity.
    pub id: String,
    /// Unique, whatever its case.
    pub username: String,
    /// Argon2id, with salt and cost.
    pub password: String,
    /// When it was made.
    pub created_ms: i64,
}

/// What became of the first administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First {
    /// Made; the set-up token is used up.
    Made,
    /// The set-up token is not the one that is kept.
    OtherToken,
    /// There is an administrator already.
    Late,
}

/// Whether there is any.
///
/// # Errors
/// If the store fails.
pub async fn any(store: &Store) -> Result<bool, StoreError> {
    store.read(exists).await
}

/// The one of that name, in any case.
///
/// # Errors
/// If the store fails.
pub async fn by_name(store: &Store, username: &str) -> Result<Option<StoredAdmin>, StoreError> {
    one(store, "SELECT id, username, password, created_ms FROM admin WHERE username = ?1", username).await
}

/// The one of that identity.
///
/// # Errors
/// If the store fails.
pub async fn by_id(store: &Store, id: &str) -> Result<Option<StoredAdmin>, StoreError> {
    one(store, "SELECT id, username, password, created_ms FROM admin WHERE id = ?1", id).await
}

/// Adds one. Ends the set-up, if it is still open.
///
/// # Errors
/// If the name is taken ([`StoreError::is_taken`]) or the store fails.
pub async fn insert(store: &Store, admin: StoredAdmin) -> Result<(), StoreError> {
    store.durable(move |write| add(write, &admin)).await
}

/// Adds the first one, if the token's hash is the one kept and there is none yet: all in one transaction.
///
/// # Errors
/// If the store fails.
pub async fn insert_first(store: &Store, admin: StoredAdmin, token: String) -> Result<First, StoreError> {
    store
        .durable(move |write| {
            if exists(write)? {
                return Ok(First::Late);
            }
            let query = "SELECT value FROM meta WHERE name = ?1";
            let kept: Option<String> = write.query_row(query, [SETUP_TOKEN], |row| row.get(0)).optional()?;
            if kept != Some(token) {
                return Ok(First::OtherToken);
            }
            add(write, &admin)?;
            Ok(First::Made)
        })
        .await
}

/// Gives one another password, and another name if asked for; every session of it ends. False if there is none.
///
/// # Errors
/// If the name is taken ([`StoreError::is_taken`]) or the store fails.
pub async fn set_password(
    store: &Store,
    id: String,
    password: String,
    username: Option<String>,
) -> Result<bool, StoreError> {
    store
        .durable(move |write| {
            let change = "UPDATE admin SET password = ?2, username = coalesce(?3, username) WHERE id = ?1";
            let changed = write.execute(change, params![id, password, username])?;
            write.execute("DELETE FROM session WHERE admin_id = ?1", [&id])?;
            Ok(changed == 1)
        })
        .await
}

fn add(write: &Transaction<'_>, admin: &StoredAdmin) -> Result<(), StoreError> {
    let change = "INSERT INTO admin (id, username, password, created_ms) VALUES (?1, ?2, ?3, ?4)";
    write.execute(change, params![admin.id, admin.username, admin.password, admin.created_ms])?;
    write.execute("DELETE FROM meta WHERE name = ?1", [SETUP_TOKEN])?;
    Ok(())
}

fn exists(read: &Connection) -> Result<bool, StoreError> {
    Ok(read.query_row("SELECT EXISTS (SELECT 1 FROM admin)", [], |row| row.get(0))?)
}

async fn one(store: &Store, query: &'static str, by: &str) -> Result<Option<StoredAdmin>, StoreError> {
    let by = by.to_owned();
    store.read(move |read| Ok(read.query_row(query, [by], from_row).optional()?)).await
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<StoredAdmin> {
    Ok(StoredAdmin { id: row.get(0)?, username: row.get(1)?, password: row.get(2)?, created_ms: row.get(3)? })
}
