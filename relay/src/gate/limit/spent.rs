//! What a key has used by model, for as long as limits can ask.

use std::collections::HashMap;

use super::Amount;
use super::period::Periods;
use crate::model::limit::{Limit, Per};

/// What was used of one model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Ever.
    pub total: Amount,
    /// This month.
    pub month: Amount,
    /// Today.
    pub day: Amount,
}

/// By model. There are as many as have ever answered this key.
#[derive(Debug, Default)]
pub(super) struct Spending(HashMap<Box<str>, Spent>);

impl Spending {
    pub(super) fn new(spent: impl IntoIterator<Item = (String, Spent)>) -> Self {
        let mut sums: HashMap<Box<str>, Spent> = HashMap::new();
        for (model, spent) in spent {
            let sum = sums.entry(model.into()).or_default();
            sum.total += spent.total;
            sum.month += spent.month;
            sum.day += spent.day;
        }
        Self(sums)
    }

    /// Adds what a call of an instant used.
    pub(super) fn add(&mut self, model: &str, at_ms: i64, amount: Amount, periods: &Periods) {
        let spent = match self.0.get_mut(model) {
            Some(spent) => spent,
            None => self.0.entry(model.into()).or_default(),
        };
        spent.total += amount;
        if at_ms >= periods.month_ms {
            spent.month += amount;
        }
        if at_ms >= periods.day_ms {
            spent.day += amount;
        }
    }

    /// Begins another day or month.
    pub(super) fn roll(&mut self, is_new_month: bool) {
        for spent in self.0.values_mut() {
            spent.day = Amount::default();
            if is_new_month {
                spent.month = Amount::default();
            }
        }
    }

    /// What counts towards a limit that is no window.
    pub(super) fn towards(&self, limit: &Limit) -> u64 {
        let covered =
            self.0.iter().filter(|(model, _)| limit.covers(model)).map(|(_, spent)| match limit.per {
                Per::Day => spent.day,
                Per::Month => spent.month,
                Per::Total => spent.total,
                Per::Minutes(_) => Amount::default(),
            });
        covered.map(|amount| amount.of(limit.measure)).fold(0, u64::saturating_add)
    }
}
