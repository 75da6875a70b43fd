//! Accounts: what an administrator does with them.

mod check;
mod detail;
mod explain;
mod renew;
mod row;
mod trial;

use std::sync::Arc;

use uuid::Uuid;

use super::name;
use super::{Admin, Error};
use crate::model::account::{AccountKind, AccountRow, AccountSettings, NewAccount, TestStep};
use crate::model::id::AccountId;
use crate::model::identity::Identity;
use crate::model::live::LiveEvent;
use crate::model::problem::Problem;
use crate::model::proxy::ProxyAddress;
use crate::provider::credential::Tokens;
use crate::provider::proxy::Proxy;
use crate::quota;
use crate::schedule::account::Account;
use crate::secret::Secret;
use crate::state::sealed::{self, Field, seal};
use crate::state::{Shared, Switchyard};
use crate::store::account::{self, Deleted, StoredAccount};
use crate::store::{StoreError, token};

pub(in crate::admin) use check::{project as checked_project, proxy as checked_proxy};
pub use detail::{detail, name_or_kind, test_own_proxy};
pub use explain::{choice, explain};
pub(in crate::admin) use renew::sign_in;
pub use renew::{refresh, refreshes};
pub(in crate::admin) use row::rows;

/// The secrets that come with an account, beside its description.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// An API key.
    pub secret: Option<Secret>,
    /// The password of its proxy; on a change, nothing keeps the one there is.
    pub proxy_password: Option<Secret>,
    /// Tokens of a sign-in, and whose they are.
    pub tokens: Option<(Tokens, Identity)>,
}

impl From<String> for Given {
    fn from(secret: String) -> Self {
        Some(Secret::new(secret)).into()
    }
}

impl From<Option<Secret>> for Given {
    fn from(secret: Option<Secret>) -> Self {
        Self { secret, ..Self::default() }
    }
}

/// A change of an account: what is nothing stays.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// 1 to 100 characters, unique.
    pub name: Option<String>,
    /// How it is set, as a whole.
    pub settings: Option<AccountSettings>,
}

/// Every account with its state and figures, oldest first.
///
/// # Errors
/// If the store fails.
pub async fn list(shared: &Shared, _admin: &Admin) -> Result<Vec<AccountRow>, Error> {
    shared.books.caught_up().await;
    rows(shared).await
}

/// One account with its state and figures.
///
/// # Errors
/// There is none, or the store fails.
pub async fn find(shared: &Shared, _admin: &Admin, id: &AccountId) -> Result<AccountRow, Error> {
    shared.books.caught_up().await;
    find_row(shared, id).await
}

/// How an account is set, to be changed in part.
///
/// # Errors
/// There is none, or the store fails.
pub async fn settings(shared: &Shared, _admin: &Admin, id: &AccountId) -> Result<AccountSettings, Error> {
    let stored = account::find(&shared.store, id.clone()).await?.ok_or_else(missing)?;
    Ok(stored.settings)
}

