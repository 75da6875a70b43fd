//! Cooldowns of one account: by cause, and for the whole account or one model family.
//!
//! Whatever the provider names an end for keeps calls away until then, and a limit without one for a time that doubles
//! with each failure in a row. Overload and trouble without a named end only say that the others are tried first: with
//! one account left a client is better served by a try than by a refusal. Evidence beats hints: a long limit is opened after a while for exactly one live
//! call, whose success ends it and whose failure prolongs it.

mod entry;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::model::cooldown::{CooldownCause, CooldownRow};
use entry::Entry;

/// Cooldowns of one account at once.
const MOST: usize = 64;

/// When a long cooldown is opened for one call.
#[derive(Clone, Copy, Debug)]
pub struct ProbeTimes {
    /// After so many milliseconds; shorter cooldowns simply end. Doubled with each failure.
    pub first_ms: i64,
    /// At least every so many milliseconds.
    pub longest_ms: i64,
}

/// What a failed call says of its account.
#[derive(Clone, Copy, Debug)]
pub struct Fault<'a> {
    /// What kind.
    pub cause: CooldownCause,
    /// The model family that it is about; nothing for the whole account.
    pub family: Option<&'a str>,
    /// The end that the provider named, milliseconds since 1970.
    pub until_ms: Option<i64>,
    /// The operator's text.
    pub words: &'a str,
}

/// Whether an account may get a call now, as far as its cooldowns say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It may. `strikes` are its failures in a row that are not forgotten yet: above 0 the others are tried first.
    Open {
        /// Failures in a row.
        strikes: u32,
    },
    /// One call may try.
    HalfOpen,
    /// It may not.
    Out {
        /// Until then, milliseconds since 1970.
        until_ms: i64,
        /// What keeps it out the longest.
        cause: CooldownCause,
    },
}

/// The cooldowns of one account.
#[derive(Debug)]
pub struct Cooldowns {
    times: ProbeTimes,
    /// Nothing is noted: most calls need to look no further.
    is_quiet: AtomicBool,
    /// Counts failures: a call that began before a failure tells nothing about what came after it.
    age: AtomicU64,
    entries: Mutex<Vec<Entry>>,
}

impl Cooldowns {
    /// None so far.
    pub fn new(times: ProbeTimes) -> Self {
        Self { times, is_quiet: AtomicBool::new(true), age: AtomicU64::new(0), entries: Mutex::default() }
    }

    /// Takes over what was kept, such as from before a restart.
    pub fn restore(&self, rows: &[CooldownRow]) {
        let age = self.age.load(Ordering::Acquire);
        let mut entries = self.entries();
        entries.extend(rows.iter().map(|row| Entry::restore(row, age)));
        self.is_quiet.store(entries.is_empty(), Ordering::Release);
    }

    /// Whether a call for that model family may go now.
    pub fn standing(&self, family: &str, now_ms: i64) -> Standing {
        if self.is_quiet.load(Ordering::Acquire) {
            return Standing::Open { strikes: 0 };
        }
        standing(&self.entries(), family, now_ms)
    }

    /// Lets a call go, if it may: as the one that tries, where the account is half-open.
    pub fn admit(self: &Arc<Self>, family: &str, now_ms: i64) -> Option<Pass> {
        let pass = |age, probe| Pass { cooldowns: Arc::clone(self), age, probe };
        if self.is_quiet.load(Ordering::Acquire) {
            return Some(pass(self.age.load(Ordering::Acquire), None));
        }
        let mut entries = self.entries();
        let age = self.age.load(Ordering::Acquire);
        match standing(&entries, family, now_ms) {
            Standing::Out { .. } => None,
            Standing::Open { .. } => Some(pass(age, None)),
            Standing::HalfOpen => {
                // A number of its own, newer than every entry's: whoever holds it is the only one.
                let probe = self.age.fetch_add(1, Ordering::AcqRel) + 1;
                let mine = |entry: &&mut Entry| entry.concerns(family) && entry.is_half_open(now_ms);
                entries.iter_mut().filter(mine).for_each(|entry| entry.probe = Some(probe));
                Some(pass(probe, Some(probe)))
            }
        }
    }

    /// What keeps calls for that model family away the longest: until when, and why.
    pub fn out(&self, family: &str, now_ms: i64) -> Option<(i64, String)> {
        let entries = self.entries();
        let mine = entries.iter().filter(|entry| entry.concerns(family) && entry.keeps_out(now_ms));
        mine.max_by_key(|entry| entry.until_ms).map(|entry| (entry.until_ms, entry.words.to_string()))
    }

    /// The same for calls of any family.
    pub fn limit(&self, now_ms: i64) -> Option<(i64, String)> {
        if self.is_quiet.load(Ordering::Acquire) {
            return None;
        }
        let entries = self.entries();
        let whole = entries.iter().filter(|entry| entry.family.is_none() && entry.keeps_out(now_ms));
        whole.max_by_key(|entry| entry.until_ms).map(|entry| (entry.until_ms, entry.words.to_string()))
    }

    /// Those in force, for the console and for keeping.
    pub fn rows(&self, now_ms: i64) -> Vec<CooldownRow> {
        self.entries().iter().filter(|entry| now_ms < entry.until_ms).map(Entry::row).collect()
    }

