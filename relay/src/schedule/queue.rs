//! The wait for a place, where every healthy account has as many calls under way as it may: first come, first served,
//! bounded in number and in time.
//!
//! A place is a guard. It is free again whatever becomes of its call, and goes straight to whoever has waited longest
//! for it.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

/// Calls that wait for a place on any of several accounts.
#[derive(Debug)]
pub struct Queue {
    most: usize,
    /// How many wait, for a look without the lock. Raised before a waiter looks for a place of its own, so that a place
    /// which is given back is seen by one side or the other.
    waiting: AtomicUsize,
    line: Mutex<Line>,
}

#[derive(Debug, Default)]
struct Line {
    next: u64,
    /// By their numbers.
    waiters: VecDeque<Waiter>,
}

#[derive(Debug)]
struct Waiter {
    number: u64,
    wanted: Vec<Arc<Slots>>,
    wake: oneshot::Sender<Woken>,
}

#[derive(Debug)]
enum Woken {
    Slot(Slot),
    LookAgain,
}

/// How a wait ended.
#[derive(Debug)]
pub enum Waited {
    /// With a place.
    Slot(Slot),
    /// What was waited for may be gone, or something better have come: it is to be looked at again.
    LookAgain,
    /// Without a place in time.
    TooLong,
    /// There was no room to wait.
    Full,
}

/// The turn of a call in the line, which it keeps when it looks again.
#[derive(Debug, Default)]
pub struct Turn(Option<u64>);

impl Queue {
    /// Empty; at most `most` calls may wait.
    pub fn new(most: usize) -> Self {
        Self { most, waiting: AtomicUsize::new(0), line: Mutex::default() }
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    /// Waits for a place on any of those accounts, at most until then.
    pub async fn wait(&self, turn: &mut Turn, wanted: Vec<Arc<Slots>>, until: Instant) -> Waited {
        let woken = match self.join(turn, wanted) {
            Joined::Slot(slot) => return Waited::Slot(slot),
            Joined::Full => return Waited::Full,
            Joined::Waits(woken) => woken,
        };
        let _in_line = InLine { queue: self, number: turn.0 };
        match timeout_at(until, woken).await {
            Ok(Ok(Woken::Slot(slot))) => Waited::Slot(slot),
            Ok(_) => Waited::LookAgain,
            Err(_) => Waited::TooLong,
        }
    }

    /// Has everybody look again: an account has come or gone, or can serve again, or cannot.
    pub fn rouse(&self) {
        if self.waiting() == 0 {
            return;
        }
        let mut line = self.line();
        let waiters = std::mem::take(&mut line.waiters);
        self.waiting.store(0, Ordering::SeqCst);
        drop(line);
        for waiter in waiters {
            // Who has gone needs no waking.
            let _ = waiter.wake.send(Woken::LookAgain);
        }
    }

    fn join(&self, turn: &mut Turn, wanted: Vec<Arc<Slots>>) -> Joined {
        let mut line = self.line();
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let slot = wanted.iter().find_map(Slots::try_take);
        let is_full = line.waiters.len() >= self.most && turn.0.is_none();
        if slot.is_some() || is_full {
            self.waiting.fetch_sub(1, Ordering::SeqCst);
            return slot.map_or(Joined::Full, Joined::Slot);
        }
        let number = *turn.0.get_or_insert_with(|| {
            line.next += 1;
            line.next
        });
        let (wake, woken) = oneshot::channel();
        let place = line.waiters.partition_point(|waiter| waiter.number < number);
        line.waiters.insert(place, Waiter { number, wanted, wake });
        Joined::Waits(woken)
    }

    /// The first who waits for one of those places, with the place, if there is one free.
    fn next(&self, slots: &Arc<Slots>) -> Option<(Waiter, Slot)> {
        let mut line = self.line();
        let wants = |waiter: &Waiter| waiter.wanted.iter().any(|wanted| Arc::ptr_eq(wanted, slots));
        let place = line.waiters.iter().position(wants)?;
        let slot = slots.try_take()?;
        let waiter = line.waiters.remove(place)?;
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        Some((waiter, slot))
    }

    fn leave(&self, number: u64) {
        let mut line = self.line();
        if let Ok(place) = line.waiters.binary_search_by_key(&number, |waiter| waiter.number) {
            line.waiters.remove(place);
            self.waiting.fetch_sub(1, Ordering::SeqCst);
        }
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Joined {
    Slot(Slot),
    Full,
    Waits(oneshot::Receiver<Woken>),
}

/// Leaves the line with the wait, however that ends.
struct InLine<'a> {
    queue: &'a Queue,
    number: Option<u64>,
}

impl Drop for InLine<'_> {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            self.queue.leave(number);
        }
    }
}

/// The places of one account: how many calls it may have under way, and how many it has.
#[derive(Debug)]
pub struct Slots {
    queue: Arc<Queue>,
    taken: AtomicU32,
    /// `u32::MAX` is any number.
    most: AtomicU32,
}

impl Slots {
    /// All free; any number of them if nothing is said.
    pub fn new(queue: &Arc<Queue>, most: Option<u32>) -> Self {
        let most = AtomicU32::new(most.unwrap_or(u32::MAX));
        Self { queue: Arc::clone(queue), taken: AtomicU32::new(0), most }
    }

    /// How many are taken.
    pub fn taken(&self) -> u32 {
        self.taken.load(Ordering::Relaxed)
    }

    /// Whether all are taken.
    pub fn is_full(&self) -> bool {
        self.taken() >= self.most.load(Ordering::Relaxed)
    }

    /// What else can be said of the account has changed: whoever waits looks again.
    pub fn rouse(&self) {
        self.queue.rouse();
    }

    /// Sets how many there are. Those that are taken beyond it stay so until they are given back.
    pub fn set_most(self: &Arc<Self>, most: Option<u32>) {
        self.most.store(most.unwrap_or(u32::MAX), Ordering::SeqCst);
        self.hand_on();
    }

    /// Takes one, if one is free.
    pub fn try_take(self: &Arc<Self>) -> Option<Slot> {
        let most = self.most.load(Ordering::SeqCst);
        let one_more = |taken: u32| (taken < most).then(|| taken + 1);
        let taken = self.taken.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_more);
        taken.is_ok().then(|| Slot(Some(Arc::clone(self))))
    }

    /// Gives free places to those who wait for them.
    fn hand_on(self: &Arc<Self>) {
        while self.queue.waiting() > 0 {
            let Some((waiter, slot)) = self.queue.next(self) else { return };
            if let Err(Woken::Slot(slot)) = waiter.wake.send(Woken::Slot(slot)) {
                slot.give_back();
            }
        }
    }
}

/// A place on an account, held by a call.
#[derive(Debug)]
#[must_use = "the place is free again once this is dropped"]
pub struct Slot(Option<Arc<Slots>>);

impl Slot {
    /// Whether it is one of those.
    pub fn is_of(&self, slots: &Arc<Slots>) -> bool {
        self.0.as_ref().is_some_and(|own| Arc::ptr_eq(own, slots))
    }

    /// Gives it back without handing it on: for who hands on already.
    fn give_back(mut self) {
        if let Some(slots) = self.0.take() {
            slots.taken.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if let Some(slots) = self.0.take() {
            slots.taken.fetch_sub(1, Ordering::SeqCst);
            slots.hand_on();
        }
    }
}
