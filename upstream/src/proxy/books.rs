//! Owns the books of a proxy, and how it is told to fail: one lock, and a guard for each open connection.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::Notify;

use crate::proxy::ProxyFault;

/// What a proxy knows about what it did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ProxyBooks {
    /// Connections accepted.
    pub connections: u64,
    /// Those that are open now.
    pub open: u64,
    /// Those that reached their target: tunnels, and requests passed on.
    pub reached: u64,
    /// Those that showed a wrong user or password, or none.
    pub refused_passwords: u64,
    /// Those that were refused because the proxy was told so.
    pub refused_connects: u64,
    /// Those whose target could not be reached.
    pub failed_connects: u64,
    /// Those that were broken off by [`Proxy::cut`](crate::Proxy::cut) or
    /// [`Proxy::die_after`](crate::Proxy::die_after).
    pub cut: u64,
    /// What was asked for, as it was spelled: `anthropic.test:443`.
    pub hosts: Vec<String>,
    /// The users who were let in.
    pub users: Vec<String>,
    /// Bytes from targets to clients.
    pub bytes_back: u64,
}

/// The lock around a proxy's books.
#[derive(Default)]
pub(super) struct Ledger {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    books: ProxyBooks,
    fault: ProxyFault,
    limit: Option<u64>,
}

impl Ledger {
    pub(super) fn snapshot(&self) -> ProxyBooks {
        self.lock().books.clone()
    }

    pub(super) fn fault(&self) -> ProxyFault {
        self.lock().fault
    }

    pub(super) fn set_fault(&self, fault: ProxyFault) {
        self.lock().fault = fault;
    }

    pub(super) fn limit(&self) -> Option<u64> {
        self.lock().limit
    }

    pub(super) fn set_limit(&self, limit: Option<u64>) {
        self.lock().limit = limit;
    }

    /// Counts a connection, which is open until the guard is dropped.
    pub(super) fn connected(self: &Arc<Self>) -> Open {
        self.note(|books| {
            books.connections += 1;
            books.open += 1;
        });
        Open(Arc::clone(self))
    }

    /// Counts all open connections as cut.
    pub(super) fn cut(&self) {
        self.note(|books| books.cut += books.open);
    }

    /// Changes the books.
    pub(super) fn note(&self, change: impl FnOnce(&mut ProxyBooks)) {
        change(&mut self.lock().books);
        self.changed.notify_waiters();
    }

    pub(super) async fn wait_for(
        &self,
        patience: Duration,
        mut condition: impl FnMut(&ProxyBooks) -> bool,
    ) -> Option<ProxyBooks> {
        let wait = async {
            loop {
                let changed = self.changed.notified();
                let books = self.snapshot();
                if condition(&books) {
                    return books;
                }
                changed.await;
            }
        };
        tokio::time::timeout(patience, wait).await.ok()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An open connection.
pub(super) struct Open(pub(super) Arc<Ledger>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.note(|books| books.open = books.open.saturating_sub(1));
    }
}
