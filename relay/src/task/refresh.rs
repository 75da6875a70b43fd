//! The refresh ahead of time: tokens that end soon are renewed before a call has to wait for it.

use std::sync::Weak;
use std::time::Duration;

use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::state::Switchyard;
use crate::token;

const PERIOD: Duration = Duration::from_secs(1);

/// Begins due refreshes until told to stop; each runs by itself.
pub async fn run(relay: Weak<Switchyard>, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        match relay.upgrade() {
            Some(relay) => token::begin_due(&relay),
            None => return,
        }
    }
}
