//! Along which index a page is read. The one that lets fewest calls through is taken; what else is asked for is checked
//! call by call.

mod way;

use rusqlite::Connection;
use uuid::Uuid;

use self::way::Way;
use super::place::Place;
use super::{Listing, Named, about, about_between, about_failed, unique};
use crate::model::outcome::Outcome;
use crate::model::request::{RequestFilter, RequestSort};
use crate::store::StoreError;

/// So many calls are quickly put in order; of more, an index that has the order is read.
const FEW: u64 = 15_000;

/// The ways whose calls together are those that the list is of.
pub(super) struct Road {
    ways: Vec<Way>,
    /// The ways have the order; else all their calls are put in order.
    is_ordered: bool,
}

impl Road {
    pub(super) fn of(read: &Connection, listing: &Listing) -> Result<Self, StoreError> {
        let is_by_time = matches!(listing.sort, RequestSort::Newest | RequestSort::Oldest);
        let (way, calls) = narrowest(read, &listing.filter)?;
        let (mut ways, mut calls) = (vec![way.checking_text()], calls);
        if let Some(text) = &listing.filter.text {
            let (by_text, found) = by_text(read, text, &listing.named)?;
            if found < calls {
                (ways, calls) = (by_text, found);
            }
        }
        if is_by_time || calls <= FEW {
            return Ok(Self { ways, is_ordered: is_by_time });
        }
        Ok(Self { ways: vec![Way::whole(in_order(listing.sort)).checking_text()], is_ordered: true })
    }

    /// The places of one call more than the page has.
    pub(super) fn places(&self, read: &Connection, listing: &Listing) -> Result<Vec<Place>, StoreError> {
        let mut places = Vec::new();
        for way in &self.ways {
            places.extend(way.places(read, listing, self.is_ordered)?);
        }
        if self.ways.len() > 1 {
            places = unique(places);
        }
        places.sort_by(|one, other| one.compare(other, listing.sort));
        places.truncate(usize::try_from(listing.limit).unwrap_or(usize::MAX).saturating_add(1));
        Ok(places)
    }
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
fn narrowest(read: &Connection, filter: &RequestFilter) -> Result<(Way, u64), StoreError> {
    let (from_ms, to_ms) = (filter.from_ms.unwrap_or(0), filter.to_ms.unwrap_or(i64::MAX));
    let mut best = (Way::whole("attempt_at"), about_between(read, from_ms, to_ms)?);
    let mut offer = |way: Way, calls: u64| {
        // Of two alike an index of its own is better than time.
        if calls <= best.1 {
            best = (way, calls);
        }
    };
    if let Some(key) = &filter.key {
        offer(Way::by_key(key.as_str()), about(read, "key", key.as_str())?);
    }
    if let Some(account) = &filter.account {
        offer(Way::by_account(account.as_str()), about(read, "account", account.as_str())?);
    }
    if let Some(model) = &filter.model {
        // The sums do not count what was refused under its model; most calls are answered.
        offer(Way::by_model(model), about(read, "model", model)?);
    }
    if let Some(outcome) = filter.outcome.filter(|outcome| *outcome != Outcome::Ok) {
        offer(Way::by_failure(outcome), about_failed(read)?);
    }
    if let Some(status) = filter.status.filter(|status| *status != 200) {
        offer(Way::by_status(status), about_failed(read)?);
    }
    Ok(best)
}

/// One way for each name that the text is in, and those of failures for their causes.
fn by_text(read: &Connection, text: &str, named: &Named) -> Result<(Vec<Way>, u64), StoreError> {
    if let Ok(call) = Uuid::try_parse(text.trim()) {
        return Ok((vec![Way::by_call(call)], 1));
    }
    let mut calls = about_failed(read)?;
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
    Ok((ways, calls))
}
