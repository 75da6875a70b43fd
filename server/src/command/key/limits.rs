//! Changes of a key's limits, as they are written on the command line.

use relay::admin::Error;
use relay::clock::Clock;
use relay::model::account::Service;
use relay::model::limit::pattern::Pattern;
use relay::model::limit::{Budget, Expiry, KeyLimits};
use relay::model::problem::Problem;
use serde::{Deserialize, Serialize};

/// What is changed; what is not given stays.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LimitChanges {
    /// All limits but these are taken away first.
    pub(crate) clear: bool,
    /// In words (`tokens 1M/day`); each takes the place of one of its kind.
    pub(crate) limits: Vec<String>,
    /// An instant or a day, or `never`.
    pub(crate) expires: Option<String>,
    pub(crate) days_after_first_use: Option<u32>,
    /// None named means all.
    pub(crate) services: Option<Vec<Service>>,
    pub(crate) allowed_models: Option<Vec<Pattern>>,
    pub(crate) blocked_models: Option<Vec<Pattern>>,
    /// `None` inside is as the install has it.
    pub(crate) budget: Option<Option<Budget>>,
}

impl LimitChanges {
    /// Whether nothing is changed.
    pub(crate) fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// Changes limits.
    ///
    /// # Errors
    /// What is no limit, or no instant.
    pub(crate) fn apply(&self, clock: &Clock, limits: &mut KeyLimits) -> Result<(), Error> {
        if self.clear {
            *limits = KeyLimits::default();
        }
        for text in &self.limits {
            let wrong = |why: String| Error::field("limit", Problem::Conflict { why });
            limits.add_text(text).map_err(|error| wrong(error.to_string()))?;
        }
        match (self.expires.as_deref(), self.days_after_first_use) {
            (Some("never"), _) => limits.expiry = None,
            (Some(text), _) => {
                let why = format!(
                    "{text:?} is neither a day (2027-01-31), an instant (2027-01-31T18:00:00Z) nor never"
                );
                let at_ms = clock.named_ms(text);
                let at_ms = at_ms.ok_or_else(|| Error::field("expires", Problem::Conflict { why }))?;
                limits.expiry = Some(Expiry::At(at_ms));
            }
            (None, Some(days)) => limits.expiry = Some(Expiry::DaysAfterFirstUse(days)),
            (None, None) => {}
        }
        set(&mut limits.services, self.services.as_ref());
        set(&mut limits.allowed_models, self.allowed_models.as_ref());
        set(&mut limits.blocked_models, self.blocked_models.as_ref());
        set(&mut limits.budget, self.budget.as_ref());
        Ok(())
    }
}

fn set<T: Clone>(field: &mut T, given: Option<&T>) {
    if let Some(given) = given {
        field.clone_from(given);
    }
}
