//! Single calls: what an administrator can look at. Bodies are nowhere in here.

use uuid::Uuid;

use super::{Admin, Error};
use crate::model::id::{AccountId, CallId};
use crate::model::problem::Problem;
use crate::model::request::{RequestDetail, Tried};
use crate::state::Shared;
use crate::store::attempt::{self, Attempt};
use crate::store::figure;

/// One call with its attempts.
///
/// # Errors
/// There is none (any more), or the store fails.
pub async fn find(shared: &Shared, _admin: &Admin, id: &CallId) -> Result<RequestDetail, Error> {
    shared.books.caught_up().await;
    let missing = || Error::whole(Problem::NotFound);
    let call = Uuid::parse_str(id.as_str()).map_err(|_| missing())?;
    let attempts = attempt::of_call(&shared.store, call).await?;
    let first = attempts.first().cloned().ok_or_else(missing)?;
    let (keys, accounts) = figure::names(&shared.store).await?;
    let named = attempts.iter().flat_map(accounts_of);
    let name = |id: &AccountId| Some((id.clone(), accounts.get(id.as_str())?.clone()));
    Ok(RequestDetail {
        id: CallId::new(call.to_string()),
        at_ms: first.at_ms,
        key_name: keys.get(first.key.as_str()).cloned().unwrap_or_default(),
        key: first.key,
        asked: first.asked,
        stream: first.stream,
        sandbox: first.sandbox,
        names: named.filter_map(name).collect(),
        attempts: attempts.into_iter().map(tried).collect(),
    })
}

/// Every account that an attempt's record names.
fn accounts_of(attempt: &Attempt) -> impl Iterator<Item = &AccountId> {
    let considered = attempt.decision.iter().flat_map(|decision| &decision.considered);
    attempt.account.iter().chain(considered.map(|considered| &considered.account))
}

fn tried(attempt: Attempt) -> Tried {
    Tried {
        n: attempt.n,
        last: attempt.last,
        account: attempt.account,
        model: attempt.model,
        status: attempt.status,
        outcome: attempt.outcome,
        cause: attempt.cause,
        tokens: attempt.usage.tokens,
        estimated: attempt.usage.input_estimated || attempt.usage.output_estimated,
        cost: attempt.cost,
        first_byte_ms: attempt.first_byte_ms,
        total_ms: attempt.total_ms,
        decision: attempt.decision.map(|decision| *decision),
    }
}
