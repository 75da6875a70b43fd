//! Background work: its owner is the running Switchyard, its end [`Tasks::stop`].

use std::sync::{Mutex, PoisonError};

use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

/// The running tasks.
#[derive(Default)]
pub struct Tasks {
    stop: CancellationToken,
    running: Mutex<JoinSet<()>>,
}

impl Tasks {
    /// Cancelled when tasks are to end.
    pub fn token(&self) -> CancellationToken {
        self.stop.clone()
    }

    /// Starts one.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        // Those that came to their end are let go, so that short ones do not pile up.
        while let Some(ended) = running.try_join_next() {
            report(ended);
        }
        running.spawn(task);
    }

    /// Ends all and waits for them: what is in the journal is in the books then.
    pub async fn stop(&self) {
        self.stop.cancel();
        let mut running = std::mem::take(&mut *self.running.lock().unwrap_or_else(PoisonError::into_inner));
        while let Some(ended) = running.join_next().await {
            report(ended);
        }
    }
}

fn report(ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a background task failed");
    }
}
