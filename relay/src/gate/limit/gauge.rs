//! How far one limit is used, and whether a call fits under it.

use super::Amount;
use super::exceeded::Fit;
use super::period::Periods;
use super::window::Window;
use crate::model::limit::{Limit, LimitUse, Measure, Per};

const MINUTE_MS: i64 = 60_000;

/// One limit and what counts towards it.
#[derive(Clone, Debug)]
pub(super) struct Gauge {
    pub(super) limit: Limit,
    span: Span,
    /// Reserved by calls under way.
    held: u64,
}

#[derive(Clone, Debug)]
enum Span {
    Window(Window),
    /// Since the beginning of a day, of a month, or ever.
    Since {
        from_ms: i64,
        used: u64,
    },
}

impl Gauge {
    pub(super) fn new(limit: Limit, periods: &Periods, used: u64) -> Self {
        let span = match limit.per {
            Per::Minutes(minutes) => Span::Window(Window::new(minutes)),
            Per::Day => Span::Since { from_ms: periods.day_ms, used },
            Per::Month => Span::Since { from_ms: periods.month_ms, used },
            Per::Total => Span::Since { from_ms: i64::MIN, used },
        };
        Self { limit, span, held: 0 }
    }

    pub(super) fn is_window(&self) -> bool {
        matches!(self.span, Span::Window(_))
    }

    /// Goes on with what another gauge of the same kind has seen.
    pub(super) fn take_over(&mut self, other: &Self) {
        self.span = other.span.clone();
    }

    /// Goes on in another day or month, anew if the former one is over. What is reserved for calls of that is of no more
    /// concern then.
    pub(super) fn roll(&mut self, periods: &Periods, is_over: bool) {
        let begins_ms = match self.limit.per {
            Per::Day => periods.day_ms,
            Per::Month => periods.month_ms,
            Per::Total | Per::Minutes(_) => return,
        };
        let Span::Since { from_ms, used } = &mut self.span else { return };
        if *from_ms != begins_ms && is_over {
            (*used, self.held) = (0, 0);
        }
        *from_ms = begins_ms;
    }

    /// Whether a call of that instant counts towards it. All do towards a window for as long as they are under way.
    fn counts(&self, at_ms: i64) -> bool {
        match self.span {
            Span::Window(_) => true,
            Span::Since { from_ms, .. } => at_ms >= from_ms,
        }
    }

    /// Adds what a call of that instant used.
    pub(super) fn add(&mut self, at_ms: i64, amount: u64) {
        if !self.counts(at_ms) {
            return;
        }
        match &mut self.span {
            Span::Window(window) => window.add(at_ms, amount),
            Span::Since { used, .. } => *used = used.saturating_add(amount),
        }
    }

    /// Takes back what was added for a call of that instant.
    pub(super) fn take_back(&mut self, at_ms: i64, amount: u64) {
        if !self.counts(at_ms) {
            return;
        }
        match &mut self.span {
            Span::Window(window) => window.take_back(at_ms, amount),
            Span::Since { used, .. } => *used = used.saturating_sub(amount),
        }
    }

    /// Reserves for a call of that instant. A request is counted at once, not reserved.
    pub(super) fn hold(&mut self, at_ms: i64, amount: Amount) {
        if self.limit.measure == Measure::Requests {
            self.add(at_ms, amount.requests);
        } else if self.counts(at_ms) {
            self.held = self.held.saturating_add(amount.of(self.limit.measure));
        }
    }

    /// Lets go what was reserved for a call of that instant.
    pub(super) fn let_go(&mut self, at_ms: i64, amount: Amount) {
        if self.limit.measure != Measure::Requests && self.counts(at_ms) {
            self.held = self.held.saturating_sub(amount.of(self.limit.measure));
        }
    }

    /// Whether so much more fits, and if not, when it will.
    pub(super) fn fits(&mut self, needed: u64, now_ms: i64, periods: &Periods) -> Fit {
        let used = self.used(now_ms);
        let most = self.limit.most;
        let sum = used.saturating_add(self.held).saturating_add(needed);
        if sum <= most {
            return Fit::Now;
        }
        if needed > most {
            return Fit::Never;
        }
        if used.saturating_add(needed) <= most {
            return Fit::Soon;
        }
        let at_ms = match &self.span {
            Span::Window(window) => window.falls_to(most - needed),
            Span::Since { .. } => self.ends_ms(periods),
        };
        at_ms.map_or(Fit::Never, Fit::At)
    }

    pub(super) fn used(&mut self, now_ms: i64) -> u64 {
        match &mut self.span {
            Span::Window(window) => window.used(now_ms),
            Span::Since { used, .. } => *used,
        }
    }

    pub(super) fn usage(&mut self, now_ms: i64, periods: &Periods) -> LimitUse {
        LimitUse {
            used: self.used(now_ms),
            limit: self.limit.clone(),
            reserved: self.held,
            resets_ms: self.ends_ms(periods).or_else(|| self.held_until_ms(now_ms)),
        }
    }

    /// Of a window in which nothing is yet but what calls under way hold: when that leaves it at the earliest.
    fn held_until_ms(&self, now_ms: i64) -> Option<i64> {
        let minutes = self.limit.per.minutes().filter(|_| self.held > 0)?;
        Some(now_ms.saturating_add(i64::from(minutes) * MINUTE_MS))
    }

    fn ends_ms(&self, periods: &Periods) -> Option<i64> {
        match (&self.span, self.limit.per) {
            (Span::Window(window), _) => window.moves_at(),
            (_, Per::Day) => Some(periods.day_ends_ms),
            (_, Per::Month) => Some(periods.month_ends_ms),
            _ => None,
        }
    }
}
