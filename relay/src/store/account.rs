//! Accounts at rest. Their secrets are sealed before they come here.

use rusqlite::{Connection, Row, params};

use super::{Store, StoreError};
use crate::model::account::{AccountKind, AccountSettings};
use crate::model::id::AccountId;
use crate::model::identity::Identity;

/// One account at rest.
#[derive(Clone, Debug)]
pub struct StoredAccount {
    /// Identity.
    pub id: AccountId,
    /// Unique among those not deleted.
    pub name: String,
    /// What kind of credential.
    pub kind: AccountKind,
    /// Sealed; empty where the kind has none.
    pub secret: String,
    /// The secret's last four characters.
    pub secret_hint: String,
    /// How it is set; its address is without a slash at the end.
    pub settings: AccountSettings,
    /// Sealed; empty where the proxy asks for none.
    pub proxy_password: String,
    /// Who signed in.
    pub identity: Identity,
    /// Since when it is paused.
    pub paused_ms: Option<i64>,
    /// Since when it waits for a person.
    pub parked_ms: Option<i64>,
    /// Why it waits.
    pub parked_cause: Option<String>,
    /// What the person is to do is to sign in anew.
    pub needs_sign_in: bool,
    /// When it was added.
    pub created_ms: i64,
}

const COLUMNS: &str = "id, name, kind, secret, secret_hint, base_url, note, priority, weight, concurrency, proxy, \
                       project, proxy_password, identity, paused_ms, parked_ms, parked_cause, needs_sign_in, created_ms";

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
    store.durable(move |write| insert_in(write, &account)).await
}

pub(super) fn insert_in(write: &Connection, account: &StoredAccount) -> Result<(), StoreError> {
    let change = format!(
        "INSERT INTO account ({COLUMNS})
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)"
    );
    let settings = &account.settings;
    write.execute(
        &change,
        params![
            account.id.as_str(),
            account.name,
            account.kind.name(),
            account.secret,
            account.secret_hint,
            settings.base_url,
            settings.note,
            settings.priority,
            settings.weight,
            settings.concurrency,
            proxy_text(settings)?,
            settings.project,
            account.proxy_password,
            identity_text(&account.identity)?,
            account.paused_ms,
            account.parked_ms,
            account.parked_cause,
            account.needs_sign_in,
            account.created_ms
        ],
    )?;
    Ok(())
}

/// Changes what an administrator sets: name, settings, and secrets where new ones are given. False if there is none.
///
/// # Errors
/// If the name is taken ([`StoreError::is_taken`]) or the store fails.
pub async fn update(store: &Store, account: StoredAccount) -> Result<bool, StoreError> {
    let change = "UPDATE account SET name = ?2, secret = ?3, secret_hint = ?4, base_url = ?5, note = ?6, priority = ?7,
                  weight = ?8, concurrency = ?9, proxy = ?10, project = ?11, proxy_password = ?12
                  WHERE id = ?1 AND deleted_ms IS NULL";
    store
        .durable(move |write| {
            let settings = &account.settings;
            let changed = write.execute(
                change,
                params![
                    account.id.as_str(),
                    account.name,
                    account.secret,
                    account.secret_hint,
                    settings.base_url,
                    settings.note,
                    settings.priority,
                    settings.weight,
                    settings.concurrency,
                    proxy_text(settings)?,
                    settings.project,
                    account.proxy_password,
                ],
            )?;
            Ok(changed == 1)
        })
        .await
}

