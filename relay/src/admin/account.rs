//! Accounts: what an administrator does with them.

use http::HeaderValue;
use uuid::Uuid;

use super::account_test;
use super::name;
use super::{Admin, Error};
use crate::model::account::{AccountKind, AccountRow, NewAccount, TestStep};
use crate::model::figure::GroupBy;
use crate::model::id::AccountId;
use crate::model::live::LiveEvent;
use crate::model::problem::Problem;
use crate::provider::anthropic;
use crate::schedule::pool::Account;
use crate::secret::Secret;
use crate::secret::vault::{Place, VaultError};
use crate::state::{Shared, Switchyard};
use crate::store::account::{self, Deleted, StoredAccount};
use crate::store::figure::{self, Filter, Part};

const SECRET_MAX: usize = 1_024;

/// Every account with its state and figures, oldest first.
///
/// # Errors
/// If the store fails.
pub async fn list(shared: &Shared, _admin: &Admin) -> Result<Vec<AccountRow>, Error> {
    shared.books.caught_up().await;
    rows(shared).await
}

pub(super) async fn rows(shared: &Shared) -> Result<Vec<AccountRow>, Error> {
    let now_ms = shared.clock.now_ms();
    let today = Filter::since("d", shared.clock.day_start_ms(now_ms, 0));
    let today = figure::by(&shared.store, today, GroupBy::Account).await?;
    let ever = figure::by(&shared.store, Filter::since("d", 0), GroupBy::Account).await?;
    let bound = crate::store::key::bound_counts(&shared.store).await?;
    let row = |account: &std::sync::Arc<Account>| {
        let of = |parts: &[Part]| parts.iter().find(|part| part.id == account.id.as_str()).cloned();
        AccountRow {
            id: account.id.clone(),
            name: account.name.to_string(),
            kind: account.kind,
            base_url: account.base_url.to_string(),
            secret_hint: account.secret_hint.clone(),
            state: account.state(now_ms),
            priority: account.priority,
            in_flight: account.in_flight(),
            bound_keys: bound.get(&account.id).copied().unwrap_or(0),
            today: of(&today).map(|part| part.totals).unwrap_or_default(),
            created_ms: account.created_ms,
            last_used_ms: of(&ever).map(|part| part.last_ms),
        }
    };
    Ok(shared.accounts.all().iter().map(row).collect())
}

/// Adds an account; it can serve at once.
///
/// # Errors
/// A problem with a field (`name`, `base_url`, `priority`, `secret`), or the store fails.
pub async fn create(
    shared: &Shared,
    admin: &Admin,
    new: NewAccount,
    secret: Option<Secret>,
) -> Result<AccountRow, Error> {
    let id = AccountId::new(Uuid::new_v4().to_string());
    let (secret, secret_hint) = seal(shared, &id, new.kind, secret)?;
    let stored = StoredAccount {
        name: name::title("name", &new.name)?,
        kind: new.kind,
        base_url: base_url(&new)?,
        secret,
        secret_hint,
        priority: priority(new.priority)?,
        paused_ms: None,
        parked_ms: None,
        parked_cause: None,
        created_ms: shared.clock.now_ms(),
        id: id.clone(),
    };
    let taken = |error: crate::store::StoreError| match error.is_taken() {
        true => Error::field("name", Problem::Taken),
        false => Error::Store(error),
    };
    account::insert(&shared.store, stored.clone()).await.map_err(taken)?;
    let opened = open(shared, &stored).map_err(|_| Error::field("secret", Problem::BadCharacters))?;
    shared.accounts.insert(opened);
    tracing::info!(by = admin.name(), account = %id, kind = new.kind.name(), "account added");
    shared.live.tell(LiveEvent::Accounts);
    find_row(shared, &id).await
}

/// Pauses an account: calls under way go on, no new ones come.
///
/// # Errors
/// There is no such account, or the store fails.
pub async fn pause(shared: &Shared, admin: &Admin, id: &AccountId) -> Result<AccountRow, Error> {
    set_paused(shared, admin, id, Some(shared.clock.now_ms())).await
}

/// Takes an account back into service, whatever kept it out: a pause, a cooldown, a fault since cured.
///
/// # Errors
/// There is no such account, or the store fails.
pub async fn resume(shared: &Shared, admin: &Admin, id: &AccountId) -> Result<AccountRow, Error> {
    let account = shared.accounts.find(id).ok_or_else(missing)?;
    account::set_parked(&shared.store, id.clone(), None).await?;
    account.set_parked(None);
    account.clear_cooldown();
    set_paused(shared, admin, id, None).await
}

