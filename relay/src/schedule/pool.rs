//! Every account, in memory, the groups that they are in, and who waits for them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;

use super::Suits;
use super::account::Account;
use super::affinity::Affinity;
use super::cooldown::ProbeTimes;
use super::queue::Queue;
use super::session::SessionId;
use crate::config::Schedule;
use crate::model::account::Service;
use crate::model::group::GroupRow;
use crate::model::id::{AccountId, GroupId};
use crate::model::key::Binding;

/// All accounts, the groups that they are in, and who waits for them.
pub struct Pool {
    accounts: ArcSwap<Vec<Arc<Account>>>,
    groups: ArcSwap<Vec<Arc<GroupRow>>>,
    change: Mutex<()>,
    pub(super) queue: Arc<Queue>,
    pub(super) affinity: Affinity,
    pub(super) longest_wait: Duration,
    pub(super) probe_times: ProbeTimes,
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
