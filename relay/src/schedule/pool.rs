//! Every account, in memory, with what is known of its state.

use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;
use http::HeaderValue;

use crate::model::account::{AccountKind, AccountState};
use crate::model::id::AccountId;
use crate::store::account::StoredAccount;

/// An account as the road knows it.
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
    /// The secret's last four characters.
    pub secret_hint: String,
    /// When it was added.
    pub created_ms: i64,
    credential: Option<HeaderValue>,
    health: Mutex<Health>,
    in_flight: AtomicU32,
    used_ms: AtomicI64,
}

#[derive(Default)]
struct Health {
    paused_ms: Option<i64>,
    parked: Option<(i64, String)>,
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

impl Account {
    /// Takes over what the store has, with its credential opened, ready for a header.
    pub fn new(stored: &StoredAccount, base_url: &str, credential: Option<HeaderValue>) -> Self {
        let parked = stored.parked_ms.map(|since| (since, stored.parked_cause.clone().unwrap_or_default()));
        Self {
            id: stored.id.clone(),
            name: stored.name.as_str().into(),
            kind: stored.kind,
            base_url: base_url.into(),
            priority: stored.priority,
            secret_hint: stored.secret_hint.clone(),
            created_ms: stored.created_ms,
            credential,
            health: Mutex::new(Health { paused_ms: stored.paused_ms, parked, ..Health::default() }),
            in_flight: AtomicU32::new(0),
            used_ms: AtomicI64::new(0),
        }
    }

    /// The credential as a header's value, marked sensitive.
    pub(crate) fn credential(&self) -> Option<&HeaderValue> {
        self.credential.as_ref()
    }

    /// Whether its answers are made up.
    pub fn is_sandbox(&self) -> bool {
        self.kind == AccountKind::Sandbox
    }

    /// Can it serve?
    pub fn state(&self, now_ms: i64) -> AccountState {
        let health = self.health();
        if let Some(since_ms) = health.paused_ms {
            return AccountState::Paused { since_ms };
        }
        if let Some((since_ms, cause)) = health.parked.clone() {
            return AccountState::Parked { since_ms, cause };
        }
        match &health.cooling {
            Some((until_ms, cause)) if *until_ms > now_ms => {
                AccountState::Cooling { until_ms: *until_ms, cause: cause.clone() }
            }
            _ => AccountState::Able,
        }
    }

    /// Calls under way on it.
    pub fn in_flight(&self) -> u32 {
        self.in_flight.load(Ordering::Relaxed)
    }

    pub(crate) fn rank(&self, now_ms: i64) -> Rank {
        Rank {
            priority: self.priority,
            troubled: self.health().troubled_until_ms > now_ms,
            in_flight: self.in_flight(),
            used_ms: self.used_ms.load(Ordering::Relaxed),
        }
    }

    pub(crate) fn cool(&self, until_ms: i64, cause: String) {
        self.health().cooling = Some((until_ms, cause));
    }

    pub(crate) fn trouble(&self, until_ms: i64) {
        self.health().troubled_until_ms = until_ms;
    }

    pub(crate) fn set_parked(&self, parked: Option<(i64, String)>) {
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
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call under way on an account; ends when dropped, whatever happens.
pub struct AccountLease(Arc<Account>);

impl AccountLease {
    pub(crate) fn new(account: Arc<Account>, now_ms: i64) -> Self {
        account.in_flight.fetch_add(1, Ordering::Relaxed);
        account.used_ms.store(now_ms, Ordering::Relaxed);
        Self(account)
    }

    /// The account.
    pub fn account(&self) -> &Arc<Account> {
        &self.0
    }
}

impl Drop for AccountLease {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

/// All accounts.
#[derive(Default)]
pub struct Pool {
    accounts: ArcSwap<Vec<Arc<Account>>>,
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

    pub(crate) fn insert(&self, account: Account) {
        self.change(|accounts| accounts.push(Arc::new(account)));
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
