//! From the fields of a form to a key: what each of them means, and what is wrong with it.

use relay::model::account::Service;
use relay::model::id::{AccountId, GroupId};
use relay::model::key::{Binding, KeyAbout, KeyChange, NewKey};
use relay::model::limit::check::{LONGEST_WAIT_MS, LONGEST_WINDOW};
use relay::model::limit::pattern::Pattern;
use relay::model::limit::text::{count, dollars};
use relay::model::limit::{Budget, Concurrency, Expiry, KeyLimits, Limit, Measure, Per, Rate};
use relay::model::problem::{FieldProblem, Problem};

use super::{GROUP, KeyForm};
use crate::api::typed::Form;

/// Beyond this a number is a mistake.
const LARGEST: i64 = 100_000_000_000_000_000;
const MOST_AT_ONCE: i64 = 100_000;
const MOST_DAYS: i64 = 36_500;

/// The instant that a person names, milliseconds since 1970: a day, or an instant.
pub(crate) type Named<'a> = &'a dyn Fn(&str) -> Option<i64>;

impl KeyForm {
    /// A new key.
    pub(crate) fn new_key(&self, named_ms: Named<'_>) -> Result<NewKey, FieldProblem> {
        let limits = if self.limited.is_empty() { None } else { Some(self.limits(named_ms)?) };
        let about = KeyAbout { note: self.note.clone(), owner: self.owner.clone(), tags: words(&self.tags) };
        Ok(NewKey { name: self.name.clone(), binding: self.binding(), about, limits })
    }

    /// All of it as a change.
    pub(crate) fn change(&self, named_ms: Named<'_>) -> Result<KeyChange, FieldProblem> {
        Ok(KeyChange {
            name: Some(self.name.clone()),
            note: Some(self.note.clone()),
            owner: Some(self.owner.clone()),
            tags: Some(words(&self.tags)),
            binding: Some(self.binding()),
            limits: Some(self.limits(named_ms)?),
            ..KeyChange::default()
        })
    }

    fn binding(&self) -> Binding {
        match (self.account.as_str(), self.account.strip_prefix(GROUP)) {
            ("", _) => Binding::Any,
            (_, Some(group)) => Binding::Group(GroupId::new(group)),
            (id, None) => Binding::Account(AccountId::new(id)),
        }
    }

    /// What the key may do.
    pub(super) fn limits(&self, named_ms: Named<'_>) -> Result<KeyLimits, FieldProblem> {
        let mut limits = KeyLimits {
            services: self.services()?,
            allowed_models: models("allowed", &self.allowed)?,
            blocked_models: models("blocked", &self.blocked)?,
            expiry: self.expiry(named_ms)?,
            concurrency: self.concurrency()?,
            free_requests: rate("free", &self.free, "free_minutes", &self.free_minutes)?,
            budget: match self.budget.as_str() {
                "normal" => Some(Budget::Normal),
                "strict" => Some(Budget::Strict),
                _ => None,
            },
            limits: Vec::new(),
        };
        self.add_windows(&mut limits)?;
        self.add_budgets(&mut limits)?;
        self.add_others(&mut limits)?;
        Ok(limits)
    }

    fn add_windows(&self, limits: &mut KeyLimits) -> Result<(), FieldProblem> {
        let requests = rate("requests", &self.requests, "requests_minutes", &self.requests_minutes)?;
        let tokens = rate("tokens", &self.tokens, "tokens_minutes", &self.tokens_minutes)?;
        for (measure, window) in [(Measure::Requests, requests), (Measure::Tokens, tokens)] {
            if let Some(Rate { most, minutes }) = window {
                limits.set(Limit { measure, most, per: Per::Minutes(minutes), models: None });
            }
        }
        Ok(())
    }

