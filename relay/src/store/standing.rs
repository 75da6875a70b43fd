//! What is known of accounts' limits, over restarts: cooldowns that keep calls away, and the windows as they were last
//! told. Losing any of it costs some refused calls and nothing else, so none of it waits for the disk.

use std::collections::HashMap;

use rusqlite::{Row, Transaction, params};

use super::{Store, StoreError};
use crate::model::cooldown::{CooldownCause, CooldownRow};
use crate::model::id::AccountId;
use crate::model::window::{WindowHour, WindowName, WindowReading};

const HOUR_MS: i64 = 3_600_000;
/// The longest window twice, and a day.
const HOURS_KEPT: i64 = 15 * 24;

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

/// Puts an account's windows, as they are at `at_ms`, in the place of those that were kept, and notes how full they are.
///
/// # Errors
/// If the store fails.
pub async fn keep_windows(
    store: &Store,
    id: AccountId,
    readings: Vec<WindowReading>,
    at_ms: i64,
) -> Result<(), StoreError> {
    store
        .lazy(move |write| {
            write.execute("DELETE FROM usage_window WHERE account_id = ?1", [id.as_str()])?;
            let mut insert = write.prepare_cached("INSERT INTO usage_window VALUES (?1, ?2, ?3, ?4)")?;
            for reading in &readings {
                let Some(used) = reading.used else { continue };
                insert.execute(params![id.as_str(), reading.window.as_str(), used, reading.resets_ms])?;
            }
            note_hour(write, &id, &readings, at_ms - at_ms.rem_euclid(HOUR_MS))
        })
        .await
}

/// Of an hour the highest is kept. What is past its time goes with the first reading of another hour.
fn note_hour(
    write: &Transaction<'_>,
    id: &AccountId,
    readings: &[WindowReading],
    hour_ms: i64,
) -> Result<(), StoreError> {
    let change = "INSERT INTO window_hour VALUES (?1, ?2, ?3, ?4)
                  ON CONFLICT DO UPDATE SET used = max(used, excluded.used)";
    let mut insert = write.prepare_cached(change)?;
    for reading in readings {
        let Some(used) = reading.used else { continue };
        insert.execute(params![id.as_str(), reading.window.as_str(), hour_ms, used])?;
    }
    let old = "DELETE FROM window_hour WHERE account_id = ?1 AND hour_ms < ?2";
    write.prepare_cached(old)?.execute(params![id.as_str(), hour_ms - HOURS_KEPT * HOUR_MS])?;
    Ok(())
}

/// How full an account's windows were since an instant, by name and hour.
///
/// # Errors
/// If the store fails.
pub async fn window_hours(store: &Store, id: AccountId, from_ms: i64) -> Result<Vec<WindowHour>, StoreError> {
    store
        .read(move |read| {
            let query = "SELECT name, hour_ms, used FROM window_hour
                         WHERE account_id = ?1 AND hour_ms >= ?2 ORDER BY name, hour_ms";
            let mut statement = read.prepare_cached(query)?;
            let rows = statement.query_map(params![id.as_str(), from_ms], |row| {
                let name: String = row.get(0)?;
                Ok(WindowHour {
                    window: WindowName::from_name(&name),
                    hour_ms: row.get(1)?,
                    used: row.get(2)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
}
