//! SIGTERM and SIGINT: the first asks for a stop that lets streams finish, the second for one at once.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// The signals, caught from now on.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    /// Caught so that a write beyond the limit on file sizes fails, and does not end the process.
    _file_size: Signal,
}

impl Signals {
    /// # Errors
    /// If the system refuses.
    pub(super) fn listen() -> io::Result<Self> {
        let file_size = SignalKind::from_raw(rustix::process::Signal::XFSZ.as_raw());
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            _file_size: signal(file_size)?,
        })
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
