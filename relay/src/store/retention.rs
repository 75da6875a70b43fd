//! What is forgotten: records and fine sums past their time. Sums by day stay for ever.

use rusqlite::{Row, Transaction};

use super::{Store, StoreError};

/// Most records that go in one transaction.
const MOST: u32 = 5_000;

/// Instants, milliseconds since 1970: what is older may go, or has gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Horizon {
    /// Single records.
    pub records_ms: i64,
    /// Sums by minute.
    pub minutes_ms: i64,
    /// Sums by hour.
    pub hours_ms: i64,
}

/// From when on everything is there.
///
/// # Errors
/// If the store fails.
pub async fn horizon(store: &Store) -> Result<Horizon, StoreError> {
    let row = |row: &Row<'_>| {
        Ok(Horizon { records_ms: row.get(0)?, minutes_ms: row.get(1)?, hours_ms: row.get(2)? })
    };
    let query = "SELECT records_ms, minutes_ms, hours_ms FROM watermark";
    store.read(move |read| Ok(read.query_row(query, [], row)?)).await
}

/// Forgets what lies before the horizon, of records a bounded number at a time. Returns how many went.
///
/// # Errors
/// If the store fails.
pub async fn forget(store: &Store, before: Horizon) -> Result<usize, StoreError> {
    store
        .lazy(move |write| {
            note(write, before)?;
            let old = "DELETE FROM attempt WHERE (call, n) IN
                       (SELECT call, n FROM attempt WHERE at_ms < ?1 LIMIT ?2)";
            let gone = write.execute(old, (before.records_ms, MOST))?;
            for table in ["rollup", "rollup_by"] {
                let old = format!("DELETE FROM {table} WHERE size = ?1 AND bucket_ms < ?2");
                write.execute(&old, ("m", before.minutes_ms))?;
                write.execute(&old, ("h", before.hours_ms))?;
            }
            Ok(gone)
        })
        .await
}

/// The horizon never moves back: what was forgotten under a shorter time does not come back under a longer one.
fn note(write: &Transaction<'_>, before: Horizon) -> Result<(), StoreError> {
    let change = "UPDATE watermark SET records_ms = max(records_ms, ?1), minutes_ms = max(minutes_ms, ?2),
                  hours_ms = max(hours_ms, ?3)";
    write.execute(change, (before.records_ms, before.minutes_ms, before.hours_ms))?;
    Ok(())
}
