//! One key's limits as calls meet them: the book behind a lock that is held for a moment, places for calls at once, and
//! the calls under way, which can be ended.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::HeaderMap;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::Amount;
use super::book::{Ask, Book, Passed, Past};
use super::exceeded::{Exceeded, Fit, Which};
use super::habit::{Habits, Lesson};
use super::header;
use super::period::Periods;
pub use super::slot::Slot;
use super::slot::{Counts, Queue};
use super::spent::Spent;
use crate::clock::Clock;
use crate::gate::streams::Streams;
use crate::model::limit::{Concurrency, KeyLimits, KeyUse};

/// What a key was used for before this process, by model.
#[derive(Clone, Debug, Default)]
pub struct Before {
    /// By model.
    pub spent: Vec<(String, Spent)>,
    /// Attempts of its longest window.
    pub past: Vec<Past>,
    /// Tokens of output of a call, on average.
    pub output: Option<u64>,
    /// When it was used first, milliseconds since 1970.
    pub first_used_ms: Option<i64>,
}

/// One key's limits, shared by all its calls. It outlives changes of the key.
#[derive(Debug)]
pub struct Live {
    clock: Clock,
    state: Mutex<State>,
    counts: Counts,
    first_used_ms: AtomicI64,
    /// Calls under way.
    pub streams: Streams,
}

#[derive(Debug, Default)]
struct State {
    book: Book,
    concurrency: Option<Concurrency>,
    queue: Queue,
}

/// A call that passed, until it is over.
#[derive(Debug)]
pub struct Pass {
    live: Arc<Live>,
    /// Names what it reserves, to the meter.
    pub hold: u64,
    /// When it counts from, milliseconds since 1970.
    pub at_ms: i64,
    /// What the answer says about the limits.
    pub headers: HeaderMap,
    _slot: Slot,
}

/// Why a call does not pass now.
#[derive(Debug)]
pub enum Held {
    /// It may wait so long for a place, milliseconds.
    Wait(oneshot::Receiver<Slot>, u32),
    /// It does not fit.
    Exceeded(Box<Exceeded>),
}

const NEVER_USED: i64 = i64::MIN;

impl Live {
    /// Of a key that was used before.
    pub fn new(clock: Clock, limits: &KeyLimits, before: Before) -> Self {
        let periods = Periods::at(&clock, clock.now_ms());
        let mut book = Book::new(before.spent, periods, Habits::new(before.output));
        book.set(limits, before.past);
        Self {
            clock,
            state: Mutex::new(State { book, concurrency: limits.concurrency, queue: Queue::default() }),
            counts: Counts::default(),
            first_used_ms: AtomicI64::new(before.first_used_ms.unwrap_or(NEVER_USED)),
            streams: Streams::default(),
        }
    }

    /// A place for a call of a key that has no limits.
    pub fn free_slot(self: &Arc<Self>) -> Slot {
        self.counts.take();
        Slot::new(Arc::clone(self))
    }

    /// The one decision. `slot` is a place that the call waited for.
    ///
    /// # Errors
    /// It must wait, or does not fit.
    pub fn admit(self: &Arc<Self>, ask: Ask<'_>, slot: Option<Slot>) -> Result<Pass, Held> {
        let decided = {
            let (mut state, now_ms) = self.now();
            let State { book, concurrency, queue } = &mut *state;
            let slot = match (slot, concurrency) {
                (Some(slot), _) => Ok(slot),
                (None, None) => Ok(self.free_slot()),
                (None, Some(concurrency)) => self.slot(queue, *concurrency, now_ms),
            };
            slot.map(|slot| (book.admit(ask, now_ms), slot))
        };
        if matches!(decided, Err(Held::Wait(..))) {
            // One may have been given back in between, by a call that did not see anybody wait.
            Self::hand_out(self);
        }
        let (decided, slot) = decided?;
        // A place that is given back may need the lock.
        let Passed { hold, at_ms, mut headers } =
            decided.map_err(|exceeded| Held::Exceeded(Box::new(exceeded)))?;
        if let Some(concurrency) = self.state().concurrency {
            header::add_concurrency(&mut headers, concurrency.most, self.counts.active());
        }
        Ok(Pass { live: Arc::clone(self), hold, at_ms, headers, _slot: slot })
    }

    fn slot(
        self: &Arc<Self>,
        queue: &mut Queue,
        concurrency: Concurrency,
        now_ms: i64,
    ) -> Result<Slot, Held> {
        let Concurrency { most, wait_ms } = concurrency;
        if queue.is_empty() && self.counts.active() < most {
            return Ok(self.free_slot());
        }
        let place = if wait_ms > 0 { queue.join(&self.counts) } else { None };
        let Some(place) = place else {
            let which = Which::Concurrency { most, active: self.counts.active(), waited_ms: 0 };
            return Err(Held::Exceeded(Box::new(Exceeded { which, fit: Fit::Soon, now_ms })));
        };
        Err(Held::Wait(place, wait_ms))
    }

