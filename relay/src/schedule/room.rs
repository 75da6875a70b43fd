//! The room in an account's windows: as the provider last told, and since then estimated from the calls that were sent,
//! so that calls which run at once spread over the accounts before the first of them is told of.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::model::window::{WindowName, WindowReading, WindowStatus};

/// Basis points of a whole window.
const ALL: u32 = 10_000;
/// Parts of a basis point: estimates are finer than what is told.
const FINE: i64 = 1_000;
/// What a call is taken to spend before anything is known: a hundredth of a percent.
const FIRST_STEP: i64 = FINE;
/// How many calls that first guess weighs.
const FIRST_CALLS: i64 = 8;
/// A call is never taken to spend more than a twentieth.
const LONGEST_STEP: i64 = 500 * FINE;
/// What was learnt is halved after so many calls: habits change.
const MEMORY_CALLS: i64 = 512;
/// Two ends that differ by less are the same window's.
const SAME_END_MS: i64 = 10 * 60_000;
/// A reading that is lower by less than this is an old one that came late.
const LATE: i64 = 500 * FINE;

/// Readings are kept at most so often: they are soon told again.
const KEEP_MS: i64 = 60_000;

/// The windows of one account.
#[derive(Debug, Default)]
pub struct Room {
    windows: Mutex<Vec<Window>>,
    /// When they were last kept, milliseconds since 1970.
    kept_ms: AtomicI64,
}

#[derive(Debug)]
struct Window {
    name: WindowName,
    /// As the provider last told.
    told: i64,
    /// As it should be now.
    estimate: i64,
    resets_ms: Option<i64>,
    status: Option<WindowStatus>,
    /// Calls since the last reading.
    calls: i64,
    learnt: Learnt,
}

/// What calls have spent, as far as it is known.
#[derive(Debug, Default)]
struct Learnt {
    spent: i64,
    calls: i64,
}

impl Room {
    /// Takes over what a reply told, or an endpoint. `in_flight` calls are not in these figures yet, at the most.
    pub fn read(&self, readings: &[WindowReading], in_flight: u32, now_ms: i64) {
        if readings.is_empty() {
            return;
        }
        let mut windows = self.windows();
        for reading in readings {
            let is_spent = reading.status == Some(WindowStatus::Rejected);
            let Some(used) = reading.used.or_else(|| is_spent.then_some(ALL)) else { continue };
            let told = i64::from(used) * FINE;
            match windows.iter_mut().find(|window| window.name == reading.window) {
                Some(window) => window.read(told, reading, in_flight, now_ms),
                None => windows.push(Window::new(told, reading)),
            }
        }
    }

    /// A call for that model family begins.
    pub fn begin(&self, family: &str, now_ms: i64) {
        for window in self.windows().iter_mut().filter(|window| window.concerns(family)) {
            window.begin(now_ms);
        }
    }

    /// What is spent of the fullest window that a call for that model family counts in, in basis points (10 000 is all
    /// of it). Nothing is known before the first reading.
    pub fn spent(&self, family: &str, now_ms: i64) -> Option<u32> {
        let windows = self.windows();
        let mine = windows.iter().filter(|window| window.concerns(family));
        mine.map(|window| window.spent(now_ms)).max()
    }

    /// Every window that is known, as the provider last told it; those that ended since then are empty.
    pub fn readings(&self, now_ms: i64) -> Vec<WindowReading> {
        self.windows().iter().map(|window| window.reading(now_ms)).collect()
    }

    /// Whether it is time to keep them; whoever is told so first does it.
    pub fn is_due_for_keeping(&self, now_ms: i64) -> bool {
        let kept_ms = self.kept_ms.load(Ordering::Relaxed);
        let is_due = now_ms.saturating_sub(kept_ms) >= KEEP_MS;
        let swap = || self.kept_ms.compare_exchange(kept_ms, now_ms, Ordering::Relaxed, Ordering::Relaxed);
        is_due && swap().is_ok()
    }

    fn windows(&self) -> MutexGuard<'_, Vec<Window>> {
        self.windows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Window {
    fn new(told: i64, reading: &WindowReading) -> Self {
        Self {
            name: reading.window.clone(),
            told,
            estimate: told,
            resets_ms: reading.resets_ms,
            status: reading.status,
            calls: 0,
            learnt: Learnt::default(),
        }
    }

    /// Whether a call for that model family counts in it.
    fn concerns(&self, family: &str) -> bool {
        match &self.name {
            WindowName::FiveHour | WindowName::SevenDay => true,
            WindowName::Named(name) => name == family || self.name.family() == Some(family),
        }
    }

    fn begin(&mut self, now_ms: i64) {
        self.renew(now_ms);
        self.calls += 1;
        self.estimate += self.learnt.step();
    }

    fn read(&mut self, told: i64, reading: &WindowReading, in_flight: u32, now_ms: i64) {
        self.renew(now_ms);
        let is_same = match (self.resets_ms, reading.resets_ms) {
            (Some(old_ms), Some(new_ms)) => (old_ms - new_ms).abs() < SAME_END_MS,
            _ => true,
        };
        if is_same && told < self.told && self.told - told < LATE {
            return;
        }
        if is_same && told >= self.told {
            self.learnt.add(told - self.told, self.calls);
            let coarse = coarseness(told);
            let ahead = self.learnt.step() * i64::from(in_flight);
            self.estimate = self.estimate.clamp(told - coarse / 2, told + coarse + ahead);
        } else {
            self.estimate = told;
        }
        self.calls = 0;
        self.told = told;
        self.resets_ms = reading.resets_ms.or(self.resets_ms);
        self.status = reading.status;
    }

    /// A window that has ended is empty, and its next end is not known.
    fn renew(&mut self, now_ms: i64) {
        if self.resets_ms.is_some_and(|resets_ms| resets_ms <= now_ms) {
            (self.told, self.estimate, self.calls) = (0, 0, 0);
            (self.resets_ms, self.status) = (None, None);
        }
    }

    fn spent(&self, now_ms: i64) -> u32 {
        let is_over = self.resets_ms.is_some_and(|resets_ms| resets_ms <= now_ms);
        if is_over { 0 } else { u32::try_from(self.estimate / FINE).unwrap_or(0) }
    }

    fn reading(&self, now_ms: i64) -> WindowReading {
        let is_over = self.resets_ms.is_some_and(|resets_ms| resets_ms <= now_ms);
        WindowReading {
            window: self.name.clone(),
            used: Some(if is_over { 0 } else { u32::try_from(self.told / FINE).unwrap_or(0) }),
            resets_ms: self.resets_ms.filter(|_| !is_over),
            status: self.status.filter(|_| !is_over),
        }
    }
}

impl Learnt {
    fn add(&mut self, spent: i64, calls: i64) {
        self.spent += spent;
        self.calls += calls;
        if self.calls > MEMORY_CALLS {
            self.spent /= 2;
            self.calls /= 2;
        }
    }

    /// What one call spends.
    fn step(&self) -> i64 {
        let step = (self.spent + FIRST_STEP * FIRST_CALLS) / (self.calls + FIRST_CALLS);
        step.min(LONGEST_STEP)
    }
}

/// Figures come rounded, mostly to whole percents: within that the estimate may be right.
fn coarseness(told: i64) -> i64 {
    [100, 10].map(|points| points * FINE).into_iter().find(|coarse| told % coarse == 0).unwrap_or(FINE)
}
