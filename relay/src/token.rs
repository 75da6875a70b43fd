//! Tokens of signed-in accounts, kept fresh: ahead of time by a task, on the road where one is about to end.
//!
//! Promises: at most one refresh of an account at a time, however many wait for it; a rotated token is on disk before
//! it is used, and goes on to be written when everybody who waited is gone. Never logs a token.

mod refresh;

use std::sync::Arc;

use tokio::sync::watch;

use crate::provider::credential::Tokens;
use crate::schedule::account::Account;
use crate::schedule::renewal::{Ending, Stale};
use crate::state::Shared;

/// On the road a token is refreshed first if it ends within this time.
const TOO_LATE_MS: i64 = 10_000;
/// Ahead of time a token is refreshed so long before its end, or a fifth of its life if that is shorter.
const LEAD_MS: i64 = 5 * 60_000;

/// Makes sure that an account's credential lives long enough to be sent. Others than signed-in accounts always do.
///
/// # Errors
/// It has ended and cannot be renewed now.
pub async fn ready(relay: &Shared, account: &Arc<Account>) -> Result<(), Stale> {
    let Some(version) = ending_version(account, relay.clock.now_ms() + TOO_LATE_MS) else { return Ok(()) };
    let renewed = renew(relay, account, version).await;
    match renewed {
        Err(_) if ending_version(account, relay.clock.now_ms()).is_none() => Ok(()),
        renewed => renewed,
    }
}

/// Renews the tokens of version `version`, or waits for whoever does; at once if there are newer ones.
///
/// # Errors
/// The provider refused, could not be reached, or was asked too short a time ago.
pub async fn renew(relay: &Shared, account: &Arc<Account>, version: i64) -> Result<(), Stale> {
    let Some(mut ending) = begin(relay, account, version)? else { return Ok(()) };
    match ending.wait_for(Option::is_some).await {
        Ok(ended) => ended.clone().unwrap_or(Ok(())),
        Err(_) => Err(Stale("the refresh did not come to its end".into())),
    }
}

/// Begins a refresh where none is under way. Nothing if there are newer tokens than `version` already.
///
/// # Errors
/// The last one failed, and it is too early for another.
pub(crate) fn begin(relay: &Shared, account: &Arc<Account>, version: i64) -> Result<Option<Ending>, Stale> {
    let mut renewal = account.renewal();
    if account.credential().tokens().is_none_or(|tokens| tokens.version > version) {
        return Ok(None);
    }
    if let Some(running) = renewal.running() {
        return Ok(Some(running));
    }
    if let Some(failed) = renewal.failed_before(relay.clock.now_ms()) {
        return Err(failed);
    }
    let (told, ending) = watch::channel(None);
    renewal.run(ending.clone());
    relay.tasks.spawn(refresh::run(Arc::clone(relay), Arc::clone(account), told));
    Ok(Some(ending))
}

/// Begins the refreshes that are due, and waits for none of them.
pub(crate) fn begin_due(relay: &Shared) {
    let now_ms = relay.clock.now_ms();
    for account in relay.accounts.all().iter() {
        let version =
            account.credential().tokens().filter(|tokens| is_due(tokens, now_ms)).map(|t| t.version);
        if let Some(version) = version.filter(|_| !account.needs_sign_in()) {
            // What failed a moment ago is tried again in its time.
            let _ = begin(relay, account, version);
        }
    }
}

/// Accounts that were added together do not refresh together: the lead differs by up to a quarter.
fn is_due(tokens: &Tokens, now_ms: i64) -> bool {
    let Some(ends_ms) = tokens.ends_ms.filter(|_| tokens.refresh.is_some()) else { return false };
    let lead_ms = LEAD_MS.min((ends_ms - tokens.issued_ms).max(0) / 5);
    let jitter_ms = lead_ms * (tokens.issued_ms.rem_euclid(1_000)) / 4_000;
    now_ms >= ends_ms - lead_ms + jitter_ms
}

/// The version of the tokens, if they end before an instant.
fn ending_version(account: &Account, before_ms: i64) -> Option<i64> {
    let credential = account.credential();
    let tokens = credential.tokens()?;
    tokens.ends_ms.filter(|ends_ms| *ends_ms <= before_ms).map(|_| tokens.version)
}
