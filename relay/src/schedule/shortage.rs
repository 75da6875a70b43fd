//! Why no account can take a call, and when the first one may.

use std::time::Duration;

use super::cooldown::Standing;
use super::plan::{Plan, Seat};
use super::{Ask, Refused, Trail, millis};
use crate::gate::refusal::{Refusal, Shortage};
use crate::model::account::AccountState;
use crate::model::cooldown::CooldownCause;
use crate::model::decision::Ruling;
use crate::model::key::Binding;

/// When a place may be free, where nobody knows.
const SHORTLY: Duration = Duration::from_secs(2);

/// The refusal of a call for which a plan has no account.
pub(super) fn refused(plan: &Plan, ask: &Ask<'_>, trail: &Trail, now_ms: i64) -> Refused {
    let decision = plan.decision(None, millis(trail.waited));
    Refused { refusal: refusal(plan, ask, now_ms), decision }
}

/// Says why a plan has no account.
pub(crate) fn refusal(plan: &Plan, ask: &Ask<'_>, now_ms: i64) -> Refusal {
    let (shortage, retry_after) = shortage(&plan.seats, ask, now_ms);
    let causes: Vec<_> = plan.seats.iter().map(|seat| cause(seat, ask.family(), now_ms)).collect();
    Refusal::NoAccount { shortage, retry_after, cause: told(ask.binding, &causes) }
}

/// Says why none of these can, whatever the model, and when the first one may.
pub fn none_able(states: &[AccountState], binding: &Binding, now_ms: i64) -> Refusal {
    let ends = states.iter().filter_map(|state| match state {
        AccountState::Cooling { until_ms, .. } => Some(*until_ms),
        _ => None,
    });
    let retry_after = ends.min().map(|end_ms| wait(end_ms, now_ms));
    let causes: Vec<_> = states.iter().map(of_state).collect();
    Refusal::NoAccount { shortage: Shortage::Out, retry_after, cause: told(binding, &causes) }
}

/// A free place is nearest; then what ends by itself, the earliest first; the rest is for people.
fn shortage(seats: &[Seat], ask: &Ask<'_>, now_ms: i64) -> (Shortage, Option<Duration>) {
    if seats.iter().any(|seat| seat.ruling == Ruling::Busy || seat.ruling.is_able()) {
        return (Shortage::Busy, Some(SHORTLY));
    }
    let ends = seats.iter().filter_map(|seat| match seat.ruling {
        Ruling::Limited { until_ms } => Some((until_ms, CooldownCause::Limit)),
        Ruling::Overloaded { until_ms } => Some((until_ms, CooldownCause::Overload)),
        Ruling::Tried => match seat.account.cooldowns().standing(ask.family(), now_ms) {
            Standing::Out { until_ms, cause } => Some((until_ms, cause)),
            _ => None,
        },
        _ => None,
    });
    match ends.min_by_key(|(until_ms, _)| *until_ms) {
        Some((until_ms, CooldownCause::Limit)) => (Shortage::Limited, Some(wait(until_ms, now_ms))),
        Some((until_ms, _)) => (Shortage::Overloaded(ask.service), Some(wait(until_ms, now_ms))),
        None => (Shortage::Out, None),
    }
}

fn wait(end_ms: i64, now_ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(end_ms - now_ms).unwrap_or(0))
}

fn cause(seat: &Seat, family: &str, now_ms: i64) -> String {
    match seat.ruling {
        Ruling::Busy => "busy".to_owned(),
        Ruling::NoModel => "without the model".to_owned(),
        Ruling::Stale => "its token has ended and cannot be renewed".to_owned(),
        Ruling::Limited { .. } | Ruling::Overloaded { .. } => {
            let words = seat.account.cooldowns().out(family, now_ms).map(|(_, words)| words);
            format!("cooling: {}", words.unwrap_or_default())
        }
        _ => of_state(&seat.account.state(now_ms)),
    }
}

fn of_state(state: &AccountState) -> String {
    match state {
        AccountState::Able => "failed just now".to_owned(),
        AccountState::Cooling { cause, .. } => format!("cooling: {cause}"),
        AccountState::Parked { cause, .. } => format!("parked: {cause}"),
        AccountState::NeedsSignIn { cause, .. } => format!("needs a new sign-in: {cause}"),
        AccountState::Paused { .. } => "paused".to_owned(),
    }
}

/// For the operator.
fn told(binding: &Binding, causes: &[String]) -> String {
    match (causes.is_empty(), binding) {
        (true, Binding::Any) => "there is no account".to_owned(),
        (true, Binding::Account(_)) => {
            "the account that the key is bound to does not exist, or cannot answer for this provider"
                .to_owned()
        }
        (true, Binding::Group(_)) => "the group that the key is bound to has no account for this".to_owned(),
        (false, Binding::Any) => format!("every account is out ({})", causes.join("; ")),
        (false, Binding::Account(_)) => format!("the key's own account is out ({})", causes.join("; ")),
        (false, Binding::Group(_)) => {
            format!("every account of the key's group is out ({})", causes.join("; "))
        }
    }
}
