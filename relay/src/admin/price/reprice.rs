//! Pricing the past anew.

use std::sync::Arc;

use crate::admin::{Admin, Error};
use crate::gate::limit::before;
use crate::meter::cost;
use crate::model::price::Repriced;
use crate::model::problem::Problem;
use crate::state::Shared;
use crate::store::reprice::{Cursor, Pricing, step};
use crate::store::{StoreError, meta};

/// Where it is kept that a stretch is being priced, so that a crash in the middle is made good at the next start.
const UNFINISHED: &str = "reprice";

/// Prices the records of calls that came from `since_ms` on and before `until_ms` (milliseconds since 1970) with the
/// prices in force, each at the instant of its call, and corrects the sums. Calls go on meanwhile. If the process dies
/// in the middle, the books add up all the same, and the next start finishes it.
///
/// # Errors
/// The stretch ends before it begins, or the store fails.
pub async fn reprice(
    shared: &Shared,
    admin: &Admin,
    since_ms: i64,
    until_ms: i64,
) -> Result<Repriced, Error> {
    if since_ms >= until_ms {
        return Err(Error::field("until", Problem::OutOfRange { min: since_ms + 1, max: i64::MAX }));
    }
    tracing::info!(by = admin.name(), since_ms, until_ms, "pricing the past anew");
    shared.books.caught_up().await;
    meta::set(&shared.store, UNFINISHED, format!("{since_ms} {until_ms}")).await?;
    let repriced = run(shared, since_ms, until_ms).await?;
    meta::remove(&shared.store, UNFINISHED).await?;
    tracing::info!(records = repriced.records, changed = repriced.changed, "the past is priced anew");
    Ok(repriced)
}

/// Finishes what a process that died has begun.
///
/// # Errors
/// If the store fails.
pub(crate) async fn finish(shared: &Shared) -> Result<(), StoreError> {
    let Some(unfinished) = meta::get(&shared.store, UNFINISHED).await? else { return Ok(()) };
    let stretch = unfinished.split_once(' ');
    let stretch = stretch.and_then(|(since, until)| Some((since.parse().ok()?, until.parse().ok()?)));
    if let Some((since_ms, until_ms)) = stretch {
        let repriced = run(shared, since_ms, until_ms).await?;
        tracing::info!(
            records = repriced.records,
            changed = repriced.changed,
            "finished pricing the past anew"
        );
    }
    meta::remove(&shared.store, UNFINISHED).await
}

async fn run(shared: &Shared, since_ms: i64, until_ms: i64) -> Result<Repriced, StoreError> {
    let table = shared.ledger.prices.load();
    let mut done =
        Repriced { version: table.version().to_owned(), since_ms, until_ms, ..Repriced::default() };
    let pricing: Pricing = Arc::new(move |record| cost::price(&table, record));
    let mut cursor = Cursor::before(since_ms);
    while let Some((end, batch)) =
        step(&shared.store, &shared.clock, cursor, until_ms, Arc::clone(&pricing)).await?
    {
        cursor = end;
        done.records += batch.records;
        done.changed += batch.changed;
        done.before += batch.before;
        done.after += batch.after;
    }
    // The limits of keys are charged what the books say.
    before::recount(&shared.store, &shared.clock, &shared.books, shared.keys.all()).await?;
    Ok(done)
}
