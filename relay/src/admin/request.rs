//! Single calls: lists of them, one with all its attempts, and how its cost came about.

mod walk;

use std::collections::HashMap;

use uuid::Uuid;

use super::usage::Labels;
use super::{Admin, Error};
use crate::meter::cost;
use crate::model::id::{AccountId, CallId};
use crate::model::price::Breakdown;
use crate::model::problem::Problem;
use crate::model::request::{RequestDetail, RequestPage, RequestQuery, RequestRow, Tried};
use crate::price::Table;
use crate::state::Shared;
use crate::store::attempt::{self, Attempt};
use crate::store::call::{self, Call, Listing, Named};
use crate::store::price;

pub use walk::Walk;

const ROWS: u16 = 50;
const MOST_ROWS: u16 = 200;
const LONGEST_TEXT: usize = 200;

/// A page of calls, the latest included. Counts of tokens are not among them.
///
/// # Errors
/// `after` is no page's end, `limit` or `text` is too large, or the store fails.
pub async fn list(shared: &Shared, _admin: &Admin, query: &RequestQuery) -> Result<RequestPage, Error> {
    if query.limit > MOST_ROWS {
        return Err(Error::field("limit", Problem::OutOfRange { min: 1, max: MOST_ROWS.into() }));
    }
    let limit = if query.limit == 0 { ROWS } else { query.limit };
    if query.after.is_none() {
        shared.books.caught_up().await;
    }
    let labels = Labels::read(shared).await?;
    page(shared, &labels, query, limit.into()).await
}

/// One call with all its attempts.
///
/// # Errors
/// There is no such call, or it is forgotten; or the store fails.
pub async fn find(shared: &Shared, _admin: &Admin, id: &CallId) -> Result<RequestDetail, Error> {
    let missing = || Error::whole(Problem::NotFound);
    let call = Uuid::try_parse(id.as_str()).map_err(|_| missing())?;
    shared.books.caught_up().await;
    let attempts = attempt::of_call(&shared.store, call).await?;
    let last = attempts.iter().rfind(|attempt| attempt.last).or(attempts.last()).ok_or_else(missing)?.clone();
    let (tokens, cost) = call::summed(&attempts);
    let labels = Labels::read(shared).await?;
    let name = |id: &AccountId| Some((id.clone(), labels.account(id.as_str())?));
    let names = attempts.iter().flat_map(accounts_of).filter_map(name).collect();
    let tables = tables(shared, &attempts).await?;
    Ok(RequestDetail {
        id: CallId::new(call.to_string()),
        at_ms: last.at_ms,
        key_name: labels.key(last.key.as_str()),
        key: last.key,
        endpoint: last.endpoint.name().to_owned(),
        asked: last.asked,
        stream: last.stream,
        sandbox: last.sandbox,
        tokens,
        cost,
        names,
        attempts: tried(attempts, &tables),
    })
}

/// Every account that an attempt's record names.
fn accounts_of(attempt: &Attempt) -> impl Iterator<Item = &AccountId> {
    let considered = attempt.decision.iter().flat_map(|decision| &decision.considered);
    attempt.account.iter().chain(considered.map(|considered| &considered.account))
}

pub(super) async fn page(
    shared: &Shared,
    labels: &Labels,
    query: &RequestQuery,
    limit: u32,
) -> Result<RequestPage, Error> {
    let mut filter = query.filter.clone();
    filter.text = filter.text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let mut named = Named::default();
    if let Some(text) = &filter.text {
        if text.chars().count() > LONGEST_TEXT {
            return Err(Error::field("text", Problem::TooLong { max: 200 }));
        }
        let text = text.to_lowercase();
        named.keys = labels.keys_named(&text);
        named.accounts = labels.accounts_named(&text);
        named.models = call::models(&shared.store).await?;
        named.models.retain(|model| !model.is_empty() && model.to_lowercase().contains(&text));
    }
    let after = query.after.as_deref().map(str::parse).transpose();
    let after = after.map_err(|_| Error::field("after", Problem::NotFound))?;
    let listing = Listing { filter, named, sort: query.sort, after, limit };
    let (calls, next) = call::list(&shared.store, listing).await?;
    let rows = calls.into_iter().map(|call| row(labels, call)).collect();
    Ok(RequestPage { rows, next: next.map(|place| place.to_string()) })
}

/// The price tables that attempts were priced with, as far as they are kept.
async fn tables(shared: &Shared, attempts: &[Attempt]) -> Result<HashMap<String, Table>, Error> {
    let mut tables = HashMap::new();
    for version in attempts.iter().filter_map(|attempt| attempt.price.clone()) {
        if !tables.contains_key(&version)
            && let Some(table) = price::table(&shared.store, version.clone()).await?
        {
            tables.insert(version, table);
        }
    }
    Ok(tables)
}

/// Only if it comes to what the books say: a record may hold a bounded part of absurd usage.
fn breakdown_of(table: &Table, attempt: &Attempt) -> Option<Breakdown> {
    let breakdown = cost::breakdown(table, attempt.shown_model(), &attempt.usage, attempt.at_ms)?;
    (Some(breakdown.total) == attempt.cost).then_some(breakdown)
}

/// Each begins where the one before ended.
fn tried(attempts: Vec<Attempt>, tables: &HashMap<String, Table>) -> Vec<Tried> {
    let mut begun_ms = 0;
    let one = |attempt: Attempt| {
        let table = attempt.price.as_ref().and_then(|version| tables.get(version));
        let breakdown = table.and_then(|table| breakdown_of(table, &attempt));
        let begun_ms = std::mem::replace(&mut begun_ms, attempt.total_ms).min(attempt.total_ms);
        Tried {
            n: attempt.n,
            last: attempt.last,
            account: attempt.account,
            model: attempt.model,
            status: attempt.status,
            outcome: attempt.outcome,
            cause: attempt.cause,
            usage: attempt.usage,
            cost: attempt.cost,
            price: attempt.price,
            breakdown,
            begun_ms,
            first_byte_ms: attempt.first_byte_ms,
            total_ms: attempt.total_ms,
            decision: attempt.decision.map(|decision| *decision),
        }
    };
    attempts.into_iter().map(one).collect()
}

/// A call as lists show it.
pub(super) fn row(labels: &Labels, call: Call) -> RequestRow {
    let Call { last, tokens, cost } = call;
    RequestRow {
        id: CallId::new(last.call.to_string()),
        at_ms: last.at_ms,
        key_name: labels.key(last.key.as_str()),
        account_name: last.account.as_ref().and_then(|id| labels.account(id.as_str())),
        model: last.shown_model().to_owned(),
        key: last.key,
        account: last.account,
        stream: last.stream,
        outcome: last.outcome,
        status: last.status,
        cause: last.cause,
        attempts: last.n,
        tokens,
        estimated: last.usage.is_estimated(),
        cost,
        sandbox: last.sandbox,
        first_byte_ms: last.first_byte_ms,
        total_ms: last.total_ms,
    }
}
