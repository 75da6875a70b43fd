//! The sums of a stretch as they are kept, held against what they should be.

use std::collections::HashMap;
use std::hash::Hash;

use rusqlite::{Connection, OptionalExtension, Row};

use super::Covered;
use super::count::{FIGURES, Figures, Place};
use crate::model::verify::{Difference, MOST_LISTED, Verification};
use crate::store::StoreError;

/// Sums by key, account, model and outcome.
pub(super) type Wide = HashMap<Place, Figures>;

/// A dimension and an id in it.
type Narrow = HashMap<(String, String), Figures>;

/// The earliest instant at or after `from_ms` of which there is a record or a sum.
pub(super) fn first(read: &Connection, from_ms: i64) -> Result<Option<i64>, StoreError> {
    let queries = [
        "SELECT min(at_ms) FROM attempt WHERE at_ms >= ?1",
        "SELECT min(bucket_ms) FROM rollup WHERE size = 'd' AND bucket_ms >= ?1",
        "SELECT min(bucket_ms) FROM rollup WHERE size = 'h' AND bucket_ms >= ?1",
        "SELECT min(bucket_ms) FROM rollup WHERE size = 'm' AND bucket_ms >= ?1",
        "SELECT min(bucket_ms) FROM rollup_by WHERE size = 'd' AND dimension = 'all' AND bucket_ms >= ?1",
    ];
    let mut earliest = None;
    for query in queries {
        let found: Option<Option<i64>> = read.query_row(query, [from_ms], |row| row.get(0)).optional()?;
        earliest = [earliest, found.flatten()].into_iter().flatten().min();
    }
    Ok(earliest)
}

/// All sums of a size that begin in a stretch.
pub(super) struct Sheet {
    pub(super) size: &'static str,
    pub(super) from_ms: i64,
    pub(super) to_ms: i64,
}

impl Sheet {
    /// Compares the sums with those that were counted. Where records are forgotten, the narrow sums are held against the
    /// wide ones.
    pub(super) fn compare(
        &self,
        read: &Connection,
        mut counted: HashMap<i64, Wide>,
        covered: Covered,
        report: &mut Report,
    ) -> Result<(), StoreError> {
        let mut wide = self.wide(read)?;
        let mut narrow = self.narrow(read)?;
        let starts = counted.keys().chain(wide.keys()).chain(narrow.keys());
        let mut starts: Vec<_> = starts.copied().filter(|start| *start >= covered.sums_ms).collect();
        starts.sort_unstable();
        starts.dedup();
        for start_ms in starts {
            let kept = wide.remove(&start_ms).unwrap_or_default();
            let kept_narrow = narrow.remove(&start_ms).unwrap_or_default();
            let counted = counted.remove(&start_ms).unwrap_or_default();
            let is_covered = start_ms >= covered.records_ms;
            let should = narrowed(if is_covered { &counted } else { &kept });
            let sums = (kept.len() + kept_narrow.len()) as u64;
            if is_covered {
                report.compared += sums;
                let name = |[key, account, model, outcome]: &Place| {
                    format!("key {key}, account {account}, model {model}, outcome {outcome}")
                };
                self.differences(start_ms, &kept, &counted, name, report);
            } else {
                report.beyond += sums;
            }
            let name = |(dimension, id): &(String, String)| format!("{dimension} {id}").trim_end().to_owned();
            self.differences(start_ms, &kept_narrow, &should, name, report);
        }
        Ok(())
    }

    fn differences<K: Eq + Hash>(
        &self,
        start_ms: i64,
        kept: &HashMap<K, Figures>,
        counted: &HashMap<K, Figures>,
        name: impl Fn(&K) -> String,
        report: &mut Report,
    ) {
        let none = Figures::default();
        for place in kept.keys().chain(counted.keys().filter(|place| !kept.contains_key(place))) {
            let (kept, counted) = (kept.get(place).unwrap_or(&none), counted.get(place).unwrap_or(&none));
            for ((figure, kept), counted) in FIGURES.iter().zip(kept.0).zip(counted.0) {
                if kept != counted {
                    report.list(Difference {
                        size: word(self.size).to_owned(),
                        at_ms: start_ms,
                        of: name(place),
                        figure: (*figure).to_owned(),
                        kept,
                        counted,
                    });
                }
            }
        }
    }

    fn wide(&self, read: &Connection) -> Result<HashMap<i64, Wide>, StoreError> {
        let figures = FIGURES.join(", ");
        let query = format!(
            "SELECT bucket_ms, key_id, account_id, model, outcome, {figures} FROM rollup
             WHERE size = ?1 AND bucket_ms BETWEEN ?2 AND ?3 - 1"
        );
        let mut found: HashMap<i64, Wide> = HashMap::new();
        let mut statement = read.prepare_cached(&query)?;
        let mut rows = statement.query((self.size, self.from_ms, self.to_ms))?;
        while let Some(row) = rows.next()? {
            let place = [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?];
            found.entry(row.get(0)?).or_default().insert(place, figures_at(row, 5)?);
        }
        Ok(found)
    }

    fn narrow(&self, read: &Connection) -> Result<HashMap<i64, Narrow>, StoreError> {
        let figures = FIGURES.join(", ");
        let query = format!(
            "SELECT bucket_ms, dimension, id, {figures} FROM rollup_by
             WHERE size = ?1 AND dimension IN ('all', 'key', 'account', 'model', 'outcome')
             AND bucket_ms BETWEEN ?2 AND ?3 - 1"
        );
        let mut found: HashMap<i64, Narrow> = HashMap::new();
        let mut statement = read.prepare_cached(&query)?;
        let mut rows = statement.query((self.size, self.from_ms, self.to_ms))?;
        while let Some(row) = rows.next()? {
            found.entry(row.get(0)?).or_default().insert((row.get(1)?, row.get(2)?), figures_at(row, 3)?);
        }
        Ok(found)
    }
}

fn figures_at(row: &Row<'_>, first: usize) -> rusqlite::Result<Figures> {
    let mut figures = Figures::default();
    for (at, figure) in figures.0.iter_mut().enumerate() {
        *figure = row.get(first + at)?;
    }
    Ok(figures)
}

/// What the narrow sums should be, by the wide ones.
fn narrowed(wide: &Wide) -> Narrow {
    let mut narrow = Narrow::new();
    for ([key, account, model, outcome], figures) in wide {
        let ids = [("all", ""), ("key", key), ("account", account), ("model", model), ("outcome", outcome)];
        for (dimension, id) in ids {
            narrow.entry((dimension.to_owned(), id.to_owned())).or_default().add(figures);
        }
    }
    narrow
}

fn word(size: &str) -> &'static str {
    match size {
        "m" => "minute",
        "h" => "hour",
        _ => "day",
    }
}

/// What was found so far.
#[derive(Default)]
pub(super) struct Report {
    pub(super) records: u64,
    compared: u64,
    beyond: u64,
    differences: Vec<Difference>,
    more: u64,
}

impl Report {
    fn list(&mut self, difference: Difference) {
        if self.differences.len() < MOST_LISTED {
            self.differences.push(difference);
        } else {
            self.more += 1;
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.records += other.records;
        self.compared += other.compared;
        self.beyond += other.beyond;
        self.more += other.more;
        other.differences.into_iter().for_each(|difference| self.list(difference));
    }

    pub(super) fn into_verification(self, records_from_ms: i64, time_zone: &str) -> Verification {
        Verification {
            records: self.records,
            compared: self.compared,
            beyond: self.beyond,
            records_from_ms,
            time_zone: time_zone.to_owned(),
            differences: self.differences,
            more: self.more,
        }
    }
}
