//! One cooldown: how long it lasts, when it may be tried, when it is forgotten.

use super::{Fault, ProbeTimes};
use crate::model::cooldown::{CooldownCause, CooldownRow};

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
/// A failure so long after a cooldown's end is not one in a row any more, at the least.
const MEMORY_MS: i64 = MINUTE_MS;

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) family: Option<Box<str>>,
    pub(super) words: Box<str>,
    pub(super) cause: CooldownCause,
    pub(super) until_ms: i64,
    pub(super) strikes: u32,
    /// The number of the failure that it came from.
    pub(super) age: u64,
    /// The call that tries.
    pub(super) probe: Option<u64>,
    /// The provider named the end.
    is_named: bool,
    since_ms: i64,
    probe_ms: Option<i64>,
    probes: u32,
}

impl Entry {
    pub(super) fn new(fault: &Fault<'_>, age: u64, now_ms: i64, times: ProbeTimes, chance: u32) -> Self {
        let mut entry = Self {
            family: fault.family.map(Box::from),
            words: Box::default(),
            until_ms: now_ms,
            strikes: 0,
            age,
            probe: None,
            cause: fault.cause,
            is_named: false,
            since_ms: now_ms,
            probe_ms: None,
            probes: 0,
        };
        entry.strike(fault, age, now_ms, times, chance);
        entry
    }

    pub(super) fn restore(row: &CooldownRow, age: u64) -> Self {
        Self {
            family: row.family.as_deref().map(Box::from),
            words: row.words.as_str().into(),
            until_ms: row.until_ms,
            strikes: row.strikes,
            age,
            probe: None,
            cause: row.cause,
            is_named: row.keeps_out,
            since_ms: row.since_ms,
            probe_ms: row.probe_ms,
            probes: row.probes,
        }
    }

    pub(super) fn row(&self) -> CooldownRow {
        CooldownRow {
            family: self.family.as_deref().map(str::to_owned),
            cause: self.cause,
            keeps_out: self.is_hard(),
            words: self.words.to_string(),
            since_ms: self.since_ms,
            until_ms: self.until_ms,
            strikes: self.strikes,
            probe_ms: self.probe_ms,
            probes: self.probes,
            probing: self.probe.is_some(),
        }
    }

    pub(super) fn concerns(&self, family: &str) -> bool {
        self.family.as_deref().is_none_or(|own| own == family)
    }

    pub(super) fn is_about(&self, fault: &Fault<'_>) -> bool {
        self.cause == fault.cause && self.family.as_deref() == fault.family
    }

    /// Calls are kept away until its end, not only behind the others.
    fn is_hard(&self) -> bool {
        self.is_named || self.cause == CooldownCause::Limit
    }

    pub(super) fn keeps_out(&self, now_ms: i64) -> bool {
        self.is_hard() && now_ms < self.until_ms
    }

    pub(super) fn is_half_open(&self, now_ms: i64) -> bool {
        self.keeps_out(now_ms)
            && self.probe.is_none()
            && self.probe_ms.is_some_and(|probe_ms| probe_ms <= now_ms)
    }

    /// Over for so long that the next failure is a first one again.
    pub(super) fn is_forgotten(&self, now_ms: i64) -> bool {
        now_ms >= self.until_ms.saturating_add((self.until_ms - self.since_ms).max(MEMORY_MS))
    }

    /// Another failure, of a call that began after the last one.
    pub(super) fn strike(
        &mut self,
        fault: &Fault<'_>,
        age: u64,
        now_ms: i64,
        times: ProbeTimes,
        chance: u32,
    ) {
        if self.is_forgotten(now_ms) || self.strikes == 0 {
            (self.since_ms, self.strikes, self.probes) = (now_ms, 0, 0);
        }
        self.strikes = self.strikes.saturating_add(1);
        self.age = age;
        self.words = fault.words.into();
        self.is_named = fault.until_ms.is_some();
        let guess_ms = now_ms + jittered(length_ms(self.cause, self.strikes), chance);
        self.until_ms = fault.until_ms.unwrap_or_else(|| guess_ms.max(self.until_ms)).max(now_ms);
        self.plan_probe(now_ms, times, chance);
    }

    /// Another failure of the same time: it may know more of the end, and says nothing else that is new.
    pub(super) fn repeat(&mut self, fault: &Fault<'_>, now_ms: i64) {
        if let Some(until_ms) = fault.until_ms.filter(|until_ms| *until_ms > now_ms) {
            self.until_ms = if self.is_named { self.until_ms.max(until_ms) } else { until_ms };
            self.is_named = true;
        }
    }

    /// The call that tried has failed, for this reason or another.
    pub(super) fn probe_failed(&mut self, now_ms: i64, times: ProbeTimes, chance: u32) {
        self.probe = None;
        self.probes = self.probes.saturating_add(1);
        self.plan_probe(now_ms, times, chance);
    }

    fn plan_probe(&mut self, now_ms: i64, times: ProbeTimes, chance: u32) {
        let pause_ms = doubled(times.first_ms, self.probes).min(times.longest_ms.max(times.first_ms));
        let probe_ms = now_ms + jittered(pause_ms, chance);
        let is_long = self.is_hard() && self.until_ms - now_ms > times.first_ms;
        self.probe_ms = (is_long && probe_ms < self.until_ms).then_some(probe_ms);
    }
}

/// How long a cooldown lasts if the provider named no end: doubled with each failure in a row, up to a bound.
fn length_ms(cause: CooldownCause, strikes: u32) -> i64 {
    let (first_ms, longest_ms) = match cause {
        CooldownCause::Limit => (30 * SECOND_MS, 30 * MINUTE_MS),
        CooldownCause::Overload => (5 * SECOND_MS, MINUTE_MS),
        CooldownCause::Trouble => (10 * SECOND_MS, 2 * MINUTE_MS),
    };
    doubled(first_ms, strikes.saturating_sub(1)).min(longest_ms)
}

fn doubled(first_ms: i64, times: u32) -> i64 {
    first_ms.saturating_mul(1 << times.min(20))
}

/// Up to an eighth shorter or longer, so that what failed together does not come back together.
fn jittered(length_ms: i64, chance: u32) -> i64 {
    let span_ms = length_ms / 4;
    length_ms - span_ms / 2 + span_ms * i64::from(chance >> 16) / i64::from(u16::MAX)
}
