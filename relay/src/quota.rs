//! Windows asked for beside the road: for display, and because a provider's own word can end a long cooldown without a
//! client's call. Replies tell most of it for nothing, so this asks seldom, and never twice where the provider said
//! wait (reference/anthropic.md, section 13).

use std::sync::Arc;
use std::time::Duration;

use crate::model::account::AccountKind;
use crate::model::live::LiveEvent;
use crate::model::window::{WindowReading, WindowStatus};
use crate::provider::anthropic;
use crate::provider::google::code_assist;
use crate::provider::probe::ProbeError;
use crate::schedule::account::Account;
use crate::state::Shared;
use crate::token;

/// Between two questions about one account.
const PAUSE_MS: i64 = 10 * 60_000;
/// After an answer that no other one will follow: a long-lived token may not ask.
const LONG_PAUSE_MS: i64 = 24 * 3_600_000;
/// Shorter cooldowns end by themselves soon enough.
const LONG_COOLDOWN_MS: i64 = 5 * 60_000;
/// A person waits for the first answer.
const FIRST_PATIENCE: Duration = Duration::from_secs(5);
/// Basis points of a window that is spent.
const SPENT: u32 = 10_000;

/// Asks about the accounts that are due: nothing is known of them, somebody looks, or a long cooldown may be over.
pub(crate) async fn ask_due(relay: &Shared) {
    for account in relay.accounts.all().iter() {
        let now_ms = relay.clock.now_ms();
        if is_wanted(relay, account, now_ms) && account.asks_quota(now_ms, PAUSE_MS) {
            ask(relay, account).await;
        }
    }
}

fn is_wanted(relay: &Shared, account: &Account, now_ms: i64) -> bool {
    account.kind.is_oauth()
        && !account.needs_sign_in()
        && (relay.live.has_listeners()
            || account.room().readings(now_ms).is_empty()
            || account
                .cooldowns()
                .limit(now_ms)
                .is_some_and(|(until_ms, _)| until_ms > now_ms + LONG_COOLDOWN_MS))
}

/// Asks about an account that was just signed in to, so that its windows show at once; waits but a moment.
pub(crate) async fn ask_first(relay: &Shared, account: &Arc<Account>) {
    account.asks_quota_again(relay.clock.now_ms() + PAUSE_MS);
    // Too slow an answer costs a look ten minutes later.
    let _ = tokio::time::timeout(FIRST_PATIENCE, ask(relay, account)).await;
}

/// Asks about one account and takes in what it is told. What goes wrong costs nothing but the figures.
pub async fn ask(relay: &Shared, account: &Arc<Account>) {
    let now_ms = relay.clock.now_ms();
    match readings(relay, account).await {
        Ok(readings) => take_in(relay, account, &readings, now_ms),
        Err(error) => {
            let pause_ms = match &error {
                ProbeError::Forbidden(_) => LONG_PAUSE_MS,
                error => error.retry_after().map_or(0, millis).max(PAUSE_MS),
            };
            account.asks_quota_again(now_ms.saturating_add(pause_ms));
            tracing::debug!(account = %account.name, %error, "its windows could not be asked for");
        }
    }
}

async fn readings(relay: &Shared, account: &Arc<Account>) -> Result<Vec<WindowReading>, ProbeError> {
    let stale = |stale: crate::schedule::renewal::Stale| ProbeError::Unauthorized(stale.to_string());
    token::ready(relay, account).await.map_err(stale)?;
    let no_tokens = || ProbeError::Unauthorized("it holds no tokens".to_owned());
    let access = account.credential().tokens().map(|tokens| tokens.access.clone()).ok_or_else(no_tokens)?;
    let Ok(lane) = relay.outbound.lease(account.proxy.as_deref()) else { return Ok(Vec::new()) };
    let (client, config) = (lane.client(), &relay.config);
    let asked = match account.kind {
        AccountKind::ClaudeOauth => anthropic::quota::usage(client, &config.anthropic, &access).await,
        _ => {
            let project = account.identity().project.clone();
            code_assist::quota(client, &config.google, &access, project.as_deref()).await
        }
    };
    asked.map_err(|error| match &account.proxy {
        Some(proxy) => error.behind(&proxy.to_string()),
        None => error,
    })
}

/// Takes the readings in. Evidence beats hints: where the account's own windows have room, its cooldown is over.
fn take_in(relay: &Shared, account: &Arc<Account>, readings: &[WindowReading], now_ms: i64) {
    account.room().read(readings, account.in_flight(), now_ms);
    relay.chores.keep_windows(account.id.clone(), account.room().readings(now_ms), now_ms);
    let mut own = readings.iter().filter(|reading| reading.window.family().is_none()).peekable();
    let has_room = own.peek().is_some() && own.all(|reading| !is_spent(reading));
    if has_room && account.cooldowns().limit(now_ms).is_some() && account.cooldowns().clear() {
        tracing::info!(account = %account.name, "its windows have room again: the cooldown is over");
        relay.chores.keep_cooldowns(account.id.clone(), Vec::new());
        relay.accounts.rouse();
    }
    relay.live.tell(LiveEvent::Accounts);
}

fn is_spent(reading: &WindowReading) -> bool {
    reading.status == Some(WindowStatus::Rejected) || reading.used.is_some_and(|used| used >= SPENT)
}

fn millis(wait: Duration) -> i64 {
    i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)
}
