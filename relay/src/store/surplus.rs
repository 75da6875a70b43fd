//! What strict limits are charged beyond what was used, by day: written together with the records that it is of.

use rusqlite::{Connection, Transaction};

use super::StoreError;
use super::attempt::{Attempt, Charge};
use super::rollup::{MOST_IN_SUM, number, whole};
use crate::clock::Clock;
use crate::model::id::KeyId;

/// What one key was charged for one model since an instant.
pub(super) struct Surplus {
    pub(super) key: KeyId,
    pub(super) model: String,
    pub(super) total: Charge,
    pub(super) month: Charge,
    pub(super) day: Charge,
}

/// Adds what an attempt is charged; nothing for nearly all of them.
pub(super) fn add(write: &Transaction<'_>, clock: &Clock, attempt: &Attempt) -> Result<(), StoreError> {
    let Charge { tokens, cost } = attempt.surplus;
    if attempt.surplus.is_nothing() {
        return Ok(());
    }
    let model = if attempt.accepted { attempt.shown_model() } else { "" };
    let day_ms = clock.day_start_ms(attempt.at_ms, 0);
    let change = "INSERT INTO surplus VALUES (?1, ?2, ?3, ?4, ?5)
                  ON CONFLICT DO UPDATE SET tokens = min(tokens + ?4, ?6), cost = min(cost + ?5, ?6)";
    let values = (attempt.key.as_str(), model, day_ms, number(tokens), whole(cost), MOST_IN_SUM);
    write.prepare_cached(change)?.execute(values)?;
    Ok(())
}

/// By key and model.
pub(super) fn by_model(read: &Connection, day_ms: i64, month_ms: i64) -> Result<Vec<Surplus>, StoreError> {
    let query = "SELECT key_id, model, sum(tokens), sum(cost),
        coalesce(sum(tokens) FILTER (WHERE day_ms >= ?1), 0), coalesce(sum(cost) FILTER (WHERE day_ms >= ?1), 0),
        coalesce(sum(tokens) FILTER (WHERE day_ms >= ?2), 0), coalesce(sum(cost) FILTER (WHERE day_ms >= ?2), 0)
        FROM surplus GROUP BY key_id, model";
    let charge = |row: &rusqlite::Row<'_>, first: usize| {
        let count = |at| row.get::<_, i64>(at).map(|count| u64::try_from(count).unwrap_or(0));
        Ok::<_, rusqlite::Error>(Charge { tokens: count(first)?, cost: count(first + 1)? })
    };
    let row = |row: &rusqlite::Row<'_>| {
        Ok(Surplus {
            key: KeyId::new(row.get::<_, String>(0)?),
            model: row.get(1)?,
            total: charge(row, 2)?,
            month: charge(row, 4)?,
            day: charge(row, 6)?,
        })
    };
    Ok(read.prepare_cached(query)?.query_map([month_ms, day_ms], row)?.collect::<Result<_, _>>()?)
}
