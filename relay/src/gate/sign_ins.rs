//! Sign-ins to providers on their way, and tickets for tokens on theirs: in memory, for ten minutes, and few.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::model::account::AccountKind;
use crate::model::identity::Identity;
use crate::model::sign_in::SignIn;
use crate::provider::credential::Tokens;
use crate::provider::oauth::Pkce;
use crate::secret::Secret;

/// Both last so long.
pub(crate) const LASTS_MS: i64 = 10 * 60_000;
/// What a sign-in was begun with is remembered for so long after its end, so that it can be begun again.
const REMEMBERED_MS: i64 = 60 * 60_000;
/// Sign-ins and tickets of all administrators at once.
const MOST: usize = 256;

/// Who began a sign-in: a session, or the machine's own operator.
pub(crate) type Owner = Option<[u8; 32]>;

/// A sign-in on its way, with what never leaves the server.
#[derive(Clone, Debug)]
pub(crate) struct Begun {
    pub(crate) shown: SignIn,
    pub(crate) owner: Owner,
    pub(crate) pkce: Pkce,
    pub(crate) state: String,
    pub(crate) proxy_password: Option<Secret>,
    /// The code is used up, these came for it.
    pub(crate) granted: Option<Granted>,
}

/// Tokens, and whose they are.
#[derive(Clone, Debug)]
pub(crate) struct Granted {
    pub(crate) tokens: Tokens,
    pub(crate) identity: Identity,
    pub(crate) scopes: Vec<String>,
}

/// Sign-ins and tickets.
#[derive(Debug, Default)]
pub struct SignIns {
    begun: Mutex<HashMap<String, Begun>>,
    tickets: Mutex<HashMap<String, Ticket>>,
}

/// Tokens that wait for their account.
#[derive(Clone, Debug)]
pub(crate) struct Ticket {
    pub(crate) kind: AccountKind,
    pub(crate) ends_ms: i64,
    pub(crate) granted: Granted,
}

impl SignIns {
    /// Remembers one. Where there is no room the oldest goes.
    pub(crate) fn put(&self, begun: Begun, now_ms: i64) {
        let mut all = lock(&self.begun);
        all.retain(|_, begun| now_ms < begun.shown.ends_ms + REMEMBERED_MS);
        make_room(&mut all, |begun| begun.shown.ends_ms);
        all.insert(begun.shown.id.clone(), begun);
    }

    /// The one of that id, if it is the owner's and not over.
    pub(crate) fn find(&self, id: &str, owner: &Owner, now_ms: i64) -> Option<Begun> {
        self.remembered(id, owner).filter(|begun| now_ms < begun.shown.ends_ms)
    }

    /// The same, also for a while after its end.
    pub(crate) fn remembered(&self, id: &str, owner: &Owner) -> Option<Begun> {
        lock(&self.begun).get(id).filter(|begun| begun.owner == *owner).cloned()
    }

    pub(crate) fn forget(&self, id: &str) {
        lock(&self.begun).remove(id);
    }

    /// Keeps tokens under a ticket's name.
    pub(crate) fn put_ticket(&self, name: String, ticket: Ticket, now_ms: i64) {
        let mut all = lock(&self.tickets);
        all.retain(|_, ticket| now_ms < ticket.ends_ms);
        make_room(&mut all, |ticket| ticket.ends_ms);
        all.insert(name, ticket);
    }

    /// Takes the ticket of that name out, if it is of that kind and not over.
    pub(crate) fn take_ticket(&self, name: &str, kind: AccountKind, now_ms: i64) -> Option<Ticket> {
        let mut all = lock(&self.tickets);
        all.get(name).filter(|ticket| ticket.kind == kind && now_ms < ticket.ends_ms)?;
        all.remove(name)
    }
}

fn make_room<T>(all: &mut HashMap<String, T>, ends_ms: impl Fn(&T) -> i64) {
    while all.len() >= MOST {
        let Some(oldest) = all.iter().min_by_key(|(_, one)| ends_ms(one)).map(|(id, _)| id.clone()) else {
            return;
        };
        all.remove(&oldest);
    }
}

fn lock<T>(table: &Mutex<T>) -> MutexGuard<'_, T> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}
