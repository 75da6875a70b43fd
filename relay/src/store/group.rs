//! Named groups of accounts at rest.

use std::collections::HashMap;

use rusqlite::{Row, params};

use super::{Store, StoreError};
use crate::model::group::GroupRow;
use crate::model::id::{AccountId, GroupId};

/// Every group, by name.
///
/// # Errors
/// If the store fails.
pub async fn all(store: &Store) -> Result<Vec<GroupRow>, StoreError> {
    let groups = "SELECT id, name, (SELECT count(*) FROM client_key
                  WHERE group_id = account_group.id AND deleted_ms IS NULL) FROM account_group ORDER BY name";
    let members = "SELECT group_id, account_id FROM account_group_member ORDER BY account_id";
    store
        .read(move |read| {
            let mut of: HashMap<String, Vec<AccountId>> = HashMap::new();
            let mut statement = read.prepare_cached(members)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                of.entry(row.get(0)?).or_default().push(AccountId::new(row.get::<_, String>(1)?));
            }
            let row = |row: &Row<'_>| {
                let id: String = row.get(0)?;
                let accounts = of.get(&id).cloned().unwrap_or_default();
                Ok(GroupRow { id: GroupId::new(id), name: row.get(1)?, accounts, bound_keys: row.get(2)? })
            };
            Ok(read.prepare_cached(groups)?.query_map([], row)?.collect::<Result<_, _>>()?)
        })
        .await
}

/// Adds a group, or gives one another name and other accounts.
///
/// # Errors
/// If the name is taken ([`StoreError::is_taken`]) or the store fails.
pub async fn put(
    store: &Store,
    id: GroupId,
    name: String,
    accounts: Vec<AccountId>,
    now_ms: i64,
) -> Result<(), StoreError> {
    let change = "INSERT INTO account_group (id, name, created_ms) VALUES (?1, ?2, ?3)
                  ON CONFLICT (id) DO UPDATE SET name = excluded.name";
    store
        .durable(move |write| {
            write.execute(change, params![id.as_str(), name, now_ms])?;
            write.execute("DELETE FROM account_group_member WHERE group_id = ?1", [id.as_str()])?;
            for account in accounts {
                let add = "INSERT OR IGNORE INTO account_group_member (group_id, account_id) VALUES (?1, ?2)";
                write.execute(add, params![id.as_str(), account.as_str()])?;
            }
            Ok(())
        })
        .await
}

/// Deletes a group; its accounts stay. So many keys are bound to it if it cannot go.
///
/// # Errors
/// If the store fails.
pub async fn delete(store: &Store, id: GroupId) -> Result<Deleted, StoreError> {
    store
        .durable(move |write| {
            let query = "SELECT count(*) FROM client_key WHERE group_id = ?1 AND deleted_ms IS NULL";
            let bound: u32 = write.query_row(query, [id.as_str()], |row| row.get(0))?;
            if bound > 0 {
                return Ok(Deleted::StillBound(bound));
            }
            write.execute("UPDATE client_key SET group_id = NULL WHERE group_id = ?1", [id.as_str()])?;
            let changed = write.execute("DELETE FROM account_group WHERE id = ?1", [id.as_str()])?;
            Ok(if changed == 1 { Deleted::Done } else { Deleted::Missing })
        })
        .await
}

pub use super::account::Deleted;
