//! Sums by minute, hour and day, written in the same transaction as the records they come from.
//!
//! Every sum is kept twice: by key × model × account × outcome, and by each of them alone and in all. The
//! narrow ones are few, which is what keeps a chart over a month quick when there are many keys.

use std::collections::HashMap;

use rusqlite::{Transaction, params, params_from_iter, types::Value};

use super::StoreError;
use super::attempt::Attempt;
use crate::clock::Clock;
use crate::model::money::Nanodollars;
use crate::model::usage::Tokens;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 3_600_000;

/// Counts beyond this are some provider's nonsense.
pub(super) const MOST: i64 = 1_000_000_000_000;

/// A sum goes no further: beyond 64 bits the store would take it no more, and the books would stand still.
pub(super) const MOST_IN_SUM: i64 = 100_000_000_000_000_000;

/// A million dollars for one call is nonsense as well.
const MOST_COST: i64 = 1_000_000_000_000_000;

/// The dimensions of which each has sums of its own; `all` is of none.
pub(super) const DIMENSIONS: [&str; 5] = ["all", "key", "model", "account", "outcome"];

/// When the minute, the hour and the day of an instant begin.
pub(super) struct Calendar {
    clock: Clock,
    day: (i64, i64),
}

impl Calendar {
    pub(super) fn new(clock: &Clock) -> Self {
        Self { clock: clock.clone(), day: (i64::MAX, i64::MIN) }
    }

    pub(super) fn starts(&mut self, at_ms: i64) -> [(&'static str, i64); 3] {
        if !(self.day.0..self.day.1).contains(&at_ms) {
            self.day = (self.clock.day_start_ms(at_ms, 0), self.clock.day_start_ms(at_ms, 1));
        }
        let day_ms = self.day.0;
        // An hour begins with the zone's day, not with UTC's: zones off by half an hour keep whole days of whole hours.
        let hour_ms = day_ms + (at_ms - day_ms).div_euclid(HOUR_MS) * HOUR_MS;
        let minute_ms = at_ms.div_euclid(MINUTE_MS) * MINUTE_MS;
        [("m", minute_ms), ("h", hour_ms), ("d", day_ms)]
    }
}

/// What a record counts under.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub(super) key: String,
    pub(super) account: String,
    pub(super) model: String,
    pub(super) outcome: &'static str,
}

impl Place {
    pub(super) fn of(attempt: &Attempt) -> Self {
        Self {
            key: attempt.key.as_str().to_owned(),
            account: attempt.account.as_ref().map_or(String::new(), |id| id.as_str().to_owned()),
            // A refused call's model is whatever the client made up: it must not grow the table.
            model: if attempt.accepted { attempt.shown_model().to_owned() } else { String::new() },
            outcome: attempt.outcome.name(),
        }
    }

    /// What it is in each of [`DIMENSIONS`].
    pub(super) fn ids(&self) -> [&str; 5] {
        ["", &self.key, &self.model, &self.account, self.outcome]
    }
}

/// A sum.
#[derive(Clone, Default)]
struct Sum {
    attempts: i64,
    requests: i64,
    failed: i64,
    unpriced: i64,
    web_searches: u64,
    tokens: Tokens,
    cost: Nanodollars,
    timed: i64,
    first_byte_ms: i64,
    total_ms: i64,
    last_ms: i64,
}

impl Sum {
    fn add(&mut self, attempt: &Attempt) {
        let is_request = attempt.is_request();
        self.attempts += 1;
        self.requests += i64::from(is_request);
        self.failed += i64::from(attempt.is_failure());
        self.unpriced += i64::from(attempt.is_unpriced());
        self.web_searches =
            self.web_searches.saturating_add(attempt.usage.web_searches.min(MOST.unsigned_abs()));
        self.tokens += bounded_tokens(attempt.usage.tokens);
        self.cost += Nanodollars(attempt.cost.map_or(0, bounded));
        if let Some(first_byte_ms) = attempt.first_byte_ms.filter(|_| is_request) {
            self.timed += 1;
            self.first_byte_ms += i64::from(first_byte_ms);
        }
        self.total_ms += if is_request { i64::from(attempt.total_ms) } else { 0 };
        self.last_ms = self.last_ms.max(attempt.at_ms);
    }

    fn values(&self) -> [i64; 15] {
        [
            self.attempts,
            self.requests,
            self.failed,
            whole(self.tokens.input),
            whole(self.tokens.output),
            whole(self.tokens.cache_write_5m),
            whole(self.tokens.cache_write_1h),
            whole(self.tokens.cache_read),
            whole(self.web_searches),
            self.cost.0.min(MOST_IN_SUM),
            self.unpriced,
            self.timed,
            self.first_byte_ms,
            self.total_ms,
            self.last_ms,
        ]
    }
}

/// The columns of sums, as [`Sum::values`] has them; all but the last are added up.
const COLUMNS: [&str; 15] = [
    "attempts",
    "requests",
    "failed",
    "input",
    "output",
    "cache_write_5m",
    "cache_write_1h",
    "cache_read",
    "web_searches",
    "cost",
    "unpriced",
    "timed",
    "first_byte_ms",
    "total_ms",
    "last_ms",
];

