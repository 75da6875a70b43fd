//! SIGTERM and SIGINT: the first asks for a stop that lets streams finish, the second for one at once.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// The signals, caught from now on.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// # Errors
    /// If the system refuses.
    pub(super) fn listen() -> io::Result<Self> {
        let (terminate, interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        Ok(Self { terminate, interrupt })
    }

    /// Cancels `stop` at the first signal and `now` at the second. Never returns.
    pub(super) async fn run(mut self, stop: &CancellationToken, now: &CancellationToken) {
        self.next().await;
        tracing::info!("stopping: open answers may finish, a second signal ends them");
        stop.cancel();
        self.next().await;
        tracing::warn!("stopping at once");
        now.cancel();
        std::future::pending().await
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
