//! Every account, in memory, with what is known of its state.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::{ArcSwap, Guard};

use super::affinity::Affinity;
use super::cooldown::{Cooldowns, ProbeTimes};
use super::lease::AccountLease;
use super::queue::{Queue, Slot, Slots};
use super::renewal::Renewal;
use super::room::Room;
use super::session::SessionId;
use crate::config::Schedule;
use crate::model::account::{AccountKind, AccountState, Service};
use crate::model::group::GroupRow;
use crate::model::id::{AccountId, GroupId};
use crate::model::identity::Identity;
use crate::model::key::Binding;
use crate::provider::credential::{Credential, Tokens};
use crate::provider::proxy::Proxy;
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
struct Alive {
    credential: ArcSwap<Credential>,
    identity: ArcSwap<Identity>,
    health: Mutex<Health>,
    renewal: Mutex<Renewal>,
    /// Its windows are asked for beside the road from then on, milliseconds since 1970.
    quota_ms: AtomicI64,
    cooldowns: Arc<Cooldowns>,
    slots: Arc<Slots>,
    room: Room,
}

/// What only a person changes back.
#[derive(Default)]
struct Health {
    paused_ms: Option<i64>,
    parked: Option<Parked>,
}

/// What keeps an account out until a person acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutOfService {
    /// An administrator said so.
    Paused,
    /// Credential, billing or organisation.
    Parked,
    /// Its tokens are refused for good.
    NeedsSignIn,
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
    /// Takes over what the store has, for that pool.
    pub fn new(stored: &StoredAccount, opened: Opened, pool: &Pool) -> Self {
        let parked = stored.parked_ms.map(|since_ms| Parked {
            since_ms,
            cause: stored.parked_cause.clone().unwrap_or_default(),
            needs_sign_in: stored.needs_sign_in,
        });
        let alive = Alive {
            credential: ArcSwap::from_pointee(opened.credential),
            identity: ArcSwap::from_pointee(stored.identity.clone()),
            health: Mutex::new(Health { paused_ms: stored.paused_ms, parked }),
            renewal: Mutex::default(),
            quota_ms: AtomicI64::new(0),
            cooldowns: Arc::new(Cooldowns::new(pool.probe_times)),
            slots: Arc::new(Slots::new(&pool.queue, stored.settings.concurrency)),
            room: Room::default(),
        };
        Self::with(stored, opened.base_url, opened.proxy, Arc::new(alive))
    }

    /// The same account with other settings.
    pub(crate) fn changed(&self, stored: &StoredAccount, opened: Opened) -> Self {
        if stored.kind.is_api_key() {
            self.set_credential(opened.credential);
        }
        self.alive.slots.set_most(stored.settings.concurrency);
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
        drop(health);
        match self.cooldowns().limit(now_ms) {
            Some((until_ms, cause)) => AccountState::Cooling { until_ms, cause },
            None => AccountState::Able,
        }
    }

    /// What keeps it out until a person acts.
    pub fn out_of_service(&self) -> Option<OutOfService> {
        let health = self.health();
        match &health.parked {
            _ if health.paused_ms.is_some() => Some(OutOfService::Paused),
            Some(Parked { needs_sign_in: true, .. }) => Some(OutOfService::NeedsSignIn),
            Some(_) => Some(OutOfService::Parked),
            None => None,
        }
    }

    /// Whether it waits for somebody to sign in anew.
    pub fn needs_sign_in(&self) -> bool {
        self.health().parked.as_ref().is_some_and(|parked| parked.needs_sign_in)
    }

    /// Whether its token has ended, and it is too early to try again to renew it.
    pub fn has_stale_token(&self, now_ms: i64) -> bool {
        let has_ended = |tokens: &Tokens| tokens.ends_ms.is_some_and(|ends_ms| ends_ms <= now_ms);
        self.kind.is_oauth()
            && self.credential().tokens().is_some_and(has_ended)
            && self.renewal().failed_before(now_ms).is_some()
    }

    pub(crate) fn renewal(&self) -> MutexGuard<'_, Renewal> {
        self.alive.renewal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether its windows may be asked for now; whoever is told so does it, and nobody else within `pause_ms`.
    pub(crate) fn asks_quota(&self, now_ms: i64, pause_ms: i64) -> bool {
        let due_ms = self.alive.quota_ms.load(Ordering::Relaxed);
        let next_ms = now_ms.saturating_add(pause_ms);
        let swap =
            || self.alive.quota_ms.compare_exchange(due_ms, next_ms, Ordering::Relaxed, Ordering::Relaxed);
        now_ms >= due_ms && swap().is_ok()
    }

    /// Its windows may be asked for again from an instant on.
    pub(crate) fn asks_quota_again(&self, from_ms: i64) {
        self.alive.quota_ms.store(from_ms, Ordering::Relaxed);
    }

    /// Calls under way on it.
    pub fn in_flight(&self) -> u32 {
        self.alive.slots.taken()
    }

    /// Its limits and its troubles.
    pub fn cooldowns(&self) -> &Arc<Cooldowns> {
        &self.alive.cooldowns
    }

    /// What is spent of its windows.
    pub fn room(&self) -> &Room {
        &self.alive.room
    }

    /// How many calls it may have under way.
    pub fn slots(&self) -> &Arc<Slots> {
        &self.alive.slots
    }

    /// A call for that model family begins on it, if it may.
    pub(crate) fn lease(self: &Arc<Self>, family: &str, now_ms: i64) -> Option<AccountLease> {
        self.lease_with(self.slots().try_take()?, family, now_ms)
    }

    /// The same with a place that was waited for.
    pub(crate) fn lease_with(
        self: &Arc<Self>,
        slot: Slot,
        family: &str,
        now_ms: i64,
    ) -> Option<AccountLease> {
        let pass = self.cooldowns().admit(family, now_ms)?;
        self.room().begin(family, now_ms);
        Some(AccountLease::new(Arc::clone(self), pass, slot))
    }

    pub(crate) fn set_parked(&self, parked: Option<Parked>) {
        self.health().parked = parked;
        self.slots().rouse();
    }

    pub(crate) fn set_paused(&self, paused_ms: Option<i64>) {
        self.health().paused_ms = paused_ms;
        self.slots().rouse();
    }

    fn health(&self) -> MutexGuard<'_, Health> {
        self.alive.health.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

