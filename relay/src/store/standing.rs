//! What is known of accounts' limits, over restarts: cooldowns that keep calls away, and the windows as they were last
//! told. Losing any of it costs some refused calls and nothing else, so none of it waits for the disk.

use std::collections::HashMap;

use rusqlite::{Row, params};

use super::{Store, StoreError};
use crate::model::cooldown::{CooldownCause, CooldownRow};
use crate::model::id::AccountId;
use crate::model::window::{WindowName, WindowReading};

/// The cooldowns of every account that are not over.
///
/// # Errors
/// If the store fails.
pub async fn cooldowns(
    store: &Store,
    now_ms: i64,
) -> Result<HashMap<AccountId, Vec<CooldownRow>>, StoreError> {
    store
        .read(move |read| {
            let query =
                "SELECT account_id, family, cause, words, since_ms, until_ms, strikes, probe_ms, probes
                         FROM cooldown WHERE until_ms > ?1";
            let mut statement = read.prepare_cached(query)?;
            let mut rows = statement.query([now_ms])?;
            let mut found: HashMap<_, Vec<_>> = HashMap::new();
            while let Some(row) = rows.next()? {
                let account = AccountId::new(row.get::<_, String>(0)?);
                found.entry(account).or_default().push(cooldown(row)?);
            }
            Ok(found)
        })
        .await
}

fn cooldown(row: &Row<'_>) -> Result<CooldownRow, StoreError> {
    let (family, cause): (String, String) = (row.get(1)?, row.get(2)?);
    Ok(CooldownRow {
        family: Some(family).filter(|family| !family.is_empty()),
        cause: CooldownCause::from_name(&cause).ok_or(StoreError::Damaged("cause of a cooldown"))?,
        keeps_out: true,
        words: row.get(3)?,
        since_ms: row.get(4)?,
        until_ms: row.get(5)?,
        strikes: row.get(6)?,
        probe_ms: row.get(7)?,
        probes: row.get(8)?,
        probing: false,
    })
}

/// Puts an account's cooldowns in the place of those that were kept. Those that keep no call away are left out.
///
/// # Errors
/// If the store fails.
pub async fn keep_cooldowns(store: &Store, id: AccountId, rows: Vec<CooldownRow>) -> Result<(), StoreError> {
    store
        .lazy(move |write| {
            write.execute("DELETE FROM cooldown WHERE account_id = ?1", [id.as_str()])?;
            let change = "INSERT INTO cooldown VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
            let mut insert = write.prepare_cached(change)?;
            for row in rows.iter().filter(|row| row.keeps_out) {
                insert.execute(params![
                    id.as_str(),
                    row.family.as_deref().unwrap_or_default(),
                    row.cause.name(),
                    row.words,
                    row.since_ms,
                    row.until_ms,
                    row.strikes,
                    row.probe_ms,
                    row.probes
                ])?;
            }
            Ok(())
        })
        .await
}

/// The windows of every account that have not ended.
///
/// # Errors
/// If the store fails.
pub async fn windows(
    store: &Store,
    now_ms: i64,
) -> Result<HashMap<AccountId, Vec<WindowReading>>, StoreError> {
    store
        .read(move |read| {
            let query = "SELECT account_id, name, used, resets_ms FROM usage_window WHERE resets_ms > ?1";
            let mut statement = read.prepare_cached(query)?;
            let mut rows = statement.query([now_ms])?;
            let mut found: HashMap<_, Vec<_>> = HashMap::new();
            while let Some(row) = rows.next()? {
                let account = AccountId::new(row.get::<_, String>(0)?);
                let name: String = row.get(1)?;
                found.entry(account).or_default().push(WindowReading {
                    window: WindowName::from_name(&name),
                    used: Some(row.get(2)?),
                    resets_ms: row.get(3)?,
                    status: None,
                });
            }
            Ok(found)
        })
        .await
}

/// Puts an account's windows in the place of those that were kept.
///
/// # Errors
/// If the store fails.
pub async fn keep_windows(
    store: &Store,
    id: AccountId,
    readings: Vec<WindowReading>,
) -> Result<(), StoreError> {
    store
        .lazy(move |write| {
            write.execute("DELETE FROM usage_window WHERE account_id = ?1", [id.as_str()])?;
            let mut insert = write.prepare_cached("INSERT INTO usage_window VALUES (?1, ?2, ?3, ?4)")?;
            for reading in &readings {
                let Some(used) = reading.used else { continue };
                insert.execute(params![id.as_str(), reading.window.as_str(), used, reading.resets_ms])?;
            }
            Ok(())
        })
        .await
}
