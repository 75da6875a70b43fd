//! One account in memory, with what is known of its state.

use std::fmt;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::{ArcSwap, Guard};

use super::cooldown::Cooldowns;
use super::lease::AccountLease;
use super::pool::Pool;
use super::queue::{Slot, Slots};
use super::renewal::Renewal;
use super::room::Room;
use crate::model::account::{AccountKind, AccountState};
use crate::model::id::AccountId;
use crate::model::identity::Identity;
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
