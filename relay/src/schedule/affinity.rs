//! Which account a session was served by: its provider's prompt cache, and the signatures of its thinking, are there.
//! The table is bounded and forgets what was not used for a while; a restart empties it, and rendezvous finds most
//! sessions' accounts again.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::session::SessionId;
use crate::model::id::AccountId;

/// Which session is served by which account.
#[derive(Debug)]
pub struct Affinity {
    ttl_ms: i64,
    /// Sessions of one generation: with two of them the table is bounded without ever being searched.
    most: usize,
    table: Mutex<Table>,
}

#[derive(Debug, Default)]
struct Table {
    young: HashMap<SessionId, Bound>,
    old: HashMap<SessionId, Bound>,
}

#[derive(Clone, Debug)]
struct Bound {
    account: AccountId,
    used_ms: i64,
}

impl Affinity {
    /// Empty. A session is forgotten after `ttl` without a call, and earlier if more than `most` were used since.
    pub fn new(ttl: Duration, most: usize) -> Self {
        let ttl_ms = i64::try_from(ttl.as_millis()).unwrap_or(i64::MAX);
        Self { ttl_ms, most: (most / 2).max(1), table: Mutex::default() }
    }

    /// The account that serves a session.
    pub fn find(&self, session: SessionId, now_ms: i64) -> Option<AccountId> {
        let table = self.table();
        let bound = table.young.get(&session).or_else(|| table.old.get(&session))?;
        (now_ms < bound.used_ms.saturating_add(self.ttl_ms)).then(|| bound.account.clone())
    }

    /// From now on a session is served by that account.
    pub fn bind(&self, session: SessionId, account: &AccountId, now_ms: i64) {
        let mut table = self.table();
        if let Some(bound) = table.young.get_mut(&session) {
            bound.used_ms = now_ms;
            if bound.account != *account {
                bound.account = account.clone();
            }
            return;
        }
        if table.young.len() >= self.most {
            table.old = std::mem::take(&mut table.young);
        }
        table.young.insert(session, Bound { account: account.clone(), used_ms: now_ms });
    }

    /// How many sessions are in the table.
    pub fn len(&self) -> usize {
        let table = self.table();
        table.young.len() + table.old.keys().filter(|session| !table.young.contains_key(session)).count()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
