//! Along which index a page is read. The one that lets fewest calls through is taken; what else is asked for is checked
//! call by call.

mod way;

use rusqlite::Connection;
use uuid::Uuid;

use self::way::Way;
use super::place::Place;
use super::{Listing, Named, about, about_between, unique};
use crate::model::outcome::Outcome;
use crate::model::request::{RequestFilter, RequestSort};
use crate::store::StoreError;

/// Calls that are read in an index alone take so many times less than those that are looked up.
const SPARED: u64 = 12;

/// The ways whose calls together are those that the list is of.
pub(super) struct Road {
    ways: Vec<Way>,
}

impl Road {
    pub(super) fn of(read: &Connection, listing: &Listing) -> Result<Self, StoreError> {
        let is_by_time = matches!(listing.sort, RequestSort::Newest | RequestSort::Oldest);
        let spared = spared(&listing.filter);
        let (ways, mut calls) = narrowest(read, &listing.filter, spared)?;
        let mut ways: Vec<_> = ways.into_iter().map(Way::checking_text).collect();
        if let Some(text) = &listing.filter.text {
            let (by_text, found) = by_text(read, text, &listing.named, spared)?;
            if found < calls {
                (ways, calls) = (by_text, found);
            }
        }
        if !is_by_time && calls > few(read, listing.limit)? {
            ways = vec![Way::whole(in_order(listing.sort)).checking_text()];
        }
        Ok(Self { ways })
    }

    /// The places of one call more than the page has.
    pub(super) fn places(&self, read: &Connection, listing: &Listing) -> Result<Vec<Place>, StoreError> {
        let mut places = Vec::new();
        for way in &self.ways {
            places.extend(way.places(read, listing)?);
        }
        if self.ways.len() > 1 {
            places = unique(places);
        }
        places.sort_by(|one, other| one.compare(other, listing.sort));
        places.truncate(usize::try_from(listing.limit).unwrap_or(usize::MAX).saturating_add(1));
        Ok(places)
    }
}

/// To put calls in order each of them must be looked at; along an index that has the order, as many for each that is
/// wanted as there are others between two of them. Up to so many calls the first is less.
fn few(read: &Connection, limit: u32) -> Result<u64, StoreError> {
    let all = about_between(read, 0, i64::MAX)?;
    Ok(all.saturating_mul(u64::from(limit) + 1).isqrt())
}

/// How many times less a call takes that is read in an index alone: where nothing else is asked of it.
fn spared(filter: &RequestFilter) -> u64 {
    let asked = [
        filter.key.is_some(),
        filter.model.is_some(),
        filter.account.is_some(),
        filter.outcome.is_some() || filter.status.is_some(),
        filter.text.is_some(),
    ];
    if asked.into_iter().filter(|is_asked| *is_asked).count() == 1 { SPARED } else { 1 }
}

fn in_order(sort: RequestSort) -> &'static str {
    match sort {
        RequestSort::Newest | RequestSort::Oldest => "attempt_at",
        RequestSort::Cost => "call_cost",
        RequestSort::Tokens => "call_tokens",
        RequestSort::Duration => "call_duration",
    }
}

/// By key, account, model, outcome, status or time: whichever lets fewest through, and how many that are about.
fn narrowest(read: &Connection, filter: &RequestFilter, spared: u64) -> Result<(Vec<Way>, u64), StoreError> {
    let (from_ms, to_ms) = (filter.from_ms.unwrap_or(0), filter.to_ms.unwrap_or(i64::MAX));
    let mut best = (vec![Way::whole("attempt_at")], about_between(read, from_ms, to_ms)?);
    let mut offer = |ways: Vec<Way>, calls: u64| {
        // Of two alike an index of its own is better than time.
        if calls <= best.1 {
            best = (ways, calls);
        }
    };
    if let Some(key) = &filter.key {
        offer(vec![Way::by_key(key.as_str())], about(read, "key", key.as_str())? / spared);
    }
    if let Some(account) = &filter.account {
        offer(vec![Way::by_account(account.as_str())], about(read, "account", account.as_str())? / spared);
    }
    if let Some(model) = &filter.model {
        // The sums do not count what was refused under its model; most calls are answered.
        offer(vec![Way::by_model(model)], about(read, "model", model)? / spared);
    }
    if let Some(outcome) = filter.outcome.filter(|outcome| *outcome != Outcome::Ok) {
        offer(vec![Way::by_failure(outcome)], failures(read, [outcome])? / spared);
    }
    // Whatever is answered well has a status of 2xx.
    if filter.status.is_some_and(|status| !(200..300).contains(&status)) {
        let ways = Outcome::ALL.into_iter().filter(|outcome| *outcome != Outcome::Ok);
        offer(ways.map(Way::by_failure).collect(), failures(read, Outcome::ALL)? / spared);
    }
    Ok(best)
}

/// How many calls ended so, about.
fn failures(read: &Connection, outcomes: impl IntoIterator<Item = Outcome>) -> Result<u64, StoreError> {
    let mut calls = 0;
    for outcome in outcomes.into_iter().filter(|outcome| *outcome != Outcome::Ok) {
        calls += about(read, "outcome", outcome.name())?;
    }
    Ok(calls)
}

/// One way for each name that the text is in, and those of failures for their causes.
fn by_text(read: &Connection, text: &str, named: &Named, spared: u64) -> Result<(Vec<Way>, u64), StoreError> {
    if let Ok(call) = Uuid::try_parse(text.trim()) {
        return Ok((vec![Way::by_call(call)], 1));
    }
    let mut calls = failures(read, Outcome::ALL)?;
    let mut ways: Vec<_> = Outcome::ALL
        .into_iter()
        .filter(|outcome| *outcome != Outcome::Ok)
        .map(|outcome| Way::by_failure(outcome).checking_cause())
        .collect();
    for key in &named.keys {
        calls += about(read, "key", key)?;
        ways.push(Way::by_key(key));
    }
    for account in &named.accounts {
        calls += about(read, "account", account)?;
        ways.push(Way::by_account(account));
    }
    for model in &named.models {
        calls += about(read, "model", model)?;
        ways.push(Way::by_model(model));
    }
    Ok((ways, calls / spared))
}
