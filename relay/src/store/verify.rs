//! Counting the books anew. Shares no code with what wrote them: it reads the records as they lie there, finds
//! their days and hours by itself, adds them up, and compares.

mod count;
mod sheet;

use std::collections::HashMap;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rusqlite::Connection;

use self::count::{Figures, Record};
use self::sheet::{Report, Sheet, Wide};
use super::{Store, StoreError};
use crate::model::verify::Verification;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// Compares every sum with the records that it must come from. Days pass one by one, each in a snapshot of its own, so
/// that calls may go on and memory stays small.
///
/// # Errors
/// If the store fails. Differences are no error.
pub async fn verify(store: &Store, zone: TimeZone) -> Result<Verification, StoreError> {
    let mut report = Report::default();
    let mut next = store.read(|read| sheet::first(read, i64::MIN)).await?;
    while let Some(at_ms) = next {
        let Some(day) = Day::of(at_ms, &zone) else { break };
        let counted = store.read(move |read| count_day(read, &day)).await?;
        report.add(counted);
        let end_ms = Day::of(at_ms, &zone).map_or(i64::MAX, |day| day.end_ms);
        next = store.read(move |read| sheet::first(read, end_ms)).await?;
    }
    let horizon = super::retention::horizon(store).await?;
    Ok(report.into_verification(horizon.records_ms, zone.iana_name().unwrap_or("UTC")))
}

/// A day of the zone.
struct Day {
    start_ms: i64,
    end_ms: i64,
}

impl Day {
    fn of(at_ms: i64, zone: &TimeZone) -> Option<Self> {
        let start_of = |date: jiff::civil::Date| {
            let first = date.to_zoned_datetime(zone.clone()).ok()?.start_of_day().ok()?;
            Some(first.timestamp().as_millisecond())
        };
        let date = zone.to_datetime(Timestamp::from_millisecond(at_ms).ok()?).date();
        let day = Self { start_ms: start_of(date)?, end_ms: start_of(date.checked_add(1.day()).ok()?)? };
        Some(day)
    }
}

/// From when on sums of a size can be compared.
#[derive(Clone, Copy)]
struct Covered {
    /// All their records are there.
    records_ms: i64,
    /// The sums themselves are.
    sums_ms: i64,
}

/// The same by minute, by hour and by day.
fn covered(read: &Connection) -> Result<[Covered; 3], StoreError> {
    let zone_ms = super::zone::since_ms(read)?;
    let row = |row: &rusqlite::Row<'_>| {
        let records_ms: i64 = row.get(0)?;
        let covered = |records_ms, sums_ms| Covered { records_ms, sums_ms };
        // What may be of a zone of before is no day of this one.
        let zoned_ms = records_ms.max(zone_ms);
        Ok([covered(records_ms, row.get(1)?), covered(zoned_ms, row.get(2)?), covered(zoned_ms, i64::MIN)])
    };
    Ok(read.query_row("SELECT records_ms, minutes_ms, hours_ms FROM watermark", [], row)?)
}

/// Hours are counted one after the other, and the day along with them.
fn count_day(read: &Connection, day: &Day) -> Result<Report, StoreError> {
    let snapshot = read.unchecked_transaction()?;
    let [by_minute, by_hour, by_day] = covered(&snapshot)?;
    let mut report = Report::default();
    let mut whole_day = Wide::new();
    let mut start_ms = day.start_ms;
    while start_ms < day.end_ms {
        let end_ms = day.end_ms.min(start_ms + HOUR_MS);
        let mut minutes: HashMap<i64, Wide> = HashMap::new();
        let mut hour = Wide::new();
        count::each(&snapshot, start_ms, end_ms, |record: Record| {
            report.records += 1;
            let minute_ms = record.at_ms - record.at_ms.rem_euclid(MINUTE_MS);
            let figures = Figures::of(&record);
            for wide in [minutes.entry(minute_ms).or_default(), &mut hour, &mut whole_day] {
                wide.entry(record.place.clone()).or_default().add(&figures);
            }
        })?;
        let sheet = |size| Sheet { size, from_ms: start_ms, to_ms: end_ms };
        sheet("m").compare(&snapshot, minutes, by_minute, &mut report)?;
        sheet("h").compare(&snapshot, HashMap::from([(start_ms, hour)]), by_hour, &mut report)?;
        start_ms = end_ms;
    }
    let whole_day = HashMap::from([(day.start_ms, whole_day)]);
    let sheet = Sheet { size: "d", from_ms: day.start_ms, to_ms: day.end_ms };
    sheet.compare(&snapshot, whole_day, by_day, &mut report)?;
    Ok(report)
}