/// All accounts, the groups that they are in, and who waits for them.
pub struct Pool {
    accounts: ArcSwap<Vec<Arc<Account>>>,
    groups: ArcSwap<Vec<Arc<GroupRow>>>,
    change: Mutex<()>,
    pub(super) queue: Arc<Queue>,
    pub(super) affinity: Affinity,
    pub(super) longest_wait: Duration,
    probe_times: ProbeTimes,
}

impl Pool {
    /// Without an account.
    pub fn new(config: &Schedule) -> Self {
        let millis = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self {
            accounts: ArcSwap::default(),
            groups: ArcSwap::default(),
            change: Mutex::default(),
            queue: Arc::new(Queue::new(config.queue)),
            affinity: Affinity::new(config.affinity_ttl, config.affinity_max),
            longest_wait: config.wait,
            probe_times: ProbeTimes { first_ms: millis(config.probe), longest_ms: millis(config.probe_max) },
        }
    }

    /// Calls that wait for a place.
    pub fn waiting(&self) -> usize {
        self.queue.waiting()
    }

    /// What an account can do has changed: whoever waits looks again.
    pub(crate) fn rouse(&self) {
        self.queue.rouse();
    }

    /// Every account, oldest first.
    pub fn all(&self) -> Arc<Vec<Arc<Account>>> {
        self.accounts.load_full()
    }

    /// Whether more than one account can serve such a call with a key that is bound so.
    pub fn has_choice(&self, road: &dyn Suits, binding: &Binding) -> bool {
        let accounts = self.accounts.load();
        let suits = |account: &&Arc<Account>| road.suits(account.kind) && self.is_bound(account, binding);
        accounts.len() > 1 && accounts.iter().filter(suits).nth(1).is_some()
    }

    /// From now on a conversation is served by that account.
    pub fn bind(&self, session: SessionId, account: &AccountId, now_ms: i64) {
        self.affinity.bind(session, account, now_ms);
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
        self.rouse();
    }

    /// Adds an account.
    pub fn insert(&self, account: Account) {
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
        self.rouse();
    }
}
