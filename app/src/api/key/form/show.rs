//! From a key to the fields of its form.

use relay::model::account::Service;
use relay::model::key::{Binding, KeyRow};
use relay::model::limit::pattern::Pattern;
use relay::model::limit::text::plain_dollars;
use relay::model::limit::{Budget, Expiry, KeyLimits, Limit, Measure, Per};

use super::{GROUP, KeyForm, TICKED};
use crate::moment;

impl KeyForm {
    /// Of a key that is there; days are those of the zone.
    pub(crate) fn of(row: &KeyRow, zone: &str) -> Self {
        let account = match row.bound.as_ref().map(|bound| &bound.binding) {
            None | Some(Binding::Any) => String::new(),
            Some(Binding::Account(id)) => id.to_string(),
            Some(Binding::Group(id)) => format!("{GROUP}{id}"),
        };
        Self {
            name: row.name.clone(),
            note: row.about.note.clone(),
            owner: row.about.owner.clone(),
            tags: row.about.tags.join(", "),
            account,
            ..Self::limited(&row.limits, zone)
        }
    }

    /// Of what a key may do.
    pub(crate) fn limited(limits: &KeyLimits, zone: &str) -> Self {
        let ticked = |service| if limits.allows_service(service) { TICKED.to_owned() } else { String::new() };
        let mut form = Self {
            limited: TICKED.to_owned(),
            claude: ticked(Service::Claude),
            gemini: ticked(Service::Gemini),
            allowed: list(&limits.allowed_models),
            blocked: list(&limits.blocked_models),
            budget: match limits.budget {
                None => String::new(),
                Some(Budget::Normal) => "normal".to_owned(),
                Some(Budget::Strict) => "strict".to_owned(),
            },
            ..Self::default()
        };
        match limits.expiry {
            Some(Expiry::At(at_ms)) => form.expires = moment::typed(at_ms, zone),
            Some(Expiry::DaysAfterFirstUse(days)) => form.expires_days = days.to_string(),
            None => {}
        }
        if let Some(concurrency) = limits.concurrency {
            form.concurrency = concurrency.most.to_string();
            form.wait = match concurrency.wait_ms.div_ceil(1000) {
                0 => String::new(),
                seconds => seconds.to_string(),
            };
        }
        if let Some(free) = limits.free_requests {
            (form.free, form.free_minutes) = (free.most.to_string(), free.minutes.to_string());
        }
        limits.limits.iter().for_each(|limit| form.show(limit));
        form
    }

    /// Puts a limit into the field that is made for it, or in words under the others.
    fn show(&mut self, limit: &Limit) {
        let amount = match limit.measure {
            Measure::Cost => plain_dollars(limit.most),
            Measure::Requests | Measure::Tokens => limit.most.to_string(),
        };
        let own = match (limit.measure, limit.per) {
            _ if limit.models.is_some() => None,
            (Measure::Tokens, Per::Day) => Some(&mut self.tokens_day),
            (Measure::Tokens, Per::Month) => Some(&mut self.tokens_month),
            (Measure::Tokens, Per::Total) => Some(&mut self.tokens_total),
            (Measure::Cost, Per::Day) => Some(&mut self.cost_day),
            (Measure::Cost, Per::Month) => Some(&mut self.cost_month),
            (Measure::Cost, Per::Total) => Some(&mut self.cost_total),
            (Measure::Requests, Per::Minutes(minutes)) if self.requests.is_empty() => {
                self.requests_minutes = minutes.to_string();
                Some(&mut self.requests)
            }
            (Measure::Tokens, Per::Minutes(minutes)) if self.tokens.is_empty() => {
                self.tokens_minutes = minutes.to_string();
                Some(&mut self.tokens)
            }
            _ => None,
        };
        if let Some(field) = own {
            *field = amount;
            return;
        }
        let line = in_words(limit, &amount);
        self.others = if self.others.is_empty() { line } else { format!("{}\n{line}", self.others) };
    }
}

/// As the command line writes it.
fn in_words(limit: &Limit, amount: &str) -> String {
    let per = match limit.per {
        Per::Day => "day".to_owned(),
        Per::Month => "month".to_owned(),
        Per::Total => "total".to_owned(),
        Per::Minutes(minutes) => format!("{minutes}m"),
    };
    let models = limit.models.as_ref().map(|models| format!(" {models}")).unwrap_or_default();
    format!("{} {amount}/{per}{models}", limit.measure.name())
}

fn list(patterns: &[Pattern]) -> String {
    patterns.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn what_a_form_shows_of_limits_is_read_as_the_same_limits() {
        let mut limits = KeyLimits::default();
        let text = "tokens 5/day, tokens 6/month, tokens 7/total, cost 1.5/day, cost 2/month opus, cost 3/total, \
                    requests 9/1m, requests 90/1h, tokens 4/5m, requests 8/day, concurrency 4 wait 10s, free 600/2m";
        limits.add_text(text).expect("limits");
        limits.expiry = Some(Expiry::DaysAfterFirstUse(30));
        limits.budget = Some(Budget::Strict);
        limits.services = vec![Service::Claude];

        let form = KeyForm::limited(&limits, "UTC");
        let mut read = form.limits(&|_| None).expect("the same");

        assert_eq!((form.requests.as_str(), form.requests_minutes.as_str()), ("9", "1"));
        assert_eq!(form.others, "cost 2.00/month opus\nrequests 90/60m\nrequests 8/day");
        assert_eq!((form.cost_day.as_str(), form.wait.as_str()), ("1.50", "10"));
        read.limits.sort_by_key(|limit| limits.limits.iter().position(|other| other == limit));
        assert_eq!(read, limits);
    }
}