/// What a batch of records adds to the sums.
pub(super) struct Sums {
    calendar: Calendar,
    has_minutes: bool,
    cells: HashMap<(&'static str, i64, Place), Sum>,
}

impl Sums {
    pub(super) fn new(clock: &Clock) -> Self {
        Self { calendar: Calendar::new(clock), has_minutes: true, cells: HashMap::new() }
    }

    /// Those that depend on the zone.
    pub(super) fn without_minutes(clock: &Clock) -> Self {
        Self { has_minutes: false, ..Self::new(clock) }
    }

    pub(super) fn add(&mut self, attempt: &Attempt) {
        let place = Place::of(attempt);
        let starts = self.calendar.starts(attempt.at_ms).into_iter().skip(usize::from(!self.has_minutes));
        for (size, start_ms) in starts {
            self.cells.entry((size, start_ms, place.clone())).or_default().add(attempt);
        }
    }

    pub(super) fn write(&self, write: &Transaction<'_>) -> Result<(), StoreError> {
        let change = upsert("rollup", &["size", "bucket_ms", "key_id", "account_id", "model", "outcome"]);
        let mut cell = write.prepare_cached(&change)?;
        let mut narrow: HashMap<_, [i64; 15]> = HashMap::new();
        for ((size, start_ms, place), sum) in &self.cells {
            let values = sum.values();
            let name = [
                Value::from((*size).to_owned()),
                (*start_ms).into(),
                place.key.clone().into(),
                place.account.clone().into(),
                place.model.clone().into(),
                place.outcome.to_owned().into(),
            ];
            cell.execute(params_from_iter(name.into_iter().chain(values.map(Value::from))))?;
            for (dimension, id) in DIMENSIONS.into_iter().zip(place.ids()) {
                let kept = narrow.entry((*size, dimension, *start_ms, id)).or_default();
                add_values(kept, &values);
            }
        }
        let change = upsert("rollup_by", &["size", "dimension", "bucket_ms", "id"]);
        let mut part = write.prepare_cached(&change)?;
        for ((size, dimension, start_ms, id), values) in narrow {
            let name = [
                Value::from(size.to_owned()),
                dimension.to_owned().into(),
                start_ms.into(),
                id.to_owned().into(),
            ];
            part.execute(params_from_iter(name.into_iter().chain(values.map(Value::from))))?;
        }
        Ok(())
    }
}

fn add_values(kept: &mut [i64; 15], more: &[i64; 15]) {
    let [sums @ .., last_ms] = kept;
    for (kept, more) in sums.iter_mut().zip(more) {
        *kept = kept.saturating_add(*more).min(MOST_IN_SUM);
    }
    *last_ms = more[14].max(*last_ms);
}

fn upsert(table: &str, name: &[&str]) -> String {
    let columns = name.iter().chain(&COLUMNS).copied().collect::<Vec<_>>().join(", ");
    let places = vec!["?"; name.len() + COLUMNS.len()].join(", ");
    let added = COLUMNS[..14].iter().map(|sum| format!("{sum} = min({sum} + excluded.{sum}, {MOST_IN_SUM})"));
    let added = added.collect::<Vec<_>>().join(", ");
    format!(
        "INSERT INTO {table} ({columns}) VALUES ({places})
         ON CONFLICT DO UPDATE SET {added}, last_ms = max(last_ms, excluded.last_ms)"
    )
}

/// Changes what a record has added to the sums, where they are still kept: its cost by so many nano-dollars, and the
/// number of calls without a price.
pub(super) fn correct(
    write: &Transaction<'_>,
    calendar: &mut Calendar,
    attempt: &Attempt,
    cost: i64,
    unpriced: i64,
) -> Result<(), StoreError> {
    let place = Place::of(attempt);
    let set =
        "SET cost = max(cost + ?1, 0), unpriced = max(unpriced + ?2, 0) WHERE size = ?3 AND bucket_ms = ?4";
    let cell =
        format!("UPDATE rollup {set} AND key_id = ?5 AND account_id = ?6 AND model = ?7 AND outcome = ?8");
    let narrow = format!("UPDATE rollup_by {set} AND dimension = ?5 AND id = ?6");
    for (size, start_ms) in calendar.starts(attempt.at_ms) {
        write.prepare_cached(&cell)?.execute(params![
            cost,
            unpriced,
            size,
            start_ms,
            place.key,
            place.account,
            place.model,
            place.outcome
        ])?;
        for (dimension, id) in DIMENSIONS.into_iter().zip(place.ids()) {
            let row = params![cost, unpriced, size, start_ms, dimension, id];
            write.prepare_cached(&narrow)?.execute(row)?;
        }
    }
    Ok(())
}

/// A count as the store takes it.
pub(super) fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX).min(MOST)
}

pub(super) fn whole(sum: u64) -> i64 {
    i64::try_from(sum).unwrap_or(i64::MAX).min(MOST_IN_SUM)
}

pub(super) fn bounded_tokens(tokens: Tokens) -> Tokens {
    let most = MOST.unsigned_abs();
    Tokens {
        input: tokens.input.min(most),
        output: tokens.output.min(most),
        cache_write_5m: tokens.cache_write_5m.min(most),
        cache_write_1h: tokens.cache_write_1h.min(most),
        cache_read: tokens.cache_read.min(most),
    }
}

/// A record's cost as the store takes it.
pub(super) fn bounded(cost: Nanodollars) -> i64 {
    cost.0.clamp(0, MOST_COST)
}
