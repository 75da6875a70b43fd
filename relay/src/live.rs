//! What goes on now: counters that the road touches, the last half hour, and the feed that the console listens to.
//! Listeners that are slow miss events; nobody on the road ever waits for one.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;

use crate::model::figure::{Minute, Now};
use crate::model::live::LiveEvent;
use crate::store::attempt::Attempt;

const MINUTE_MS: i64 = 60_000;
const MINUTES: usize = 30;
/// First-byte times kept for one minute; more are not needed for a median.
const SAMPLES: usize = 2_000;
const EVENTS: usize = 256;

/// The live part of the state.
pub struct Hub {
    events: broadcast::Sender<Arc<LiveEvent>>,
    open: Mutex<Open>,
    window: Mutex<VecDeque<Slot>>,
}

/// Calls under way, by the time of their arrival.
#[derive(Default)]
struct Open {
    next: u64,
    since: BTreeSet<(i64, u64)>,
}

struct Slot {
    minute: Minute,
    first_bytes: Vec<u32>,
}

impl Default for Hub {
    fn default() -> Self {
        Self {
            events: broadcast::channel(EVENTS).0,
            open: Mutex::default(),
            window: Mutex::new(VecDeque::new()),
        }
    }
}

impl Hub {
    /// Listens from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<LiveEvent>> {
        self.events.subscribe()
    }

    /// Tells whoever listens.
    pub fn tell(&self, event: LiveEvent) {
        // No listener is no error.
        let _ = self.events.send(Arc::new(event));
    }

    /// Whether anybody listens.
    pub fn has_listeners(&self) -> bool {
        self.events.receiver_count() > 0
    }

    /// Answers under way.
    pub fn streams_open(&self) -> u32 {
        u32::try_from(self.open_calls().since.len()).unwrap_or(u32::MAX)
    }

    /// Counts a call as under way until the guard is dropped.
    pub(crate) fn open(self: &Arc<Self>, now_ms: i64) -> Underway {
        let mut open = self.open_calls();
        open.next += 1;
        let place = (now_ms, open.next);
        open.since.insert(place);
        drop(open);
        Underway { hub: Arc::clone(self), place }
    }

    fn open_calls(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds attempts that just came into the books to the last half hour.
    pub fn add(&self, attempts: &[Attempt], now_ms: i64) {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        roll(&mut window, now_ms);
        for attempt in attempts.iter().filter(|attempt| attempt.endpoint.is_metered()) {
            let ended_ms = attempt.at_ms + i64::from(attempt.total_ms);
            let at_ms = ended_ms.div_euclid(MINUTE_MS) * MINUTE_MS;
            let Some(slot) = window.iter_mut().find(|slot| slot.minute.at_ms == at_ms) else { continue };
            slot.minute.requests += u32::from(attempt.is_request());
            slot.minute.failed += u32::from(attempt.is_failure());
            slot.minute.tokens = slot.minute.tokens.saturating_add(attempt.usage.tokens.all());
            slot.minute.cache_read = slot.minute.cache_read.saturating_add(attempt.usage.tokens.cache_read);
            if let Some(first_byte_ms) = attempt.first_byte_ms.filter(|_| slot.first_bytes.len() < SAMPLES) {
                slot.first_bytes.push(first_byte_ms);
            }
        }
    }

    /// What goes on now.
    pub fn now(&self, now_ms: i64) -> Now {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        roll(&mut window, now_ms);
        let mut all: Vec<u32> = window.iter().flat_map(|slot| slot.first_bytes.iter().copied()).collect();
        all.sort_unstable();
        let minutes = window.iter().map(Slot::minute).collect();
        drop(window);
        let oldest = self.open_calls().since.first().copied();
        Now {
            minutes,
            streams_open: self.streams_open(),
            oldest_open_ms: oldest.map(|(since_ms, _)| since_ms),
            first_byte_p50_ms: quantile(&all, 50),
            first_byte_p95_ms: quantile(&all, 95),
        }
    }
}

impl Slot {
    fn minute(&self) -> Minute {
        let mut sorted = self.first_bytes.clone();
        sorted.sort_unstable();
        Minute { first_byte_p50_ms: quantile(&sorted, 50), ..self.minute }
    }
}

/// A call under way.
#[derive(Debug)]
pub(crate) struct Underway {
    hub: Arc<Hub>,
    place: (i64, u64),
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hub").field("streams_open", &self.streams_open()).finish_non_exhaustive()
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        self.hub.open_calls().since.remove(&self.place);
    }
}

/// Brings the window up to the present minute, quiet ones included.
fn roll(window: &mut VecDeque<Slot>, now_ms: i64) {
    let present = now_ms.div_euclid(MINUTE_MS) * MINUTE_MS;
    let oldest = present - MINUTE_MS * (MINUTES as i64 - 1);
    while window.front().is_some_and(|slot| slot.minute.at_ms < oldest) {
        window.pop_front();
    }
    let mut next = window.back().map_or(oldest, |slot| slot.minute.at_ms + MINUTE_MS).max(oldest);
    while next <= present {
        window
            .push_back(Slot { minute: Minute { at_ms: next, ..Minute::default() }, first_bytes: Vec::new() });
        next += MINUTE_MS;
    }
}

fn quantile(sorted: &[u32], percent: usize) -> Option<u32> {
    let last = sorted.len().checked_sub(1)?;
    sorted.get((last * percent).div_ceil(100)).copied()
}
