//! The sweep: once an hour what is past its time is removed.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::store::{Store, attempt, session};

const PERIOD: Duration = Duration::from_secs(3_600);
const DAY_MS: i64 = 24 * 3_600_000;
/// Sums by minute and by hour are kept so many days; sums by day for ever.
const MINUTE_DAYS: i64 = 2;
const HOUR_DAYS: i64 = 90;

/// Sweeps until told to stop: requests after `keep`, sessions after `idle` without use.
pub async fn run(store: Store, clock: Clock, keep: Duration, idle: Duration, stop: CancellationToken) {
    let millis = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    let (keep_ms, idle_ms) = (millis(keep), millis(idle));
    loop {
        let now_ms = clock.now_ms();
        let before = now_ms.saturating_sub(keep_ms);
        loop {
            let swept =
                attempt::forget(&store, before, now_ms - MINUTE_DAYS * DAY_MS, now_ms - HOUR_DAYS * DAY_MS)
                    .await;
            match swept {
                Ok(gone) if gone > 0 && !stop.is_cancelled() => {}
                Ok(_) => break,
                Err(error) => {
                    tracing::error!(%error, "old records were not removed");
                    break;
                }
            }
        }
        if let Err(error) = session::sweep(&store, now_ms, now_ms.saturating_sub(idle_ms)).await {
            tracing::error!(%error, "sessions that ended were not removed");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(PERIOD) => {}
        }
    }
}