    fn add_budgets(&self, limits: &mut KeyLimits) -> Result<(), FieldProblem> {
        for (field, typed, measure, per) in [
            ("tokens_day", &self.tokens_day, Measure::Tokens, Per::Day),
            ("tokens_month", &self.tokens_month, Measure::Tokens, Per::Month),
            ("tokens_total", &self.tokens_total, Measure::Tokens, Per::Total),
            ("cost_day", &self.cost_day, Measure::Cost, Per::Day),
            ("cost_month", &self.cost_month, Measure::Cost, Per::Month),
            ("cost_total", &self.cost_total, Measure::Cost, Per::Total),
        ] {
            let most = if measure == Measure::Cost { money(field, typed)? } else { amount(field, typed, 0)? };
            if let Some(most) = most {
                limits.set(Limit { measure, most, per, models: None });
            }
        }
        Ok(())
    }

    /// Those in words. Each must be another than those in the fields.
    fn add_others(&self, limits: &mut KeyLimits) -> Result<(), FieldProblem> {
        let wrong = |why: String| FieldProblem::at("others", Problem::Conflict { why });
        for line in self.others.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let mut one = KeyLimits::default();
            one.add_text(line).map_err(|error| wrong(error.to_string()))?;
            for limit in one.limits {
                if limits.limits.iter().any(|other| other.is_same_kind(&limit)) {
                    return Err(wrong(format!("{line}: another limit counts the same")));
                }
                limits.limits.push(limit);
            }
        }
        limits.check().map_err(|problem| match problem.field.starts_with("limits") {
            true => FieldProblem::at("others", problem.problem),
            false => problem,
        })
    }

    fn services(&self) -> Result<Vec<Service>, FieldProblem> {
        match (self.claude.is_empty(), self.gemini.is_empty()) {
            (false, false) => Ok(Vec::new()),
            (false, true) => Ok(vec![Service::Claude]),
            (true, false) => Ok(vec![Service::Gemini]),
            (true, true) => Err(FieldProblem::at("services", Problem::Required)),
        }
    }

    fn expiry(&self, named_ms: Named<'_>) -> Result<Option<Expiry>, FieldProblem> {
        let days = number("expires_days", &self.expires_days, 1, MOST_DAYS)?;
        match (self.expires.trim(), days) {
            ("", days) => Ok(days.map(Expiry::DaysAfterFirstUse)),
            (_, Some(_)) => {
                let why = "give one of the two".to_owned();
                Err(FieldProblem::at("expires_days", Problem::Conflict { why }))
            }
            (typed, None) => {
                let at_ms = named_ms(typed).filter(|at_ms| *at_ms > 0);
                let wrong = || FieldProblem::at("expires", Problem::NotADay);
                at_ms.map(|at_ms| Some(Expiry::At(at_ms))).ok_or_else(wrong)
            }
        }
    }

    fn concurrency(&self) -> Result<Option<Concurrency>, FieldProblem> {
        let most = number("concurrency", &self.concurrency, 1, MOST_AT_ONCE)?;
        let wait: Option<u32> = number("wait", &self.wait, 0, i64::from(LONGEST_WAIT_MS / 1000))?;
        let wait_ms = wait.unwrap_or(0) * 1000;
        match most {
            None if wait_ms > 0 => Err(FieldProblem::at("concurrency", Problem::Required)),
            most => Ok(most.map(|most| Concurrency { most, wait_ms })),
        }
    }

    /// What may be given back on the next page, with how many were asked for.
    pub(crate) fn typed(&self, count: &str) -> Form {
        let fields = serde_json::to_value(self).unwrap_or_default();
        let pairs = fields.as_object().into_iter().flatten();
        let pairs = pairs.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
        Form::typed(&pairs.chain([("count", count)]).collect::<Vec<_>>())
    }
}

/// Words set apart by commas or lines.
fn words(typed: &str) -> Vec<String> {
    typed.split([',', '\n']).map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect()
}

