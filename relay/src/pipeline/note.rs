//! What an attempt says of its account from now on.

use http::{HeaderMap, StatusCode};

use super::call::Call;
use super::judge::Judged;
use crate::model::account::Service;
use crate::model::cooldown::CooldownCause;
use crate::model::live::LiveEvent;
use crate::provider::anthropic::quota;
use crate::provider::anthropic::verdict::{Mark, Verdict};
use crate::provider::google::verdict::Scope;
use crate::schedule::account::Account;
use crate::schedule::cooldown::Fault;
use crate::schedule::lease::AccountLease;
use crate::state::Shared;
use crate::store::account::Parked;

/// A failed attempt, as far as its account goes.
pub(super) struct Fall<'a> {
    pub(super) mark: Mark,
    pub(super) scope: Scope,
    pub(super) is_overload: bool,
    pub(super) cause: &'a str,
    /// Upstream's, 0 if it gave none.
    pub(super) status: u16,
}

impl<'a> Fall<'a> {
    /// What a verdict other than delivery means.
    pub(super) fn of(judged: &'a Judged, status: u16) -> Self {
        let mark = match judged.verdict {
            Verdict::Next { mark, .. } => mark,
            Verdict::Deliver => Mark::None,
        };
        Self { mark, scope: judged.scope, is_overload: judged.is_overload, cause: &judged.cause, status }
    }

    /// Nobody answered.
    pub(super) fn silence(mark: Mark, cause: &'a str) -> Self {
        Self { mark, scope: Scope::Account, is_overload: false, cause, status: 0 }
    }
}

/// The account answered: a limit that kept others away is over, and the conversation is its own.
pub(super) fn answered(relay: &Shared, call: &Call, lease: &AccountLease, binds: bool) {
    let (account, now_ms) = (lease.account(), relay.clock.now_ms());
    if let Some(session) = call.session.filter(|_| binds) {
        relay.accounts.bind(session.id, &account.id, now_ms);
    }
    if lease.answered(call.ask().family(), now_ms) {
        tracing::info!(account = %account.name, "the account serves again, earlier than it was thought");
        changed(relay, account, now_ms);
    }
}

/// What a reply tells of the account's windows, be it good or bad.
pub(super) fn windows(relay: &Shared, call: &Call, account: &Account, headers: &HeaderMap) {
    if call.ask().service != Service::Claude || account.is_sandbox() {
        return;
    }
    let readings = quota::readings(headers);
    if !readings.is_empty() {
        let now_ms = relay.clock.now_ms();
        account.room().read(&readings, account.in_flight(), now_ms);
        if account.room().is_due_for_keeping(now_ms) {
            relay.chores.keep_windows(account.id.clone(), account.room().readings(now_ms), now_ms);
        }
    }
}

/// The account failed.
pub(super) fn failed(relay: &Shared, call: &Call, lease: &AccountLease, fall: &Fall<'_>) {
    let (account, now_ms) = (lease.account(), relay.clock.now_ms());
    if account.is_sandbox() {
        // Its errors were asked for by the prompt: they say nothing of an account.
        return;
    }
    if fall.mark == Mark::Park {
        return park(relay, account, fall, now_ms);
    }
    let ask = call.ask();
    let family = (fall.scope == Scope::Model).then(|| ask.family());
    let fault = |cause, until_ms| Some(Fault { cause, family, until_ms, words: fall.cause });
    let cause = if fall.is_overload { CooldownCause::Overload } else { CooldownCause::Trouble };
    let fault = match fall.mark {
        Mark::None | Mark::Park => None,
        Mark::Troubled => fault(cause, None),
        Mark::Cool(until_ms) if fall.status == StatusCode::TOO_MANY_REQUESTS.as_u16() => {
            fault(CooldownCause::Limit, Some(until_ms))
        }
        Mark::Cool(until_ms) => fault(cause, Some(until_ms)),
    };
    if lease.failed(fault.as_ref(), now_ms, rand::random()) {
        tracing::warn!(account = %account.name, family, cause = fall.cause, "account cools down");
        changed(relay, account, now_ms);
    }
}

fn park(relay: &Shared, account: &Account, fall: &Fall<'_>, now_ms: i64) {
    let needs_sign_in = account.kind.is_oauth() && fall.status == StatusCode::UNAUTHORIZED.as_u16();
    let parked = Parked { since_ms: now_ms, cause: fall.cause.to_owned(), needs_sign_in };
    account.set_parked(Some(parked.clone()));
    relay.chores.park(account.id.clone(), parked);
    tracing::error!(account = %account.name, cause = fall.cause, "account is parked until a person acts");
    relay.live.tell(LiveEvent::Accounts);
}

/// What keeps calls away from an account has changed: that is kept, and whoever waits looks again.
fn changed(relay: &Shared, account: &Account, now_ms: i64) {
    relay.chores.keep_cooldowns(account.id.clone(), account.cooldowns().rows(now_ms));
    account.slots().rouse();
    relay.live.tell(LiveEvent::Accounts);
}
