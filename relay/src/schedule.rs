//! Which account: those able to serve, in the order in which they are tried.

pub mod affinity;
pub mod catalogue;
pub mod cooldown;
pub mod pool;
pub mod queue;
pub mod session;

use std::sync::Arc;
use std::time::Duration;

use crate::gate::refusal::Refusal;
use crate::model::account::{AccountKind, AccountState};
use crate::model::id::AccountId;
use pool::{Account, Pool};

/// The accounts to try for one call, best first; never empty.
///
/// A bound key gets its account or nothing. A sandbox serves only keys bound to it: nobody gets an invented answer by
/// accident. Then by priority, by trouble in the last seconds, by calls under way, by longest unused.
///
/// # Errors
/// [`Refusal::NoAccount`], with the time until the first one may serve again, if that is known.
pub fn candidates(pool: &Pool, bound: Option<&AccountId>, now_ms: i64) -> Result<Vec<Arc<Account>>, Refusal> {
    let all = pool.all();
    let mut mine: Vec<_> = all.iter().filter(|account| may_serve(account, bound)).cloned().collect();
    let states: Vec<_> = mine.iter().map(|account| account.state(now_ms)).collect();
    mine.retain(|account| account.state(now_ms) == AccountState::Able);
    if mine.is_empty() {
        return Err(none_able(&states, bound.is_some(), now_ms));
    }
    mine.sort_by_cached_key(|account| account.rank(now_ms));
    Ok(mine)
}

/// Whether an account may serve a key that is bound so.
pub fn may_serve(account: &Account, bound: Option<&AccountId>) -> bool {
    match bound {
        Some(id) => account.id == *id,
        None => account.kind != AccountKind::Sandbox,
    }
}

/// Says why none can, and when the first one may.
pub fn none_able(states: &[AccountState], bound: bool, now_ms: i64) -> Refusal {
    let ends = states.iter().filter_map(|state| match state {
        AccountState::Cooling { until_ms, .. } => Some(*until_ms),
        _ => None,
    });
    let retry_after = ends.min().map(|end| Duration::from_millis(u64::try_from(end - now_ms).unwrap_or(0)));
    let whose = if bound { "the key's own account" } else { "every account" };
    let causes: Vec<_> = states
        .iter()
        .map(|state| match state {
            AccountState::Able => "failed just now".to_owned(),
            AccountState::Cooling { cause, .. } => format!("cooling: {cause}"),
            AccountState::Parked { cause, .. } => format!("parked: {cause}"),
            AccountState::Paused { .. } => "paused".to_owned(),
        })
        .collect();
    let cause = match causes.is_empty() {
        true if bound => "the account that the key is bound to does not exist any more".to_owned(),
        true => "there is no account".to_owned(),
        false => format!("{whose} is out ({})", causes.join("; ")),
    };
    Refusal::NoAccount { retry_after, cause }
}