/// Deletes an account; its books stay.
///
/// # Errors
/// There is no such account, keys are bound to it, or the store fails.
pub async fn delete(shared: &Shared, admin: &Admin, id: &AccountId) -> Result<(), Error> {
    match account::delete(&shared.store, id.clone(), shared.clock.now_ms()).await? {
        Deleted::Missing => return Err(missing()),
        Deleted::StillBound(keys) => {
            let why = format!("{keys} key(s) are bound to it: delete them first");
            return Err(Error::whole(Problem::Conflict { why }));
        }
        Deleted::Done => {}
    }
    shared.accounts.remove(id);
    tracing::info!(by = admin.name(), account = %id, "account deleted");
    shared.live.tell(LiveEvent::Accounts);
    Ok(())
}

/// Tries an account with a real one-token message. A success takes it out of parking and cooling.
///
/// # Errors
/// There is no such account, or the store fails. What the test met is in its steps.
pub async fn test(shared: &Shared, admin: &Admin, id: &AccountId) -> Result<Vec<TestStep>, Error> {
    let account = shared.accounts.find(id).ok_or_else(missing)?;
    let steps = account_test::run(shared, &account).await;
    let passed = account_test::passed(&steps);
    if passed {
        account::set_parked(&shared.store, id.clone(), None).await?;
        account.set_parked(None);
        account.clear_cooldown();
        shared.live.tell(LiveEvent::Accounts);
    }
    tracing::info!(by = admin.name(), account = %id, passed, "account tested");
    Ok(steps)
}

/// An account ready for the road: its address resolved, its secret opened.
pub(crate) fn open(shared: &Switchyard, stored: &StoredAccount) -> Result<Account, VaultError> {
    let base_url = match (stored.kind, stored.base_url.as_str()) {
        (AccountKind::Sandbox, _) => "",
        (AccountKind::ClaudeApiKey, "") => &shared.config.anthropic.api_url,
        (AccountKind::ClaudeApiKey, own) => own,
    };
    let credential: Option<HeaderValue> = match stored.kind {
        AccountKind::Sandbox => None,
        AccountKind::ClaudeApiKey => {
            let secret = shared.vault.open(place(&stored.id), &stored.secret)?;
            anthropic::credential(secret.reveal())
        }
    };
    Ok(Account::new(stored, base_url, credential))
}

async fn set_paused(
    shared: &Shared,
    admin: &Admin,
    id: &AccountId,
    paused_ms: Option<i64>,
) -> Result<AccountRow, Error> {
    let account = shared.accounts.find(id).ok_or_else(missing)?;
    if !account::set_paused(&shared.store, id.clone(), paused_ms).await? {
        return Err(missing());
    }
    account.set_paused(paused_ms);
    tracing::info!(by = admin.name(), account = %id, paused = paused_ms.is_some(), "account paused or resumed");
    shared.live.tell(LiveEvent::Accounts);
    find_row(shared, id).await
}

async fn find_row(shared: &Shared, id: &AccountId) -> Result<AccountRow, Error> {
    rows(shared).await?.into_iter().find(|row| row.id == *id).ok_or_else(missing)
}

fn missing() -> Error {
    Error::whole(Problem::NotFound)
}

fn place(id: &AccountId) -> Place<'_> {
    Place { kind: "account", id: id.as_str(), field: "secret" }
}

fn seal(
    shared: &Switchyard,
    id: &AccountId,
    kind: AccountKind,
    secret: Option<Secret>,
) -> Result<(String, String), Error> {
    if kind == AccountKind::Sandbox {
        return Ok((String::new(), String::new()));
    }
    let secret =
        secret.map(|secret| Secret::new(secret.reveal().trim())).filter(|secret| !secret.reveal().is_empty());
    let Some(secret) = secret else { return Err(Error::field("secret", Problem::Required)) };
    let text = secret.reveal();
    if text.len() > SECRET_MAX {
        return Err(Error::field("secret", Problem::TooLong { max: 1_024 }));
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::field("secret", Problem::BadCharacters));
    }
    // Of a short secret four characters would tell too much.
    let hint = if text.len() >= 16 { text[text.len() - 4..].to_owned() } else { String::new() };
    Ok((shared.vault.seal(place(id), &secret), hint))
}

fn base_url(new: &NewAccount) -> Result<String, Error> {
    let text = new.base_url.trim().trim_end_matches('/');
    if new.kind == AccountKind::Sandbox || text.is_empty() {
        return Ok(String::new());
    }
    let bad = || Error::field("base_url", Problem::BadUrl);
    let url = reqwest::Url::parse(text).map_err(|_| bad())?;
    let is_plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
        && url.has_host();
    // Clients give the address with or without the version; the relay adds it itself.
    let text = text.strip_suffix("/v1").unwrap_or(text);
    if is_plain && matches!(url.scheme(), "http" | "https") { Ok(text.to_owned()) } else { Err(bad()) }
}

fn priority(priority: u8) -> Result<u8, Error> {
    if (1..=100).contains(&priority) {
        Ok(priority)
    } else {
        Err(Error::field("priority", Problem::OutOfRange { min: 1, max: 100 }))
    }
}
