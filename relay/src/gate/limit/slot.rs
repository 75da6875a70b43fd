//! Places for calls at once: one is taken by each call, and handed on to whoever waited longest.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::oneshot;

use super::live::Live;

/// Most calls of one key that wait for another one to end.
const LONGEST_QUEUE: usize = 1_000;

/// How many calls are under way, and how many wait. Read without a lock, so that calls of keys without limits need
/// none; a call that ends lowers the one before it looks at the other, and one that waits does it the other way round.
#[derive(Debug, Default)]
pub(super) struct Counts {
    active: AtomicU32,
    waiting: AtomicU32,
}

impl Counts {
    pub(super) fn active(&self) -> u32 {
        self.active.load(Ordering::SeqCst)
    }

    pub(super) fn take(&self) {
        self.active.fetch_add(1, Ordering::SeqCst);
    }

    /// Whether anybody waits for what was given back.
    fn give_back(&self) -> bool {
        self.active.fetch_sub(1, Ordering::SeqCst);
        self.waiting.load(Ordering::SeqCst) > 0
    }

    fn set_waiting(&self, waiting: usize) {
        self.waiting.store(u32::try_from(waiting).unwrap_or(u32::MAX), Ordering::SeqCst);
    }
}

/// A call's place. Dropping it lets the next one in.
#[derive(Debug)]
pub struct Slot(Arc<Live>);

impl Slot {
    pub(super) fn new(live: Arc<Live>) -> Self {
        Self(live)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if self.0.counts().give_back() {
            Live::hand_out(&self.0);
        }
    }
}

/// Those who wait, longest first.
#[derive(Debug, Default)]
pub(super) struct Queue(VecDeque<oneshot::Sender<Slot>>);

impl Queue {
    pub(super) fn len(&self) -> usize {
        self.0.iter().filter(|waiter| !waiter.is_closed()).count()
    }

    /// Whether a new call must not pass by those who wait.
    pub(super) fn is_empty(&mut self) -> bool {
        self.0.retain(|waiter| !waiter.is_closed());
        self.0.is_empty()
    }

    /// Waits for a place; none if too many do.
    pub(super) fn join(&mut self, counts: &Counts) -> Option<oneshot::Receiver<Slot>> {
        if self.0.len() >= LONGEST_QUEUE {
            return None;
        }
        let (waiter, place) = oneshot::channel();
        self.0.push_back(waiter);
        counts.set_waiting(self.0.len());
        Some(place)
    }

    /// Takes as many places as are free for those who waited longest. They must be sent without the lock.
    pub(super) fn next(&mut self, counts: &Counts, most: u32) -> Vec<oneshot::Sender<Slot>> {
        let mut chosen = Vec::new();
        while counts.active() < most {
            match self.0.pop_front() {
                Some(waiter) if waiter.is_closed() => {}
                Some(waiter) => {
                    counts.take();
                    chosen.push(waiter);
                }
                None => break,
            }
        }
        counts.set_waiting(self.0.len());
        chosen
    }
}
