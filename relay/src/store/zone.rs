//! The zone in which the sums' days begin. When it is another than at the last start, days and hours whose records are
//! all there are summed anew in it; those before stay the days that they were.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use uuid::Uuid;

use super::attempt::read;
use super::rollup::Sums;
use super::{Store, StoreError, surplus};
use crate::clock::Clock;

/// Which zone the sums are in, and from when on: their names in `meta`.
const ZONE: &str = "zone";
const SINCE: &str = "zone_since_ms";

/// Records that are read at a time.
const AT_A_TIME: u32 = 1_000;

/// Sums in another zone, if the clock's is not that of the last start. For the start: before anything is folded and
/// before any limit is read.
///
/// # Errors
/// If the store fails; the sums stay as they were then.
pub async fn settle(store: &Store, clock: &Clock) -> Result<(), StoreError> {
    let clock = clock.clone();
    store
        .durable(move |write| {
            let (zone, known) = (clock.zone_name(), value(write, ZONE)?);
            if known.as_ref() == Some(&zone) {
                return Ok(());
            }
            if let (Some(known), Some(from_ms)) = (known, first_whole(write)?) {
                tracing::info!(from = %known, to = %zone, "days begin in another zone: summing them anew");
                let is_first = is_first(write, from_ms)?;
                anew(write, &clock, from_ms)?;
                keep(write, SINCE, if is_first { 0 } else { from_ms }.to_string())?;
            }
            keep(write, ZONE, zone)
        })
        .await
}

/// Days and hours that begin before may be those of another zone.
pub(super) fn since_ms(read: &Connection) -> Result<i64, StoreError> {
    Ok(value(read, SINCE)?.and_then(|since_ms| since_ms.parse().ok()).unwrap_or(0))
}

/// The first day from which on all records are there, and all days are of one zone.
fn first_whole(read: &Connection) -> Result<Option<i64>, StoreError> {
    let query = "SELECT min(bucket_ms) FROM rollup WHERE size = 'd'
                 AND bucket_ms >= max(?1, (SELECT records_ms FROM watermark))";
    Ok(read.query_row(query, [since_ms(read)?], |row| row.get(0))?)
}

fn is_first(read: &Connection, day_ms: i64) -> Result<bool, StoreError> {
    let query = "SELECT NOT EXISTS (SELECT 1 FROM rollup WHERE size = 'd' AND bucket_ms < ?1)";
    Ok(read.query_row(query, [day_ms], |row| row.get(0))?)
}

fn anew(write: &Transaction<'_>, clock: &Clock, from_ms: i64) -> Result<(), StoreError> {
    for table in ["rollup", "rollup_by"] {
        let change = format!("DELETE FROM {table} WHERE size IN ('h', 'd') AND bucket_ms >= ?1");
        write.execute(&change, [from_ms])?;
    }
    write.execute("DELETE FROM surplus WHERE day_ms >= ?1", [from_ms])?;
    let mut sums = Sums::without_minutes(clock);
    let mut place = (from_ms, Uuid::nil(), 0);
    loop {
        let records = read::after(write, place, i64::MAX, AT_A_TIME)?;
        let Some(last) = records.last() else { break };
        place = (last.at_ms, last.call, last.n);
        for record in records.iter().filter(|record| record.endpoint.is_metered()) {
            sums.add(record);
            surplus::add(write, clock, record)?;
        }
    }
    sums.write(write)
}

fn value(read: &Connection, name: &str) -> Result<Option<String>, StoreError> {
    let query = "SELECT value FROM meta WHERE name = ?1";
    Ok(read.query_row(query, [name], |row| row.get(0)).optional()?)
}

fn keep(write: &Transaction<'_>, name: &str, value: String) -> Result<(), StoreError> {
    write.execute("INSERT OR REPLACE INTO meta VALUES (?1, ?2)", params![name, value])?;
    Ok(())
}