fn models(field: &str, typed: &str) -> Result<Vec<Pattern>, FieldProblem> {
    let read = |word: &str| Pattern::new(word).map_err(|problem| FieldProblem::at(field, problem));
    typed.split([',', '\n', ' ']).map(str::trim).filter(|word| !word.is_empty()).map(read).collect()
}

/// So many in so many minutes; nothing if the first is empty.
fn rate(field: &str, most: &str, minutes_field: &str, minutes: &str) -> Result<Option<Rate>, FieldProblem> {
    let most = amount(field, most, 1)?;
    let minutes = number(minutes_field, minutes, 1, i64::from(LONGEST_WINDOW))?;
    match (most, minutes) {
        (None, _) => Ok(None),
        (Some(_), None) => Err(FieldProblem::at(minutes_field, Problem::Required)),
        (Some(most), Some(minutes)) => Ok(Some(Rate { most, minutes })),
    }
}

/// `1500`, `500k`, `1M`.
fn amount(field: &str, typed: &str, min: u64) -> Result<Option<u64>, FieldProblem> {
    let typed = typed.trim().replace(',', "");
    if typed.is_empty() {
        return Ok(None);
    }
    let out = || {
        let min = i64::try_from(min).unwrap_or(0);
        FieldProblem::at(field, Problem::OutOfRange { min, max: LARGEST })
    };
    let fits = |number: &u64| (min..=LARGEST.unsigned_abs()).contains(number);
    count(&typed).filter(fits).map(Some).ok_or_else(out)
}

fn money(field: &str, typed: &str) -> Result<Option<u64>, FieldProblem> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let fits = |amount: &u64| *amount <= LARGEST.unsigned_abs();
    dollars(typed).filter(fits).map(Some).ok_or_else(|| FieldProblem::at(field, Problem::NotAPrice))
}

/// A whole number within bounds; nothing for an empty field.
fn number(field: &str, typed: &str, min: i64, max: i64) -> Result<Option<u32>, FieldProblem> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let fits = |number: &u32| (min..=max).contains(&i64::from(*number));
    let found = typed.parse().ok().filter(fits);
    found.map(Some).ok_or_else(|| FieldProblem::at(field, Problem::OutOfRange { min, max }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Option<i64> {
        (text == "2099-01-01").then_some(4_070_908_800_000)
    }

    fn problem(form: KeyForm) -> Option<String> {
        let form = KeyForm { claude: "on".to_owned(), ..form };
        form.limits(&named).err().map(|problem| problem.field)
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field() {
        let text = |value: &str| value.to_owned();
        let none = KeyForm::default;

        for (field, form) in [
            ("expires", KeyForm { expires: text("tomorrow"), ..none() }),
            ("expires_days", KeyForm { expires_days: text("0"), ..none() }),
            ("expires_days", KeyForm { expires: text("2099-01-01"), expires_days: text("3"), ..none() }),
            ("allowed", KeyForm { allowed: text("claude\u{1}"), ..none() }),
            ("concurrency", KeyForm { wait: text("3"), ..none() }),
            ("wait", KeyForm { concurrency: text("3"), wait: text("301"), ..none() }),
            ("requests_minutes", KeyForm { requests: text("5"), ..none() }),
            ("requests", KeyForm { requests: text("0"), requests_minutes: text("5"), ..none() }),
            ("tokens_day", KeyForm { tokens_day: text("many"), ..none() }),
            ("cost_total", KeyForm { cost_total: text("1.0000000001"), ..none() }),
            ("others", KeyForm { others: text("cost many"), ..none() }),
            ("others", KeyForm { tokens_day: text("5"), others: text("tokens 6/day"), ..none() }),
        ] {
            assert_eq!(problem(form).as_deref(), Some(field));
        }
        assert_eq!(problem(KeyForm { tokens_day: text("1,500k"), cost_day: text("$2.5"), ..none() }), None);
        let nothing = KeyForm::default().limits(&named).err().map(|problem| problem.field);
        assert_eq!(nothing.as_deref(), Some("services"));
    }
}