/// Adds an account; it can serve at once.
///
/// # Errors
/// A problem with a field (`name`, `secret`, one of the settings), or the store fails.
pub async fn create(
    shared: &Shared,
    admin: &Admin,
    new: NewAccount,
    given: impl Into<Given>,
) -> Result<AccountRow, Error> {
    let (given, kind) = (given.into(), new.kind);
    let id = AccountId::new(Uuid::new_v4().to_string());
    let settings = check::settings(kind, &new.settings)?;
    let secret = if kind.is_api_key() { Some(check::secret("secret", given.secret.as_ref())?) } else { None };
    let password = given.proxy_password.as_ref().filter(|_| settings.proxy.is_some());
    let signed_in = given.tokens.filter(|_| kind.is_oauth());
    if kind.is_oauth() && signed_in.is_none() {
        return Err(Error::field("code", Problem::Required));
    }
    let identity = signed_in.as_ref().map(|(_, identity)| identity.clone()).unwrap_or_default();
    let stored = StoredAccount {
        name: name::title("name", &new.name)?,
        kind,
        secret: seal(&shared.vault, &id, Field::Secret, secret.as_ref()),
        secret_hint: secret.as_ref().map(check::hint).unwrap_or_default(),
        proxy_password: seal(&shared.vault, &id, Field::ProxyPassword, password),
        settings,
        identity,
        paused_ms: None,
        parked_ms: None,
        parked_cause: None,
        needs_sign_in: false,
        created_ms: shared.clock.now_ms(),
        id: id.clone(),
    };
    let token = signed_in.map(|(tokens, _)| sealed::seal_tokens(&shared.vault, &id, &tokens));
    match token.clone() {
        Some(token) => token::insert(&shared.store, stored.clone(), token).await.map_err(taken)?,
        None => account::insert(&shared.store, stored.clone()).await.map_err(taken)?,
    }
    shared.accounts.insert(open(shared, &stored, token.as_ref())?);
    if let Some(account) = shared.accounts.find(&id).filter(|account| account.kind.is_oauth()) {
        quota::ask_first(shared, &account).await;
    }
    tracing::info!(by = admin.name(), account = %id, kind = kind.name(), "account added");
    shared.live.tell(LiveEvent::Accounts);
    find_row(shared, &id).await
}

/// Changes name, settings and secrets. Calls under way go on as they began.
///
/// # Errors
/// A problem with a field, there is no such account, or the store fails.
pub async fn update(
    shared: &Shared,
    admin: &Admin,
    id: &AccountId,
    change: Change,
    given: impl Into<Given>,
) -> Result<AccountRow, Error> {
    let given = given.into();
    let mut stored = account::find(&shared.store, id.clone()).await?.ok_or_else(missing)?;
    if let Some(name) = &change.name {
        stored.name = name::title("name", name)?;
    }
    if let Some(settings) = &change.settings {
        let before = stored.settings.proxy.clone();
        stored.settings = check::settings(stored.kind, settings)?;
        if stored.settings.proxy != before {
            // A password is for the proxy that it was given for.
            stored.proxy_password = String::new();
        }
    }
    if let Some(secret) = given.secret.as_ref().filter(|_| stored.kind.is_api_key()) {
        let secret = check::secret("secret", Some(secret))?;
        stored.secret_hint = check::hint(&secret);
        stored.secret = seal(&shared.vault, id, Field::Secret, Some(&secret));
    }
    if let Some(password) = given.proxy_password.as_ref().filter(|_| stored.settings.proxy.is_some()) {
        stored.proxy_password = seal(&shared.vault, id, Field::ProxyPassword, Some(password));
    }
    if !account::update(&shared.store, stored.clone()).await.map_err(taken)? {
        return Err(missing());
    }
    let old = shared.accounts.find(id).ok_or_else(missing)?;
    let opened = sealed::opened(shared, &stored, None).map_err(|error| unopened(&error))?;
    shared.accounts.replace(old.changed(&stored, opened));
    close_unused(shared);
    tracing::info!(by = admin.name(), account = %id, "account changed");
    shared.live.tell(LiveEvent::Accounts);
    find_row(shared, id).await
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
    clear(shared, &account).await?;
    set_paused(shared, admin, id, None).await
}

/// Ends an account's cooldowns, by an administrator's word.
///
/// # Errors
/// There is no such account, or the store fails.
pub async fn clear_cooldowns(shared: &Shared, admin: &Admin, id: &AccountId) -> Result<AccountRow, Error> {
    let account = shared.accounts.find(id).ok_or_else(missing)?;
    forget_cooldowns(shared, &account);
    tracing::info!(by = admin.name(), account = %id, "cooldowns cleared");
    shared.live.tell(LiveEvent::Accounts);
    find_row(shared, id).await
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
    shared.chores.keep_cooldowns(id.clone(), Vec::new());
    shared.chores.keep_windows(id.clone(), Vec::new(), shared.clock.now_ms());
    shared.accounts.set_groups(crate::store::group::all(&shared.store).await?);
    close_unused(shared);
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
    let steps = trial::run(shared, &account).await;
    let passed = trial::passed(&steps);
    if passed {
        clear(shared, &account).await?;
        shared.live.tell(LiveEvent::Accounts);
    }
    tracing::info!(by = admin.name(), account = %id, passed, "account tested");
    Ok(steps)
}

