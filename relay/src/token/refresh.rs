//! One refresh, from the provider's answer to the store and the road. It runs in a task of its own, so that nobody's
//! leaving can lose a token between the provider and the disk.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::model::account::AccountKind;
use crate::model::live::LiveEvent;
use crate::provider::anthropic;
use crate::provider::credential::{Credential, Tokens};
use crate::provider::google;
use crate::provider::oauth::{Grant, GrantError};
use crate::schedule::account::Account;
use crate::schedule::renewal::Stale;
use crate::state::{Shared, sealed};
use crate::store::account::Parked;
use crate::store::token::{self, StoredToken};

/// The log's name for everything about refreshes.
const LOG: &str = "token-refresh";
/// Pauses between tries to write new tokens: a store that is in trouble must not cost a sign-in.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Why a refresh brought nothing.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error("{0}")]
    NoRoute(String),
    #[error("the token has ended and came without one to renew it")]
    NoRefreshToken,
    #[error("the account is gone, or holds no tokens")]
    Gone,
    #[error("the tokens that came do not fit a header")]
    Unusable,
}

pub(super) async fn run(
    relay: Shared,
    account: Arc<Account>,
    told: watch::Sender<Option<Result<(), Stale>>>,
) {
    let result = renewed(&relay, &account).await;
    let result = match result {
        Ok(()) => {
            tracing::info!(target: LOG, account = %account.name, "tokens renewed");
            account.renewal().succeeded();
            Ok(())
        }
        Err(failure) => Err(failed(&relay, &account, &failure).await),
    };
    account.renewal().ended();
    relay.live.tell(LiveEvent::Accounts);
    // Whoever waited may be gone.
    let _ = told.send(Some(result));
}

async fn renewed(relay: &Shared, account: &Arc<Account>) -> Result<(), Failure> {
    let old = account.credential().tokens().cloned().ok_or(Failure::Gone)?;
    let refresh = old.refresh.clone().ok_or(Failure::NoRefreshToken)?;
    let lane = relay.outbound.lease(account.proxy.as_deref()).map_err(Failure::NoRoute)?;
    let config = &relay.config;
    let grant = match account.kind {
        AccountKind::ClaudeOauth => {
            anthropic::oauth::refresh(lane.client(), &config.anthropic, &refresh).await
        }
        AccountKind::GeminiOauth => google::oauth::refresh(lane.client(), &config.google, &refresh).await,
        _ => return Err(Failure::Gone),
    };
    let grant = grant.map_err(|error| match &account.proxy {
        Some(proxy) => error.behind(&proxy.to_string()),
        None => error,
    })?;
    let new = following(&old, grant, relay.clock.now_ms())?;
    let stored = sealed::seal_tokens(&relay.vault, &account.id, &new);
    let in_force = if keep(relay, account, old.version, stored).await? {
        new
    } else {
        // Somebody signed in anew meanwhile: those tokens count.
        let stored =
            token::find(&relay.store, account.id.clone()).await.ok().flatten().ok_or(Failure::Gone)?;
        sealed::tokens(&relay.vault, &account.id, &stored).map_err(|_| Failure::Unusable)?
    };
    account.set_credential(Credential::Tokens(in_force));
    Ok(())
}

/// The tokens of a grant in the place of others; a provider that does not rotate keeps the refresh token.
fn following(old: &Tokens, grant: Grant, now_ms: i64) -> Result<Tokens, Failure> {
    Ok(Tokens {
        bearer: Tokens::bearer(&grant.access).ok_or(Failure::Unusable)?,
        access: grant.access,
        refresh: grant.refresh.or_else(|| old.refresh.clone()),
        ends_ms: grant
            .expires_in
            .map(|life| now_ms + i64::try_from(life.as_millis()).unwrap_or(i64::MAX / 2)),
        issued_ms: now_ms,
        version: old.version + 1,
    })
}

/// Writes new tokens, again and again until the store has them. False if others took their place.
async fn keep(
    relay: &Shared,
    account: &Account,
    replaced: i64,
    stored: StoredToken,
) -> Result<bool, Failure> {
    let mut pause = FIRST_PAUSE;
    loop {
        match token::replace(&relay.store, account.id.clone(), replaced, stored.clone()).await {
            Ok(kept) => return Ok(kept),
            Err(crate::store::StoreError::Closed) => return Err(Failure::Gone),
            Err(error) => {
                tracing::error!(target: LOG, account = %account.name, %error, "new tokens wait for the store");
            }
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Notes a failure: one for good parks the account until somebody signs in, others are tried again later.
async fn failed(relay: &Shared, account: &Arc<Account>, failure: &Failure) -> Stale {
    let now_ms = relay.clock.now_ms();
    let cause = failure.to_string();
    let is_final = match failure {
        Failure::Grant(error) => error.is_permanent(),
        Failure::NoRefreshToken => true,
        Failure::NoRoute(_) | Failure::Gone | Failure::Unusable => false,
    };
    let parked = is_final.then(|| Parked { since_ms: now_ms, cause: cause.clone(), needs_sign_in: true });
    if is_final {
        tracing::error!(target: LOG, account = %account.name, cause, "the account needs a new sign-in");
        account.set_parked(parked.clone());
    } else {
        tracing::warn!(target: LOG, account = %account.name, cause, "tokens not renewed; tried again later");
    }
    let stale = Stale(cause.as_str().into());
    let wait = match failure {
        Failure::Grant(error) => error.retry_after(),
        _ => None,
    };
    account.renewal().failed(stale.clone(), wait, now_ms);
    if let Err(error) = token::note_failure(&relay.store, account.id.clone(), now_ms, cause, parked).await {
        tracing::error!(target: LOG, account = %account.name, %error, "a failed refresh is not in the history");
    }
    stale
}
