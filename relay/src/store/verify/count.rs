//! Records as they lie in the store, and what each adds to a sum.

use rusqlite::Connection;

use crate::store::StoreError;

/// The figures of a sum, in the order in which they are compared.
pub(super) const FIGURES: [&str; 15] = [
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

/// No sum goes further.
const MOST: i64 = 100_000_000_000_000_000;

/// Key, account, model and outcome.
pub(super) type Place = [String; 4];

pub(super) struct Record {
    pub(super) at_ms: i64,
    pub(super) place: Place,
    last: bool,
    accepted: bool,
    sandbox: bool,
    /// Input, output, writes for 5 minutes and an hour, reads, searches.
    counts: [i64; 6],
    cost: Option<i64>,
    first_byte_ms: Option<i64>,
    total_ms: i64,
}

/// Each record of a stretch that is in the sums: all but counts of tokens.
pub(super) fn each(
    read: &Connection,
    from_ms: i64,
    to_ms: i64,
    mut look: impl FnMut(Record),
) -> Result<(), StoreError> {
    let query = "SELECT at_ms, key_id, account_id, CASE WHEN accepted THEN ifnull(model, asked) ELSE '' END, outcome,
                 last, accepted, sandbox, input, output, cache_write_5m, cache_write_1h, cache_read, web_searches,
                 cost, first_byte_ms, total_ms
                 FROM attempt WHERE endpoint <> 'count_tokens' AND at_ms >= ?1 AND at_ms < ?2";
    let mut statement = read.prepare_cached(query)?;
    let mut rows = statement.query([from_ms, to_ms])?;
    while let Some(row) = rows.next()? {
        let mut counts = [0; 6];
        for (at, count) in counts.iter_mut().enumerate() {
            *count = row.get(8 + at)?;
        }
        look(Record {
            at_ms: row.get(0)?,
            place: [row.get(1)?, row.get::<_, Option<_>>(2)?.unwrap_or_default(), row.get(3)?, row.get(4)?],
            last: row.get(5)?,
            accepted: row.get(6)?,
            sandbox: row.get(7)?,
            counts,
            cost: row.get(14)?,
            first_byte_ms: row.get(15)?,
            total_ms: row.get(16)?,
        });
    }
    Ok(())
}

/// The figures of a sum, in the order of [`FIGURES`].
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Figures(pub(super) [i64; 15]);

impl Figures {
    pub(super) fn of(record: &Record) -> Self {
        let is_request = record.last && record.accepted;
        let when = |is_so: bool, figure: i64| if is_so { figure } else { 0 };
        let [input, output, write_5m, write_1h, read, searches] = record.counts;
        Self([
            1,
            when(is_request, 1),
            when(record.last && !record.accepted, 1),
            input,
            output,
            write_5m,
            write_1h,
            read,
            searches,
            record.cost.unwrap_or(0),
            when(is_request && record.cost.is_none() && !record.sandbox, 1),
            when(is_request && record.first_byte_ms.is_some(), 1),
            when(is_request, record.first_byte_ms.unwrap_or(0)),
            when(is_request, record.total_ms),
            record.at_ms,
        ])
    }

    /// Adds all but the last, which is the latest instant.
    pub(super) fn add(&mut self, other: &Self) {
        let Self([.., mine]) = self;
        *mine = other.0[14].max(*mine);
        for (mine, more) in self.0.iter_mut().zip(other.0).take(14) {
            *mine = mine.saturating_add(more).min(MOST);
        }
    }
}