/// Tries a proxy for accounts of a kind: the way to it, and through it to the provider.
///
/// # Errors
/// A problem with one of its fields. What the test met is in its steps.
pub async fn test_proxy(
    shared: &Shared,
    admin: &Admin,
    kind: AccountKind,
    address: &ProxyAddress,
    password: Option<Secret>,
) -> Result<Vec<TestStep>, Error> {
    let proxy = proxy(address, password)?;
    let steps = trial::proxy(shared, &proxy, sealed::provider_url(&shared.config, kind)).await;
    tracing::info!(by = admin.name(), passed = trial::passed(&steps), "proxy tested");
    Ok(steps)
}

async fn clear(shared: &Shared, account: &Arc<Account>) -> Result<(), Error> {
    account::set_parked(&shared.store, account.id.clone(), None).await?;
    account.set_parked(None);
    forget_cooldowns(shared, account);
    Ok(())
}

fn forget_cooldowns(shared: &Shared, account: &Account) {
    if account.cooldowns().clear() {
        shared.chores.keep_cooldowns(account.id.clone(), Vec::new());
        account.slots().rouse();
    }
}

pub(super) fn open(
    shared: &Switchyard,
    stored: &StoredAccount,
    token: Option<&token::StoredToken>,
) -> Result<Account, Error> {
    sealed::open(shared, stored, token).map_err(|error| unopened(&error))
}

fn unopened(error: &crate::secret::vault::VaultError) -> Error {
    // It was sealed a moment ago.
    tracing::error!(%error, "an account's secret does not open");
    Error::whole(Problem::Internal)
}

/// Connections through proxies that no account has any more are closed.
fn close_unused(shared: &Shared) {
    let all = shared.accounts.all();
    let used: Vec<_> = all.iter().filter_map(|account| Some(account.proxy.as_ref()?.route())).collect();
    shared.outbound.keep_only(&used);
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

pub(super) async fn find_row(shared: &Shared, id: &AccountId) -> Result<AccountRow, Error> {
    rows(shared).await?.into_iter().find(|row| row.id == *id).ok_or_else(missing)
}

pub(super) fn missing() -> Error {
    Error::whole(Problem::NotFound)
}

fn taken(error: StoreError) -> Error {
    if error.is_taken() { Error::field("name", Problem::Taken) } else { Error::Store(error) }
}

/// Name and settings of an account to be, as they will be kept.
///
/// # Errors
/// A problem with one of them.
pub(super) fn checked(
    shared: &Shared,
    name: &str,
    kind: AccountKind,
    settings: &AccountSettings,
) -> Result<(String, AccountSettings), Error> {
    let name = name::title("name", name)?;
    if shared.accounts.all().iter().any(|account| *account.name == *name) {
        return Err(Error::field("name", Problem::Taken));
    }
    Ok((name, check::settings(kind, settings)?))
}

/// How an account is set.
pub(super) fn settings_of(account: &Account) -> AccountSettings {
    AccountSettings {
        note: account.note.clone(),
        base_url: String::new(),
        priority: account.priority,
        weight: account.weight,
        concurrency: account.concurrency,
        proxy: account.proxy.as_ref().map(|proxy| proxy.address.clone()),
        project: account.project.clone(),
    }
}

/// A proxy with its password, checked.
///
/// # Errors
/// A problem with one of its fields.
pub(super) fn proxy(address: &ProxyAddress, password: Option<Secret>) -> Result<Proxy, Error> {
    Ok(Proxy::new(checked_proxy(address)?, password))
}