    /// Gives free places to those who wait.
    pub(super) fn hand_out(live: &Arc<Self>) {
        let chosen = {
            let mut state = live.state();
            let most = state.concurrency.map_or(u32::MAX, |concurrency| concurrency.most);
            state.queue.next(&live.counts, most)
        };
        for waiter in chosen {
            // Who has gone gives the place back by that.
            let _ = waiter.send(Slot::new(Arc::clone(live)));
        }
    }

    pub(super) fn counts(&self) -> &Counts {
        &self.counts
    }

    /// The refusal of a call that waited in vain.
    pub fn waited(&self, waited_ms: u32) -> Exceeded {
        let most = self.state().concurrency.map_or(0, |concurrency| concurrency.most);
        let which = Which::Concurrency { most, active: self.counts.active(), waited_ms };
        Exceeded { which, fit: Fit::Soon, now_ms: self.clock.now_ms() }
    }

    /// A token count or a list of models wants to pass. Gives what the answer says about the limit.
    ///
    /// # Errors
    /// Their limit is reached.
    pub fn admit_free(&self) -> Result<HeaderMap, Exceeded> {
        let (mut state, now_ms) = self.now();
        state.book.admit_free(now_ms)
    }

    /// An attempt ended.
    pub fn settle(&self, past: Past, hold: Option<u64>, lesson: Option<&Lesson>) {
        self.now().0.book.settle(past, hold, lesson);
    }

    /// Whether a call may be tried once more, if what it used so far is charged and what it reserved stays so.
    pub fn may_go_on(&self, hold: u64, charged: Amount) -> bool {
        let (mut state, now_ms) = self.now();
        state.book.may_go_on(hold, charged, now_ms)
    }

    /// What its calls are usually like.
    pub fn habits(&self) -> Habits {
        self.state().book.habits()
    }

    /// How far its limits are used.
    pub fn usage(&self) -> KeyUse {
        let (mut state, now_ms) = self.now();
        let waiting = u32::try_from(state.queue.len()).unwrap_or(u32::MAX);
        KeyUse { active: self.counts.active(), waiting, ..state.book.usage(now_ms) }
    }

    /// To be called before the past is read from the store for [`Live::set`].
    pub fn begin_tape(&self) {
        self.state().book.begin_tape();
    }

    /// The past is not asked for any more.
    pub fn end_tape(&self) {
        self.state().book.end_tape();
    }

    /// Other limits from now on. `past` are the attempts of the longest window, as far as the store has them.
    pub fn set(live: &Arc<Self>, limits: &KeyLimits, past: Vec<Past>) {
        {
            let (mut state, _) = live.now();
            state.book.set(limits, past);
            state.concurrency = limits.concurrency;
        }
        Self::hand_out(live);
    }

    /// Counts anew from what the store has. `is_there` says which attempts are in that.
    pub fn recount(&self, before: Before, is_there: &dyn Fn(Uuid, u8) -> bool) {
        let (mut state, _) = self.now();
        state.book.recount(before.spent, before.past, |past| is_there(past.call, past.n));
    }

    /// When the key was used first, milliseconds since 1970.
    pub fn first_used_ms(&self) -> Option<i64> {
        Some(self.first_used_ms.load(Ordering::Relaxed)).filter(|first_ms| *first_ms != NEVER_USED)
    }

    /// Notes a use. True if it is the first one.
    pub fn is_first_use(&self, now_ms: i64) -> bool {
        self.first_used_ms.load(Ordering::Relaxed) == NEVER_USED
            && self
                .first_used_ms
                .compare_exchange(NEVER_USED, now_ms, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }

    /// Its first use could not be kept: the next one is the first.
    pub fn forget_first_use(&self) {
        self.first_used_ms.store(NEVER_USED, Ordering::Relaxed);
    }

    /// The book and the time, the day begun that it is.
    fn now(&self) -> (MutexGuard<'_, State>, i64) {
        let mut state = self.state();
        let now_ms = self.clock.now_ms();
        state.book.roll(&self.clock, now_ms);
        (state, now_ms)
    }

    /// Every change is made whole before the lock is let go, so a panic elsewhere leaves nothing half done.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.live.state().book.release(self.hold);
    }
}

/// Waits for a place.
pub async fn wait(place: oneshot::Receiver<Slot>, wait_ms: u32) -> Option<Slot> {
    tokio::time::timeout(Duration::from_millis(wait_ms.into()), place).await.ok()?.ok()
}
