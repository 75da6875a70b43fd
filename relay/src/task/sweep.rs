//! The sweep: once an hour what is past its time is removed.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::config::Books;
use crate::store::retention::{self, Horizon};
use crate::store::{Store, session};

const PERIOD: Duration = Duration::from_secs(3_600);

/// Sweeps until told to stop: records and fine sums after their time, sessions after `idle` without use.
pub async fn run(store: Store, clock: Clock, keep: Books, idle: Duration, stop: CancellationToken) {
    let millis = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    let idle_ms = millis(idle);
    loop {
        let now_ms = clock.now_ms();
        let before = |kept: Duration| now_ms.saturating_sub(millis(kept));
        let before = Horizon {
            records_ms: before(keep.keep),
            minutes_ms: before(keep.minutes),
            hours_ms: before(keep.hours),
        };
        loop {
            match retention::forget(&store, before).await {
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
