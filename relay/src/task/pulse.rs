//! The pulse: once a second the moving figures go to whoever has the console open.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::live::Hub;
use crate::model::live::{LiveEvent, Pulse};
use crate::store::{Store, figure};

const PERIOD: Duration = Duration::from_secs(1);
/// A pulse comes at least once in so many periods, also when nothing moves.
const STILL: u32 = 15;

/// Pulses until told to stop; does nothing while nobody listens.
pub async fn run(live: Arc<Hub>, store: Store, clock: Clock, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut last = Pulse::default();
    let mut still = 0;
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        if !live.has_listeners() {
            continue;
        }
        match pulse(&live, &store, &clock).await {
            Ok(pulse) => {
                still += 1;
                let moved = pulse.now != last.now || pulse.today != last.today;
                if moved || still >= STILL {
                    still = 0;
                    last = pulse.clone();
                    live.tell(LiveEvent::Pulse(Box::new(pulse)));
                }
            }
            Err(error) => tracing::warn!(%error, "no pulse"),
        }
    }
}

/// The moving figures as they are.
///
/// # Errors
/// If the store fails.
pub async fn pulse(live: &Hub, store: &Store, clock: &Clock) -> Result<Pulse, crate::store::StoreError> {
    let at_ms = clock.now_ms();
    let today = figure::totals(store, figure::Filter::since("d", clock.day_start_ms(at_ms, 0))).await?;
    Ok(Pulse { at_ms, now: live.now(at_ms), today })
}
