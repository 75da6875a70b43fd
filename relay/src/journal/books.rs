//! Asking the fold to catch up, so that figures hold the latest call.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{mpsc, oneshot};

use super::Journal;
use crate::store::attempt::Watermark;

const ASKS: usize = 64;

/// Asks the fold to catch up.
#[derive(Clone)]
pub struct Books {
    journal: Journal,
    asks: mpsc::Sender<Ask>,
    is_stuck: Arc<AtomicBool>,
}

/// Somebody waits for the books to reach a place in the journal.
pub(crate) struct Ask {
    pub(crate) end: Watermark,
    pub(crate) reached: oneshot::Sender<()>,
}

impl Books {
    /// A handle, and what the task needs of it.
    pub fn new(journal: Journal) -> (Self, Asks) {
        let (asks, asked) = mpsc::channel(ASKS);
        let is_stuck = Arc::new(AtomicBool::new(false));
        (Self { journal, asks, is_stuck: Arc::clone(&is_stuck) }, Asks { asked, is_stuck })
    }

    /// Whether the books cannot follow the journal: the fold's last try failed, or it has ended.
    pub fn are_stuck(&self) -> bool {
        self.is_stuck.load(Ordering::Relaxed) || self.asks.is_closed()
    }

    /// Returns once the books have everything that was in the journal when this was called.
    pub async fn caught_up(&self) {
        let (reached, wait) = oneshot::channel();
        let ask = Ask { end: self.journal.end(), reached };
        // Both fail only when the fold has ended, after it has caught up.
        if self.asks.send(ask).await.is_ok() {
            let _ = wait.await;
        }
    }
}

/// The receiving end of [`Books`].
pub struct Asks {
    pub(crate) asked: mpsc::Receiver<Ask>,
    is_stuck: Arc<AtomicBool>,
}

impl Asks {
    /// Tells whether the fold gets on.
    pub(crate) fn set_stuck(&self, is_stuck: bool) {
        self.is_stuck.store(is_stuck, Ordering::Relaxed);
    }
}
