//! Every account, in memory, with what is known of its state.

use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::{ArcSwap, Guard};

use crate::model::account::{AccountKind, AccountState, Service};
use crate::model::group::GroupRow;
use crate::model::id::{AccountId, GroupId};
use crate::model::identity::Identity;
use crate::model::key::Binding;
use crate::provider::credential::Credential;
use crate::provider::proxy::Proxy;
use crate::schedule::renewal::Renewal;
use crate::store::account::{Parked, StoredAccount};

/// An account as the road knows it. A change of its settings makes a new one that shares what is alive in the old one.
pub struct Account {
    /// Identity.
    pub id: AccountId,
    /// Its name.
    pub name: Arc<str>,
    /// What kind of credential.
    pub kind: AccountKind,
    /// Where it sends, without a slash at the end.
    pub base_url: Arc<str>,
    /// Lower is tried first.
    pub priority: u8,
    /// Among equals it takes calls in proportion to this.
    pub weight: u8,
    /// Most calls under way on it.
    pub concurrency: Option<u32>,
    /// Through what it reaches its provider.
    pub proxy: Option<Arc<Proxy>>,
    /// The secret's last four characters.
    pub secret_hint: String,
    /// For people: anything.
    pub note: String,
    /// The project that an administrator named for it.
    pub project: String,
    /// When it was added.
    pub created_ms: i64,
    alive: Arc<Alive>,
}

/// What outlives a change of settings.
#[derive(Default)]
struct Alive {
    credential: ArcSwap<Credential>,
    identity: ArcSwap<Identity>,
    health: Mutex<Health>,
    renewal: Mutex<Renewal>,
    in_flight: AtomicU32,
    used_ms: AtomicI64,
}

#[derive(Default)]
struct Health {
    paused_ms: Option<i64>,
    parked: Option<Parked>,
    cooling: Option<(i64, String)>,
    /// Failed without a word on until when: tried after the others up to this time, but never left out.
    troubled_until_ms: i64,
}

/// The order of candidates.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    priority: u8,
    troubled: bool,
    in_flight: u32,
    used_ms: i64,
}

/// What an account is made of beside its row in the store: what was sealed there, opened.
pub struct Opened {
    /// Where it sends, without a slash at the end.
    pub base_url: String,
    /// Ready for a header.
    pub credential: Credential,
    /// With its password.
    pub proxy: Option<Proxy>,
}

impl Account {
    /// Takes over what the store has.
    pub fn new(stored: &StoredAccount, opened: Opened) -> Self {
        let parked = stored.parked_ms.map(|since_ms| Parked {
            since_ms,
            cause: stored.parked_cause.clone().unwrap_or_default(),
            needs_sign_in: stored.needs_sign_in,
        });
        let alive = Alive {
            credential: ArcSwap::from_pointee(opened.credential),
            identity: ArcSwap::from_pointee(stored.identity.clone()),
            health: Mutex::new(Health { paused_ms: stored.paused_ms, parked, ..Health::default() }),
            ..Alive::default()
        };
        Self::with(stored, opened.base_url, opened.proxy, Arc::new(alive))
    }

    /// The same account with other settings.
    pub(crate) fn changed(&self, stored: &StoredAccount, opened: Opened) -> Self {
        if stored.kind.is_api_key() {
            self.set_credential(opened.credential);
        }
        Self::with(stored, opened.base_url, opened.proxy, Arc::clone(&self.alive))
    }

    fn with(stored: &StoredAccount, base_url: String, proxy: Option<Proxy>, alive: Arc<Alive>) -> Self {
        let settings = &stored.settings;
        Self {
            id: stored.id.clone(),
            name: stored.name.as_str().into(),
            kind: stored.kind,
            base_url: base_url.into(),
            priority: settings.priority,
            weight: settings.weight,
            concurrency: settings.concurrency,
            proxy: proxy.map(Arc::new),
            secret_hint: stored.secret_hint.clone(),
            note: settings.note.clone(),
            project: settings.project.clone(),
            created_ms: stored.created_ms,
            alive,
        }
    }

    /// What it shows to its provider now.
    pub fn credential(&self) -> Guard<Arc<Credential>> {
        self.alive.credential.load()
    }

    pub(crate) fn set_credential(&self, credential: Credential) {
        self.alive.credential.store(Arc::new(credential));
    }

    /// Who signed in.
    pub fn identity(&self) -> Arc<Identity> {
        self.alive.identity.load_full()
    }

    pub(crate) fn set_identity(&self, identity: Identity) {
        self.alive.identity.store(Arc::new(identity));
    }

    /// Its answers are made up.
    pub fn is_sandbox(&self) -> bool {
        self.kind == AccountKind::Sandbox
    }

    /// Can it serve?
    pub fn state(&self, now_ms: i64) -> AccountState {
        let health = self.health();
        if let Some(since_ms) = health.paused_ms {
            return AccountState::Paused { since_ms };
        }
        if let Some(Parked { since_ms, cause, needs_sign_in }) = health.parked.clone() {
            return match needs_sign_in {
                true => AccountState::NeedsSignIn { since_ms, cause },
                false => AccountState::Parked { since_ms, cause },
            };
        }
        match &health.cooling {
            Some((until_ms, cause)) if *until_ms > now_ms => {
                AccountState::Cooling { until_ms: *until_ms, cause: cause.clone() }
            }
            _ => AccountState::Able,
        }
    }

