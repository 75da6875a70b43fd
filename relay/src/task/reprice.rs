//! The finish: pricing of the past that a process which died has begun is brought to its end, once, at the start.

use std::sync::Weak;

use tokio_util::sync::CancellationToken;

use crate::admin::price;
use crate::state::Switchyard;

/// Finishes it, unless told to stop: then the next start does.
pub async fn run(relay: Weak<Switchyard>, stop: CancellationToken) {
    let Some(relay) = relay.upgrade() else { return };
    tokio::select! {
        () = stop.cancelled() => {}
        finished = price::finish(&relay) => {
            if let Err(error) = finished {
                tracing::error!(%error, "pricing the past anew is not finished");
            }
        }
    }
}
