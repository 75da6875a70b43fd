//! Which limits make sense.

use super::{Concurrency, Expiry, KeyLimits, Limit, Measure, Rate};
use crate::model::problem::{FieldProblem, Problem};

/// The longest window, in minutes: 31 days.
pub const LONGEST_WINDOW: u32 = 31 * 24 * 60;
/// The longest wait for another call to end, milliseconds.
pub const LONGEST_WAIT_MS: u32 = 300_000;
/// Most limits of one key, and most names of models in a list.
pub const MOST: usize = 32;
/// Beyond this a number is a mistake. The books hold no larger sums.
const LARGEST: u64 = 100_000_000_000_000_000;
const MOST_DAYS: u32 = 36_500;

impl KeyLimits {
    /// Looks for what cannot be meant.
    ///
    /// # Errors
    /// The first problem, with the field that it is of (`limits.2.most`).
    pub fn check(&self) -> Result<(), FieldProblem> {
        for (field, list) in
            [("allowed_models", &self.allowed_models), ("blocked_models", &self.blocked_models)]
        {
            within(field, list.len() as u64, 0, MOST as u64)?;
        }
        match self.expiry {
            Some(Expiry::DaysAfterFirstUse(days)) => within("expiry", days.into(), 1, MOST_DAYS.into())?,
            Some(Expiry::At(at_ms)) if at_ms <= 0 => {
                return Err(FieldProblem::at("expiry", Problem::Required));
            }
            _ => {}
        }
        if let Some(Concurrency { most, wait_ms }) = self.concurrency {
            within("concurrency.most", most.into(), 1, 100_000)?;
            within("concurrency.wait_ms", wait_ms.into(), 0, LONGEST_WAIT_MS.into())?;
        }
        if let Some(Rate { most, minutes }) = self.free_requests {
            within("free_requests.most", most, 1, LARGEST)?;
            within("free_requests.minutes", minutes.into(), 1, LONGEST_WINDOW.into())?;
        }
        within("limits", self.limits.len() as u64, 0, MOST as u64)?;
        self.limits.iter().enumerate().try_for_each(|(at, limit)| self.check_one(at, limit))
    }

    fn check_one(&self, at: usize, limit: &Limit) -> Result<(), FieldProblem> {
        let least = u64::from(limit.measure == Measure::Requests);
        within(&format!("limits.{at}.most"), limit.most, least, LARGEST)?;
        if let Some(minutes) = limit.per.minutes() {
            within(&format!("limits.{at}.per"), minutes.into(), 1, LONGEST_WINDOW.into())?;
        }
        if self.limits[..at].iter().any(|other| other.is_same_kind(limit)) {
            let why = "another limit counts the same by the same time for the same models".to_owned();
            return Err(FieldProblem::at(&format!("limits.{at}"), Problem::Conflict { why }));
        }
        Ok(())
    }
}

fn within(field: &str, number: u64, min: u64, max: u64) -> Result<(), FieldProblem> {
    if (min..=max).contains(&number) {
        return Ok(());
    }
    let bound = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    Err(FieldProblem::at(field, Problem::OutOfRange { min: bound(min), max: bound(max) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> Option<String> {
        let mut limits = KeyLimits::default();
        limits.add_text(text).ok()?;
        limits.check().err().map(|problem| problem.field)
    }

    #[test]
    fn each_problem_is_told_at_its_field() {
        for (text, field) in [
            ("concurrency 0", "concurrency.most"),
            ("concurrency 1 wait 6m", "concurrency.wait_ms"),
            ("free 0/1m", "free_requests.most"),
            ("tokens 5/day, requests 0/1m", "limits.1.most"),
            ("tokens 5/0m", "limits.0.per"),
            ("tokens 5/745h", "limits.0.per"),
        ] {
            assert_eq!(problem(text).as_deref(), Some(field), "{text}");
        }
        assert_eq!(problem("tokens 0/total, cost 1/day, requests 1/1m, concurrency 1 wait 5m"), None);
    }

    #[test]
    fn two_limits_of_one_kind_are_one_too_many() {
        let mut limits = KeyLimits::default();
        limits.add_text("tokens 5/day").unwrap_or_default();
        limits.limits.extend(limits.limits.clone());

        assert_eq!(limits.check().err().map(|problem| problem.field).as_deref(), Some("limits.1"));
    }
}