/// The account of that id.
///
/// # Errors
/// If the store fails.
pub async fn find(store: &Store, id: AccountId) -> Result<Option<StoredAccount>, StoreError> {
    store
        .read(move |read| {
            let query = format!("SELECT {COLUMNS} FROM account WHERE id = ?1 AND deleted_ms IS NULL");
            let mut statement = read.prepare_cached(&query)?;
            let mut rows = statement.query([id.as_str()])?;
            rows.next()?.map(from_row).transpose()
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

/// Why an account waits for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parked {
    /// Milliseconds since 1970.
    pub since_ms: i64,
    /// The operator's text: what the provider said.
    pub cause: String,
    /// What the person is to do is to sign in anew.
    pub needs_sign_in: bool,
}

/// Parks one until a person acts, or takes it back into service. False if there is none.
///
/// # Errors
/// If the store fails.
pub async fn set_parked(store: &Store, id: AccountId, parked: Option<Parked>) -> Result<bool, StoreError> {
    store.durable(move |write| set_parked_in(write, &id, parked)).await
}

pub(super) fn set_parked_in(
    write: &Connection,
    id: &AccountId,
    parked: Option<Parked>,
) -> Result<bool, StoreError> {
    let change = "UPDATE account SET parked_ms = ?2, parked_cause = ?3, needs_sign_in = ?4
                  WHERE id = ?1 AND deleted_ms IS NULL";
    let needs_sign_in = parked.as_ref().is_some_and(|parked| parked.needs_sign_in);
    let (since, cause) = parked.map(|parked| (parked.since_ms, parked.cause)).unzip();
    Ok(write.execute(change, params![id.as_str(), since, cause, needs_sign_in])? == 1)
}

/// Keeps who signed in. False if there is none.
///
/// # Errors
/// If the store fails.
pub async fn set_identity(store: &Store, id: AccountId, identity: Identity) -> Result<bool, StoreError> {
    store.durable(move |write| set_identity_in(write, &id, &identity)).await
}

pub(super) fn set_identity_in(
    write: &Connection,
    id: &AccountId,
    identity: &Identity,
) -> Result<bool, StoreError> {
    let change = "UPDATE account SET identity = ?2 WHERE id = ?1 AND deleted_ms IS NULL";
    Ok(write.execute(change, params![id.as_str(), identity_text(identity)?])? == 1)
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
            let change = "UPDATE account SET deleted_ms = ?2, secret = '', proxy_password = ''
                          WHERE id = ?1 AND deleted_ms IS NULL";
            let changed = write.execute(change, params![id.as_str(), now_ms])?;
            for table in ["token", "refresh", "account_group_member", "window_hour"] {
                write.execute(&format!("DELETE FROM {table} WHERE account_id = ?1"), [id.as_str()])?;
            }
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

fn proxy_text(settings: &AccountSettings) -> Result<String, StoreError> {
    let Some(proxy) = &settings.proxy else { return Ok(String::new()) };
    serde_json::to_string(proxy).map_err(|_| StoreError::Damaged("proxy"))
}

fn identity_text(identity: &Identity) -> Result<String, StoreError> {
    serde_json::to_string(identity).map_err(|_| StoreError::Damaged("identity"))
}

fn from_row(row: &Row<'_>) -> Result<StoredAccount, StoreError> {
    let (kind, proxy, identity): (String, String, String) = (row.get(2)?, row.get(10)?, row.get(13)?);
    let proxy = match proxy.as_str() {
        "" => None,
        text => Some(serde_json::from_str(text).map_err(|_| StoreError::Damaged("proxy"))?),
    };
    Ok(StoredAccount {
        id: AccountId::new(row.get::<_, String>(0)?),
        name: row.get(1)?,
        kind: AccountKind::from_name(&kind).ok_or(StoreError::Damaged("kind of account"))?,
        secret: row.get(3)?,
        secret_hint: row.get(4)?,
        settings: AccountSettings {
            base_url: row.get(5)?,
            note: row.get(6)?,
            priority: row.get(7)?,
            weight: row.get(8)?,
            concurrency: row.get(9)?,
            proxy,
            project: row.get(11)?,
        },
        proxy_password: row.get(12)?,
        identity: serde_json::from_str(&identity).map_err(|_| StoreError::Damaged("identity"))?,
        paused_ms: row.get(14)?,
        parked_ms: row.get(15)?,
        parked_cause: row.get(16)?,
        needs_sign_in: row.get(17)?,
        created_ms: row.get(18)?,
    })
}