    /// Whether it waits for somebody to sign in anew.
    pub fn needs_sign_in(&self) -> bool {
        self.health().parked.as_ref().is_some_and(|parked| parked.needs_sign_in)
    }

    pub(crate) fn renewal(&self) -> MutexGuard<'_, Renewal> {
        self.alive.renewal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls under way on it.
    pub fn in_flight(&self) -> u32 {
        self.alive.in_flight.load(Ordering::Relaxed)
    }

    pub(crate) fn rank(&self, now_ms: i64) -> Rank {
        Rank {
            priority: self.priority,
            troubled: self.health().troubled_until_ms > now_ms,
            in_flight: self.in_flight(),
            used_ms: self.alive.used_ms.load(Ordering::Relaxed),
        }
    }

    pub(crate) fn cool(&self, until_ms: i64, cause: String) {
        self.health().cooling = Some((until_ms, cause));
    }

    pub(crate) fn trouble(&self, until_ms: i64) {
        self.health().troubled_until_ms = until_ms;
    }

    pub(crate) fn set_parked(&self, parked: Option<Parked>) {
        self.health().parked = parked;
    }

    pub(crate) fn set_paused(&self, paused_ms: Option<i64>) {
        self.health().paused_ms = paused_ms;
    }

    pub(crate) fn clear_cooldown(&self) {
        let mut health = self.health();
        health.cooling = None;
        health.troubled_until_ms = 0;
    }

    fn health(&self) -> MutexGuard<'_, Health> {
        self.alive.health.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call under way on an account; ends when dropped, whatever happens.
pub struct AccountLease(Arc<Account>);

impl AccountLease {
    pub(crate) fn new(account: Arc<Account>, now_ms: i64) -> Self {
        account.alive.in_flight.fetch_add(1, Ordering::Relaxed);
        account.alive.used_ms.store(now_ms, Ordering::Relaxed);
        Self(account)
    }

    /// The account.
    pub fn account(&self) -> &Arc<Account> {
        &self.0
    }
}

impl Drop for AccountLease {
    fn drop(&mut self) {
        self.0.alive.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

/// All accounts, and the groups that they are in.
#[derive(Default)]
pub struct Pool {
    accounts: ArcSwap<Vec<Arc<Account>>>,
    groups: ArcSwap<Vec<Arc<GroupRow>>>,
    change: Mutex<()>,
}

impl Pool {
    /// Every account, oldest first.
    pub fn all(&self) -> Arc<Vec<Arc<Account>>> {
        self.accounts.load_full()
    }

    /// The account of that id.
    pub fn find(&self, id: &AccountId) -> Option<Arc<Account>> {
        self.accounts.load().iter().find(|account| account.id == *id).cloned()
    }

    /// The group of that id. How many keys are bound to it is the store's to say.
    pub fn group(&self, id: &GroupId) -> Option<Arc<GroupRow>> {
        self.groups.load().iter().find(|group| group.id == *id).cloned()
    }

    /// Every group, by name.
    pub fn groups(&self) -> Arc<Vec<Arc<GroupRow>>> {
        self.groups.load_full()
    }

    /// Whether an account may answer for a service with a key that is bound so. A sandbox serves only keys bound to
    /// it: nobody gets an invented answer by accident.
    pub fn may_serve(&self, account: &Account, service: Service, binding: &Binding) -> bool {
        account.kind.serves(service) && self.is_bound(account, binding)
    }

    /// Whether a key that is bound so may use an account.
    pub fn is_bound(&self, account: &Account, binding: &Binding) -> bool {
        match binding {
            Binding::Any => !account.is_sandbox(),
            Binding::Account(id) => account.id == *id,
            Binding::Group(id) => {
                !account.is_sandbox()
                    && self.group(id).is_some_and(|group| group.accounts.contains(&account.id))
            }
        }
    }

    pub(crate) fn set_groups(&self, groups: Vec<GroupRow>) {
        self.groups.store(Arc::new(groups.into_iter().map(Arc::new).collect()));
    }

    pub(crate) fn insert(&self, account: Account) {
        self.change(|accounts| accounts.push(Arc::new(account)));
    }

    /// Puts an account with other settings in its own place.
    pub(crate) fn replace(&self, changed: Account) {
        self.change(|accounts| {
            if let Some(place) = accounts.iter_mut().find(|account| account.id == changed.id) {
                *place = Arc::new(changed);
            }
        });
    }

    pub(crate) fn remove(&self, id: &AccountId) {
        self.change(|accounts| accounts.retain(|account| account.id != *id));
    }

    fn change(&self, work: impl FnOnce(&mut Vec<Arc<Account>>)) {
        let _turn = self.change.lock().unwrap_or_else(PoisonError::into_inner);
        let mut accounts = Vec::clone(&self.accounts.load());
        work(&mut accounts);
        self.accounts.store(Arc::new(accounts));
    }
}
