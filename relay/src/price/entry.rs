//! One entry of the table: a model and all its prices.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::value::RawValue;

use super::TableError;
use super::decimal::{Factor, Rate};
use super::rates::Rates;
use crate::model::price::{ClassPrices, TierPrices};
use crate::wire::lenient::{count, elements, members, text};

/// A model's prices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The name it is listed by.
    pub id: String,
    /// Other names of it.
    pub aliases: Vec<String>,
    /// Beginnings of names that are it, too.
    pub prefixes: Vec<String>,
    standard: Rates,
    /// Prices for the whole request when the prompt has more tokens than this; smallest first.
    tiers: Vec<(u64, Rates)>,
    priority: Rates,
    flex: Rates,
    /// Prices from an instant on, in milliseconds since 1970.
    next: Option<(i64, Rates)>,
    /// Per thousand web searches, or requests that searched.
    searches: Option<Rate>,
    /// Google charges most models by the request that searched, however often, and the newer ones by the query.
    is_google: bool,
    by_query: bool,
    /// The operator's own prices, latest first.
    own: Vec<Own>,
    /// Most tokens of output of one answer, where it is known.
    pub max_output: Option<u64>,
    /// Multiplies prices of tokens in fast mode.
    pub fast: Option<Factor>,
    /// Multiplies prices of tokens when inference stays in the US.
    pub us: Option<Factor>,
}

/// The operator's own prices from an instant on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Own {
    pub(super) from_ms: i64,
    pub(super) rates: Rates,
    pub(super) searches: Option<Rate>,
}

/// What is wrong with an entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryProblem {
    /// Something else stands where an object must.
    #[error("{0} must be an object")]
    NotAnObject(String),
    /// A field that every entry has.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// Not a price in dollars between 0 and a million, with at most nine decimals.
    #[error("{field} is not a price: {found}")]
    NotAPrice {
        /// The field.
        field: String,
        /// What stands there, shortened.
        found: String,
    },
    /// Not a list of names.
    #[error("{0} must be a list of names")]
    NotNames(&'static str),
    /// Not a factor between 0 and 1000, with at most six decimals.
    #[error("{field} is not a factor: {found}")]
    NotAFactor {
        /// The field.
        field: String,
        /// What stands there, shortened.
        found: String,
    },
    /// Not like `2026-12-01`.
    #[error("next.from is not a date: {0}")]
    NotADate(String),
}

impl Entry {
    /// The prices that hold for a prompt of so many tokens, in a price class, at an instant (milliseconds since
    /// 1970).
    ///
    /// A long-context tier stands for the whole request. `priority` never makes anything cheaper, so where both
    /// it and a tier apply, the higher price counts.
    pub fn rates(&self, prompt: u64, service_tier: Option<&str>, at_ms: i64) -> Rates {
        let mut rates = self.standard;
        if let Some((from, next)) = self.next
            && at_ms >= from
        {
            rates = next.or(rates);
        }
        if let Some((_, tier)) = self.tiers.iter().rev().find(|(above, _)| prompt > *above) {
            rates = tier.or(rates);
        }
        let listed = match service_tier {
            Some("priority") => rates.higher(self.priority),
            Some("flex") => self.flex.or(rates),
            _ => rates,
        };
        self.own(at_ms).map_or(listed, |own| own.rates.or(listed))
    }

    /// The size above which a prompt of so many tokens has prices of its own, if it does.
    pub fn tier(&self, prompt: u64) -> Option<u64> {
        self.tiers.iter().rev().find(|(above, _)| prompt > *above).map(|(above, _)| *above)
    }

    /// How many of a call's searches are charged, and the price per thousand at an instant.
    pub fn searches(&self, searches: u64, at_ms: i64) -> (u64, Rate) {
        let charged = if self.is_google && !self.by_query { searches.min(1) } else { searches };
        let own = self.own(at_ms).and_then(|own| own.searches);
        (charged, own.or(self.searches).unwrap_or_default())
    }

    /// The list has prices for it, not only the operator.
    pub fn is_listed(&self) -> bool {
        self.standard.input.is_some()
    }

    /// Prices of the operator's own hold at that instant.
    pub fn is_own(&self, at_ms: i64) -> bool {
        self.own(at_ms).is_some_and(|own| own.rates != Rates::default() || own.searches.is_some())
    }

    /// The prices for long prompts as they are listed, smallest first.
    pub fn tiers(&self) -> Vec<TierPrices> {
        let tier = |(above, rates): &(u64, Rates)| TierPrices { above: *above, prices: rates.prices() };
        self.tiers.iter().map(tier).collect()
    }

    /// The prices that are announced, and from when on.
    pub fn next(&self) -> Option<(i64, ClassPrices)> {
        self.next.map(|(from, rates)| (from, rates.prices()))
    }

    /// The same prices under one name alone.
    pub(super) fn named(self, id: String) -> Self {
        Self { id, aliases: Vec::new(), prefixes: Vec::new(), ..self }
    }

    /// Adds prices of the operator's own; of two from one instant the later given holds.
    pub(super) fn put_own(&mut self, own: Own) {
        let at = self.own.partition_point(|other| other.from_ms > own.from_ms);
        self.own.insert(at, own);
    }

