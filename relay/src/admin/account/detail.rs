//! One account, looked at closely: how it is set, what it did, and whether its proxy works.

use std::sync::Arc;

use super::{missing, test_proxy, trial};
use crate::admin::{Admin, Error};
use crate::model::account::{AccountDetail, AccountKind, AttemptRow, TestStep};
use crate::model::id::{AccountId, CallId};
use crate::model::proxy::ProxyAddress;
use crate::provider::credential::Credential;
use crate::secret::Secret;
use crate::state::Shared;
use crate::store::{account, attempt, figure, standing};

/// So many attempts are shown.
const ATTEMPTS: u32 = 20;
/// So far back its windows are shown: the longest of them.
const HISTORY_MS: i64 = 7 * 24 * 3_600_000;

/// Everything that an account's own page shows.
///
/// # Errors
/// There is no such account, or the store fails.
pub async fn detail(shared: &Shared, admin: &Admin, id: &AccountId) -> Result<AccountDetail, Error> {
    let stored = account::find(&shared.store, id.clone()).await?.ok_or_else(missing)?;
    let row = super::find(shared, admin, id).await?;
    let credential = shared.accounts.find(id).map(|account| Arc::clone(&account.credential()));
    let tokens = credential.as_deref().and_then(Credential::tokens);
    let (keys, _) = figure::names(&shared.store).await?;
    let attempts = attempt::latest_on(&shared.store, id.clone(), ATTEMPTS).await?;
    let attempts = attempts.into_iter().map(|attempt| AttemptRow {
        call: CallId::new(attempt.call.to_string()),
        n: attempt.n,
        last: attempt.last,
        at_ms: attempt.at_ms,
        key_name: keys.get(attempt.key.as_str()).cloned().unwrap_or_default(),
        model: attempt.shown_model().to_owned(),
        key: attempt.key,
        status: attempt.status,
        outcome: attempt.outcome,
        cause: attempt.cause,
        total_ms: attempt.total_ms,
    });
    Ok(AccountDetail {
        row,
        attempts: attempts.collect(),
        refreshes: super::refreshes(shared, admin, id).await?,
        history: standing::window_hours(&shared.store, id.clone(), shared.clock.now_ms() - HISTORY_MS)
            .await?,
        is_refreshed: tokens.is_some_and(|tokens| tokens.refresh.is_some()),
        has_proxy_password: !stored.proxy_password.is_empty(),
        settings: stored.settings,
    })
}

/// The name that was given, or where it is empty a free one after the account's kind: `claude`, `claude-2`.
pub fn name_or_kind(shared: &Shared, given: &str, kind: AccountKind) -> String {
    if !given.trim().is_empty() {
        return given.to_owned();
    }
    let kind = match kind {
        AccountKind::ClaudeOauth | AccountKind::ClaudeApiKey => "claude",
        AccountKind::GeminiOauth | AccountKind::GeminiApiKey => "gemini",
        AccountKind::Sandbox => "sandbox",
    };
    let all = shared.accounts.all();
    let is_free = |name: &String| all.iter().all(|account| *account.name != **name);
    let more = (2..).map(|number| format!("{kind}-{number}"));
    std::iter::once(kind.to_owned()).chain(more).find(is_free).unwrap_or_default()
}

/// Tries a proxy for an account. Without a password it is the account's own, if the proxy is.
///
/// # Errors
/// There is no such account, or a problem with one of the proxy's fields. What the test met is in its steps.
pub async fn test_own_proxy(
    shared: &Shared,
    admin: &Admin,
    id: &AccountId,
    address: &ProxyAddress,
    password: Option<Secret>,
) -> Result<Vec<TestStep>, Error> {
    let account = shared.accounts.find(id).ok_or_else(missing)?;
    let own = account.proxy.as_ref().filter(|own| password.is_none() && own.address == *address);
    match own {
        Some(own) => Ok(trial::proxy(shared, own, &account.base_url).await),
        None => test_proxy(shared, admin, account.kind, address, password).await,
    }
}
