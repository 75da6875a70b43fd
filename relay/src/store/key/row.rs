//! A key as a row of its table, its limits as versioned JSON.

use rusqlite::{Row, Transaction, params};
use serde::{Deserialize, Serialize};

use super::{Former, StoredKey};
use crate::model::id::{AccountId, GroupId, KeyId};
use crate::model::key::{Binding, KeyAbout};
use crate::model::limit::KeyLimits;
use crate::store::StoreError;

pub(super) const COLUMNS: &str = "id, name, hash, prefix, enabled, account_id, group_id, created_ms, note, owner, \
                                  tags, limits, first_used_ms, former_hash, former_until_ms";

/// A key's limits at rest. A field that this Switchyard does not know is damage, not something to pass over: it would
/// be a limit that nobody keeps.
#[derive(Serialize, Deserialize)]
#[serde(tag = "version")]
enum StoredLimits {
    #[serde(rename = "1")]
    First(KeyLimits),
}

pub(super) fn insert(write: &Transaction<'_>, key: &StoredKey) -> Result<(), StoreError> {
    let change = format!(
        "INSERT INTO client_key ({COLUMNS})
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
    );
    put(write, &change, key)
}

pub(super) fn update(write: &Transaction<'_>, key: &StoredKey) -> Result<(), StoreError> {
    let change = "UPDATE client_key SET name = ?2, hash = ?3, prefix = ?4, enabled = ?5, account_id = ?6,
                  group_id = ?7, created_ms = ?8, note = ?9, owner = ?10, tags = ?11, limits = ?12,
                  first_used_ms = ?13, former_hash = ?14, former_until_ms = ?15 WHERE id = ?1";
    put(write, change, key)
}

fn put(write: &Transaction<'_>, change: &str, key: &StoredKey) -> Result<(), StoreError> {
    let unwritable = |_| StoreError::Damaged("key");
    let limits = serde_json::to_string(&StoredLimits::First(key.limits.clone())).map_err(unwritable)?;
    write.prepare_cached(change)?.execute(params![
        key.id.as_str(),
        key.name,
        key.hash,
        key.prefix,
        key.enabled,
        key.binding.account().map(AccountId::as_str),
        key.binding.group().map(GroupId::as_str),
        key.created_ms,
        key.about.note,
        key.about.owner,
        serde_json::to_string(&key.about.tags).map_err(unwritable)?,
        limits,
        key.first_used_ms,
        key.former.map(|former| former.hash),
        key.former.map(|former| former.until_ms),
    ])?;
    Ok(())
}

pub(super) fn read(row: &Row<'_>) -> Result<StoredKey, StoreError> {
    let account: Option<String> = row.get(5)?;
    let group: Option<String> = row.get(6)?;
    let binding = match (account, group) {
        (Some(id), _) => Binding::Account(AccountId::new(id)),
        (None, Some(id)) => Binding::Group(GroupId::new(id)),
        (None, None) => Binding::Any,
    };
    let tags: String = row.get(10)?;
    let limits: String = row.get(11)?;
    let StoredLimits::First(limits) =
        serde_json::from_str(&limits).map_err(|_| StoreError::Damaged("key's limits"))?;
    let former: Option<([u8; 32], i64)> = row.get::<_, Option<_>>(13)?.zip(row.get(14)?);
    Ok(StoredKey {
        id: KeyId::new(row.get::<_, String>(0)?),
        name: row.get(1)?,
        hash: row.get(2)?,
        prefix: row.get(3)?,
        enabled: row.get(4)?,
        binding,
        about: KeyAbout {
            note: row.get(8)?,
            owner: row.get(9)?,
            tags: serde_json::from_str(&tags).map_err(|_| StoreError::Damaged("key's tags"))?,
        },
        limits,
        created_ms: row.get(7)?,
        first_used_ms: row.get(12)?,
        former: former.map(|(hash, until_ms)| Former { hash, until_ms }),
    })
}
