//! Which account: those able to serve, in the order in which they are tried.

pub mod affinity;
pub mod catalogue;
pub mod cooldown;
pub mod family;
pub mod pool;
pub mod queue;
pub mod renewal;
pub mod room;
pub mod session;

use std::sync::Arc;
use std::time::Duration;

use crate::gate::refusal::Refusal;
use crate::model::account::AccountState;
use crate::model::key::Binding;
use pool::{Account, Pool};

/// The accounts to try for one call, best first; never empty. `suits` says which can serve such a call at all.
///
/// A bound key gets its account or nothing. A sandbox serves only keys bound to it: nobody gets an invented answer by
/// accident. Then by priority, by trouble in the last seconds, by calls under way, by longest unused.
///
/// # Errors
/// [`Refusal::NoAccount`], with the time until the first one may serve again, if that is known.
pub fn candidates(
    pool: &Pool,
    suits: impl Fn(&Account) -> bool,
    binding: &Binding,
    now_ms: i64,
) -> Result<Vec<Arc<Account>>, Refusal> {
    let all = pool.all();
    let mine = all.iter().filter(|account| suits(account) && pool.is_bound(account, binding));
    let mut mine: Vec<_> = mine.cloned().collect();
    let states: Vec<_> = mine.iter().map(|account| account.state(now_ms)).collect();
    mine.retain(|account| account.state(now_ms) == AccountState::Able);
    if mine.is_empty() {
        return Err(none_able(&states, binding, now_ms));
    }
    mine.sort_by_cached_key(|account| account.rank(now_ms));
    Ok(mine)
}

/// Says why none can, and when the first one may.
pub fn none_able(states: &[AccountState], binding: &Binding, now_ms: i64) -> Refusal {
    let ends = states.iter().filter_map(|state| match state {
        AccountState::Cooling { until_ms, .. } => Some(*until_ms),
        _ => None,
    });
    let retry_after = ends.min().map(|end| Duration::from_millis(u64::try_from(end - now_ms).unwrap_or(0)));
    let whose = match binding {
        Binding::Any => "every account",
        Binding::Account(_) => "the key's own account",
        Binding::Group(_) => "every account of the key's group",
    };
    let causes: Vec<_> = states
        .iter()
        .map(|state| match state {
            AccountState::Able => "failed just now".to_owned(),
            AccountState::Cooling { cause, .. } => format!("cooling: {cause}"),
            AccountState::Parked { cause, .. } => format!("parked: {cause}"),
            AccountState::NeedsSignIn { cause, .. } => format!("needs a new sign-in: {cause}"),
            AccountState::Paused { .. } => "paused".to_owned(),
        })
        .collect();
    let cause = match (causes.is_empty(), binding) {
        (true, Binding::Any) => "there is no account".to_owned(),
        (true, Binding::Account(_)) => {
            "the account that the key is bound to does not exist, or cannot answer for this provider"
                .to_owned()
        }
        (true, Binding::Group(_)) => "the group that the key is bound to has no account for this".to_owned(),
        (false, _) => format!("{whose} is out ({})", causes.join("; ")),
    };
    Refusal::NoAccount { retry_after, cause }
}
