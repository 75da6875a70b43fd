//! Owns the hand brake of a gated answer: pieces go out one by one, as the test says.
//! Promises that a test learns when a piece has been written, so that it needs no sleep.

use std::sync::Arc;

use tokio::sync::{Semaphore, watch};

/// Enough permits for any answer; a semaphore's own limit is far above.
const WIDE_OPEN: usize = 1 << 40;

/// A gate in front of the pieces of an answer, made by a test and given to
/// [`Behaviour::gated`](crate::Behaviour::gated). Clones are the same gate.
#[derive(Clone, Debug)]
pub struct Gate {
    permits: Arc<Semaphore>,
    sent: Arc<watch::Sender<usize>>,
}

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}

impl Gate {
    /// A closed gate: the headers pass, no piece does.
    #[must_use]
    pub fn new() -> Self {
        Self { permits: Arc::new(Semaphore::new(0)), sent: Arc::new(watch::Sender::new(0)) }
    }

    /// Lets `pieces` more pieces through, without waiting for them.
    pub fn release(&self, pieces: usize) {
        self.permits.add_permits(pieces);
    }

    /// Lets one more piece through and waits until it has been written to the socket. Calls must not overlap.
    pub async fn send_next(&self) {
        let target = *self.sent.borrow() + 1;
        self.release(1);
        self.until_sent(target).await;
    }

    /// Opens the gate for good: all that is left follows at once.
    pub fn open(&self) {
        self.permits.add_permits(WIDE_OPEN);
    }

    /// How many pieces have been written to the socket.
    #[must_use]
    pub fn sent(&self) -> usize {
        *self.sent.borrow()
    }

    /// Waits until `pieces` pieces have been written to the socket.
    pub async fn until_sent(&self, pieces: usize) {
        // The sender lives as long as `self`, so waiting cannot fail.
        let _ = self.sent.subscribe().wait_for(|sent| *sent >= pieces).await;
    }

    pub(crate) async fn pass(&self) {
        // The semaphore is never closed.
        if let Ok(permit) = self.permits.acquire().await {
            permit.forget();
        }
    }

    pub(crate) fn note_sent(&self) {
        self.sent.send_modify(|sent| *sent += 1);
    }
}
