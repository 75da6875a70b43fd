//! The windows of signed-in accounts, asked for when somebody looks or nothing is known.

use std::sync::Weak;
use std::time::Duration;

use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::quota;
use crate::state::Switchyard;

const PERIOD: Duration = Duration::from_secs(5);

/// Asks until told to stop.
pub async fn run(relay: Weak<Switchyard>, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        let Some(relay) = relay.upgrade() else { return };
        tokio::select! {
            () = stop.cancelled() => return,
            () = quota::ask_due(&relay) => {}
        }
    }
}
