//! What one key has used and reserved, and the decision. Knows no lock and no clock of its own.

use std::collections::HashMap;

use http::HeaderMap;
use uuid::Uuid;

use super::Amount;
use super::exceeded::{Exceeded, Fit, Which};
use super::gauge::Gauge;
use super::habit::{Habits, Lesson};
use super::header;
use super::period::Periods;
use super::spent::{Spending, Spent};
use super::window::Window;
use crate::clock::Clock;
use crate::model::limit::{KeyLimits, KeyUse, Limit, Measure, Rate};

/// A clock set back by less than this stays in its day.
const SMALL_STEP_MS: i64 = 86_400_000;

/// What an attempt that ended used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// Its call.
    pub call: Uuid,
    /// Which attempt of it.
    pub n: u8,
    /// When the call came, milliseconds since 1970.
    pub at_ms: i64,
    /// The model that it is booked under.
    pub model: String,
    /// What is charged; one request if it was the call's last attempt.
    pub amount: Amount,
}

/// A call that wants to pass.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The model that it asks for.
    pub model: &'a str,
    /// What it reserves.
    pub amount: Amount,
}

/// A call that passed.
#[derive(Debug)]
pub(super) struct Passed {
    pub(super) hold: u64,
    /// When it counts from.
    pub(super) at_ms: i64,
    pub(super) headers: HeaderMap,
}

/// What a call under way has reserved.
#[derive(Debug)]
struct Hold {
    model: Box<str>,
    at_ms: i64,
    amount: Amount,
    /// An attempt of it went to a provider, so it counts as a request.
    was_sent: bool,
}

#[derive(Debug, Default)]
pub(super) struct Book {
    periods: Periods,
    spending: Spending,
    gauges: Vec<Gauge>,
    free: Option<(Rate, Window)>,
    held: HashMap<u64, Hold>,
    next: u64,
    habits: Habits,
    /// What ended since somebody began to read the past from the store.
    tape: Option<Vec<Past>>,
}

impl Book {
    pub(super) fn new(
        spent: impl IntoIterator<Item = (String, Spent)>,
        periods: Periods,
        habits: Habits,
    ) -> Self {
        Self { periods, spending: Spending::new(spent), habits, ..Self::default() }
    }

    pub(super) fn habits(&self) -> Habits {
        self.habits
    }

    /// Begins another day where one is over. A clock that was set back by a little stays in the day that it was in, so
    /// that none begins for the second time; by much, it goes on in another with what is used as it is.
    pub(super) fn roll(&mut self, clock: &Clock, now_ms: i64) {
        let is_over = now_ms >= self.periods.day_ends_ms;
        let was_set_back = now_ms < self.periods.day_ms - SMALL_STEP_MS;
        if !is_over && !was_set_back {
            return;
        }
        let periods = Periods::at(clock, now_ms);
        if is_over {
            self.spending.roll(periods.month_ms != self.periods.month_ms);
        }
        self.gauges.iter_mut().for_each(|gauge| gauge.roll(&periods, is_over));
        self.periods = periods;
    }

    /// The one decision. What passes is counted and reserved in the same step.
    pub(super) fn admit(&mut self, ask: Ask<'_>, now_ms: i64) -> Result<Passed, Exceeded> {
        let at_ms = now_ms.max(self.periods.day_ms);
        let periods = self.periods;
        let mut worst: Option<Exceeded> = None;
        for gauge in covering(&mut self.gauges, ask.model) {
            let needed = ask.amount.of(gauge.limit.measure);
            let fit = gauge.fits(needed, at_ms, &periods);
            if fit != Fit::Now && worst.as_ref().is_none_or(|worst| worst.fit < fit) {
                let which = Which::Limit { usage: gauge.usage(at_ms, &periods), needed };
                worst = Some(Exceeded { which, fit, now_ms });
            }
        }
        if let Some(worst) = worst {
            return Err(worst);
        }
        let mut headers = HeaderMap::new();
        for gauge in covering(&mut self.gauges, ask.model) {
            gauge.hold(at_ms, ask.amount);
            header::add(&mut headers, &gauge.usage(at_ms, &periods));
        }
        self.next += 1;
        let hold = Hold { model: ask.model.into(), at_ms, amount: ask.amount, was_sent: false };
        self.held.insert(self.next, hold);
        Ok(Passed { hold: self.next, at_ms, headers })
    }

    /// Whether a call may be tried once more, if what it used so far is charged and what it reserved stays so.
    pub(super) fn may_go_on(&mut self, hold: u64, charged: Amount, now_ms: i64) -> bool {
        let Some(hold) = self.held.get(&hold) else { return false };
        let periods = self.periods;
        covering(&mut self.gauges, &hold.model).all(|gauge| {
            let measure = gauge.limit.measure;
            measure == Measure::Requests || gauge.fits(charged.of(measure), now_ms, &periods) == Fit::Now
        })
    }