    /// Ends all of them, by an administrator's word or by better evidence. False if there was none.
    pub fn clear(&self) -> bool {
        let mut entries = self.entries();
        let had_any = !entries.is_empty();
        entries.clear();
        self.is_quiet.store(true, Ordering::Release);
        had_any
    }

    /// True if what keeps calls away has changed.
    fn note(&self, pass: &Pass, fault: Option<&Fault<'_>>, now_ms: i64, chance: u32) -> bool {
        let mut entries = self.entries();
        let before = out_until(&entries, now_ms);
        for entry in entries.iter_mut().filter(|entry| entry.probe.is_some() && entry.probe == pass.probe) {
            entry.probe_failed(now_ms, self.times, chance);
        }
        if let Some(fault) = fault {
            self.strike(&mut entries, pass, fault, now_ms, chance);
        }
        pass.is_probe() || out_until(&entries, now_ms) != before
    }

    fn strike(&self, entries: &mut Vec<Entry>, pass: &Pass, fault: &Fault<'_>, now_ms: i64, chance: u32) {
        let age = self.age.fetch_add(1, Ordering::AcqRel) + 1;
        match entries.iter_mut().find(|entry| entry.is_about(fault)) {
            Some(entry) if pass.age < entry.age => entry.repeat(fault, now_ms),
            Some(entry) => entry.strike(fault, age, now_ms, self.times, chance),
            None => {
                make_room(entries, now_ms);
                entries.push(Entry::new(fault, age, now_ms, self.times, chance));
            }
        }
        self.is_quiet.store(false, Ordering::Release);
    }

    /// True if a limit ended by this.
    fn answered(&self, pass: &Pass, family: &str, now_ms: i64) -> bool {
        if self.is_quiet.load(Ordering::Acquire) {
            return false;
        }
        let mut entries = self.entries();
        let mut was_limited = false;
        entries.retain(|entry| {
            let ends = entry.concerns(family) && entry.age <= pass.age;
            was_limited |= ends && entry.keeps_out(now_ms);
            !ends && !entry.is_forgotten(now_ms)
        });
        self.is_quiet.store(entries.is_empty(), Ordering::Release);
        was_limited
    }

    fn release(&self, probe: u64) {
        for entry in self.entries().iter_mut().filter(|entry| entry.probe == Some(probe)) {
            entry.probe = None;
        }
    }

    fn entries(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Models have whatever names clients give them: what is forgotten goes first, then what would end first.
fn make_room(entries: &mut Vec<Entry>, now_ms: i64) {
    if entries.len() >= MOST {
        entries.retain(|entry| !entry.is_forgotten(now_ms));
    }
    while entries.len() >= MOST {
        let first = entries.iter().enumerate().min_by_key(|(_, entry)| entry.until_ms);
        let Some((first, _)) = first else { return };
        entries.swap_remove(first);
    }
}

/// The ends of all that keeps calls away.
fn out_until(entries: &[Entry], now_ms: i64) -> Vec<i64> {
    entries.iter().filter(|entry| entry.keeps_out(now_ms)).map(|entry| entry.until_ms).collect()
}

fn standing(entries: &[Entry], family: &str, now_ms: i64) -> Standing {
    let mut out: Option<&Entry> = None;
    let (mut half_open, mut strikes) = (false, 0);
    for entry in entries.iter().filter(|entry| entry.concerns(family) && now_ms < entry.until_ms) {
        if !entry.keeps_out(now_ms) {
            strikes = strikes.max(entry.strikes);
        } else if entry.is_half_open(now_ms) {
            half_open = true;
        } else if out.is_none_or(|longest| longest.until_ms < entry.until_ms) {
            out = Some(entry);
        }
    }
    match out {
        Some(entry) => Standing::Out { until_ms: entry.until_ms, cause: entry.cause },
        None if half_open => Standing::HalfOpen,
        None => Standing::Open { strikes },
    }
}

/// A call's leave to go. Whatever becomes of the call, the place of the one that tries is free again with it.
#[derive(Debug)]
#[must_use = "the place of the one that tries is free again once this is dropped"]
pub struct Pass {
    cooldowns: Arc<Cooldowns>,
    /// The count of failures when it began.
    age: u64,
    probe: Option<u64>,
}

impl Pass {
    /// Whether this call tries if a limit still holds.
    pub fn is_probe(&self) -> bool {
        self.probe.is_some()
    }

    /// The account answered a call for that model family: what was noted of it before the call began is over. True if
    /// a limit ended by this.
    pub fn answered(&self, family: &str, now_ms: i64) -> bool {
        self.cooldowns.answered(self, family, now_ms)
    }

    /// The call failed. Where that says nothing of the account, only the one that tried is told. `chance` is a random
    /// number. True if what keeps calls away has changed by this.
    pub fn failed(&self, fault: Option<&Fault<'_>>, now_ms: i64, chance: u32) -> bool {
        (fault.is_some() || self.is_probe()) && self.cooldowns.note(self, fault, now_ms, chance)
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        if let Some(probe) = self.probe {
            self.cooldowns.release(probe);
        }
    }
}