    fn own(&self, at_ms: i64) -> Option<&Own> {
        self.own.iter().find(|own| own.from_ms <= at_ms)
    }

    fn read(json: &str) -> Result<Self, EntryProblem> {
        let mut entry = Self::default();
        each_member(b"the entry", json, |name, value| entry.member(name, value))?;
        entry.tiers.sort_unstable_by_key(|(above, _)| *above);
        if entry.id.is_empty() {
            return Err(EntryProblem::Missing("id"));
        }
        if entry.standard.input.is_none() {
            return Err(EntryProblem::Missing("input"));
        }
        if entry.standard.output.is_none() {
            return Err(EntryProblem::Missing("output"));
        }
        Ok(entry)
    }

    fn member(&mut self, name: &[u8], value: &str) -> Result<(), EntryProblem> {
        match name {
            b"id" => self.id = text(value).map(|id| id.to_lowercase()).unwrap_or_default(),
            b"aliases" => self.aliases = names("aliases", value)?,
            b"prefixes" => self.prefixes = names("prefixes", value)?,
            b"web_search_per_1000" => self.searches = Some(rate_of(name, value)?),
            b"web_search_unit" => self.by_query = text(value).as_deref() == Some("per_query"),
            b"provider" => self.is_google = text(value).as_deref() == Some("google"),
            b"max_output" => self.max_output = count(value),
            b"priority" => self.priority = Rates::read(name, value)?,
            b"flex" => self.flex = Rates::read(name, value)?,
            b"next" => self.next = Some(next(value)?),
            b"factors" => each_member(name, value, |name, value| self.factor(name, value))?,
            _ => match tier_above(name) {
                Some(above) => self.tiers.push((above, Rates::read(name, value)?)),
                None => self.standard.member(name, value).map(drop)?,
            },
        }
        Ok(())
    }

    fn factor(&mut self, name: &[u8], value: &str) -> Result<(), EntryProblem> {
        let factor = Factor::read(value).ok_or_else(|| EntryProblem::NotAFactor {
            field: format!("factors.{}", String::from_utf8_lossy(name)),
            found: shown(value),
        })?;
        match name {
            b"fast" => self.fast = Some(factor),
            b"us" => self.us = Some(factor),
            _ => {}
        }
        Ok(())
    }
}

/// Every entry of a table's JSON.
pub(super) fn read_all(json: &str) -> Result<Vec<Entry>, TableError> {
    let texts: Vec<&RawValue> = serde_json::from_str(json).map_err(TableError::NotAnArray)?;
    if texts.is_empty() {
        return Err(TableError::Empty);
    }
    let entry = |(index, json): (usize, &&RawValue)| {
        Entry::read(json.get()).map_err(|problem| TableError::Entry {
            number: index + 1,
            id: id_of(json.get()),
            problem,
        })
    };
    texts.iter().enumerate().map(entry).collect()
}

fn id_of(json: &str) -> String {
    let mut id = String::from("without id");
    members(json, |name, value| {
        if name == b"id" {
            id = shown(value);
        }
    });
    id
}

pub(super) fn each_member<'a>(
    of: &[u8],
    json: &'a str,
    mut each: impl FnMut(&[u8], &'a str) -> Result<(), EntryProblem>,
) -> Result<(), EntryProblem> {
    let mut result = Ok(());
    let is_object = members(json, |name, value| {
        if result.is_ok() {
            result = each(name, value);
        }
    });
    if !is_object {
        return Err(EntryProblem::NotAnObject(String::from_utf8_lossy(of).into_owned()));
    }
    result
}

/// `above_200k` is for prompts of more than 200 000 tokens.
fn tier_above(name: &[u8]) -> Option<u64> {
    let thousands = std::str::from_utf8(name).ok()?.strip_prefix("above_")?.strip_suffix('k')?;
    thousands.parse::<u64>().ok()?.checked_mul(1_000)
}

fn next(json: &str) -> Result<(i64, Rates), EntryProblem> {
    let mut from = None;
    each_member(b"next", json, |name, value| {
        if name == b"from" {
            from = Some(midnight(value).ok_or_else(|| EntryProblem::NotADate(shown(value)))?);
        }
        Ok(())
    })?;
    Ok((from.ok_or(EntryProblem::Missing("next.from"))?, Rates::read(b"next", json)?))
}

/// The beginning of a day in UTC, in milliseconds since 1970.
fn midnight(json: &str) -> Option<i64> {
    let day: Date = text(json)?.parse().ok()?;
    Some(TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok()?.as_millisecond())
}

pub(super) fn rate_of(name: &[u8], value: &str) -> Result<Rate, EntryProblem> {
    Rate::read(value).ok_or_else(|| EntryProblem::NotAPrice {
        field: String::from_utf8_lossy(name).into_owned(),
        found: shown(value),
    })
}

fn names(field: &'static str, json: &str) -> Result<Vec<String>, EntryProblem> {
    let mut found = Vec::new();
    let mut are_names = true;
    are_names &= elements(json, |name| match text(name) {
        Some(name) if !name.is_empty() => found.push(name.to_lowercase()),
        _ => are_names = false,
    });
    if are_names { Ok(found) } else { Err(EntryProblem::NotNames(field)) }
}

fn shown(value: &str) -> String {
    value[..value.floor_char_boundary(60)].to_owned()
}