    /// An attempt ended. With the call's last one, what it reserved is let go.
    pub(super) fn settle(&mut self, past: Past, hold: Option<u64>, lesson: Option<&Lesson>) {
        let is_last = past.amount.requests > 0;
        let held = hold.and_then(|id| self.held.get_mut(&id));
        let is_counted = held.is_some();
        let at_ms = held.map_or(past.at_ms, |held| {
            held.was_sent = true;
            held.at_ms
        });
        self.spending.add(&past.model, past.at_ms, past.amount, &self.periods);
        for gauge in covering(&mut self.gauges, &past.model) {
            // A call that was let in under limits was counted then.
            if gauge.limit.measure != Measure::Requests || !is_counted {
                gauge.add(at_ms, past.amount.of(gauge.limit.measure));
            }
        }
        if let Some(hold) = hold.filter(|_| is_last) {
            self.release(hold);
        }
        if let Some(lesson) = lesson {
            self.habits.learn(lesson);
        }
        if let Some(tape) = &mut self.tape {
            tape.push(past);
        }
    }

    /// A call is over: what it still reserves is let go. If it went to no provider, it was no request.
    pub(super) fn release(&mut self, hold: u64) {
        let Some(hold) = self.held.remove(&hold) else { return };
        for gauge in covering(&mut self.gauges, &hold.model) {
            gauge.let_go(hold.at_ms, hold.amount);
            if gauge.limit.measure == Measure::Requests && !hold.was_sent {
                gauge.take_back(hold.at_ms, hold.amount.requests);
            }
        }
    }

    /// From now on what ends is noted, until [`Book::set`] is given what ended before.
    pub(super) fn begin_tape(&mut self) {
        self.tape.get_or_insert_default();
    }

    /// Nothing is noted any more.
    pub(super) fn end_tape(&mut self) {
        self.tape = None;
    }

    /// Other limits from now on. `past` are the attempts of the longest window, as far as the store has them.
    pub(super) fn set(&mut self, limits: &KeyLimits, past: Vec<Past>) {
        let mut attempts: HashMap<(Uuid, u8), Past> = HashMap::new();
        for past in past.into_iter().chain(self.tape.take().unwrap_or_default()) {
            attempts.insert((past.call, past.n), past);
        }
        let former = std::mem::take(&mut self.gauges);
        for limit in &limits.limits {
            let same = former.iter().find(|other| other.limit.is_same_kind(limit) && other.is_window());
            let gauge = self.gauge(limit, attempts.values(), same);
            self.gauges.push(gauge);
        }
        self.free = limits.free_requests.map(|rate| match self.free.take() {
            Some((former, window)) if former.minutes == rate.minutes => (rate, window),
            _ => (rate, Window::new(rate.minutes)),
        });
    }

    /// Counts anew from what the store has; of what ended meanwhile, only that which it has not.
    pub(super) fn recount(
        &mut self,
        spent: Vec<(String, Spent)>,
        mut past: Vec<Past>,
        is_there: impl Fn(&Past) -> bool,
    ) {
        let mut missing = self.tape.take().unwrap_or_default();
        missing.retain(|past| !is_there(past));
        self.spending = Spending::new(spent);
        for past in &missing {
            self.spending.add(&past.model, past.at_ms, past.amount, &self.periods);
        }
        past.append(&mut missing);
        let former = std::mem::take(&mut self.gauges);
        self.gauges = former.iter().map(|gauge| self.gauge(&gauge.limit, past.iter(), None)).collect();
    }

    /// How far a limit is used: a window by what it has seen, if there is `same` one, else by single attempts.
    fn gauge<'a>(&self, limit: &Limit, past: impl Iterator<Item = &'a Past>, same: Option<&Gauge>) -> Gauge {
        let mut gauge = Gauge::new(limit.clone(), &self.periods, self.spending.towards(limit));
        match same {
            Some(same) => gauge.take_over(same),
            None if gauge.is_window() => {
                for past in past.filter(|past| limit.covers(&past.model)) {
                    gauge.add(past.at_ms, past.amount.of(limit.measure));
                }
            }
            None => {}
        }
        for hold in self.held.values().filter(|hold| limit.covers(&hold.model)) {
            // A window that is taken over has counted them.
            if limit.measure != Measure::Requests || same.is_none() {
                gauge.hold(hold.at_ms, hold.amount);
            }
        }
        gauge
    }

    /// A token count or a list of models wants to pass.
    pub(super) fn admit_free(&mut self, now_ms: i64) -> Result<HeaderMap, Exceeded> {
        let mut headers = HeaderMap::new();
        let Some((Rate { most, minutes }, window)) = &mut self.free else { return Ok(headers) };
        let used = window.used(now_ms);
        if used >= *most {
            let fit = window.falls_to(most.saturating_sub(1)).map_or(Fit::Never, Fit::At);
            return Err(Exceeded {
                which: Which::Free { most: *most, minutes: *minutes, used, resets_ms: window.moves_at() },
                fit,
                now_ms,
            });
        }
        window.add(now_ms, 1);
        header::add_free(&mut headers, *most, window.used(now_ms), window.moves_at());
        Ok(headers)
    }

    /// How far everything is used; calls under way are for the caller to add.
    pub(super) fn usage(&mut self, now_ms: i64) -> KeyUse {
        let periods = self.periods;
        KeyUse {
            limits: self.gauges.iter_mut().map(|gauge| gauge.usage(now_ms, &periods)).collect(),
            free_requests: self.free.as_mut().map(|(_, window)| window.used(now_ms)),
            ..KeyUse::default()
        }
    }
}

fn covering<'a>(gauges: &'a mut [Gauge], model: &str) -> impl Iterator<Item = &'a mut Gauge> {
    gauges.iter_mut().filter(move |gauge| gauge.limit.covers(model))
}
