//! Keeps the books: one lock, one entry per request, closed exactly once on every path by its guard.
//! Promises that what a test reads is consistent, and tells waiters of every change.
//! Never holds its lock across an await.

mod entry;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use http::request::Parts;
use tokio::sync::Notify;

use crate::books::{Books, Ending, Exchange, Usage};
use crate::endpoint::Endpoint;
use crate::options::Record;

pub(crate) use entry::{Deed, Entry};

/// The lock around the books of one upstream.
pub(crate) struct Ledger {
    record: Record,
    started: Instant,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    books: Books,
    /// The number of the latest request; never goes back, so that ids stay unique over a reset.
    numbered: u64,
    /// The number of the first request after the latest reset, minus one.
    forgotten: u64,
    /// Connections accepted ever, so that their numbers stay unique over a reset too.
    connected: u64,
    stopped: bool,
}

impl Ledger {
    pub(crate) fn new(record: Record) -> Arc<Self> {
        Arc::new(Self {
            record,
            started: Instant::now(),
            state: Mutex::new(State::default()),
            changed: Notify::new(),
        })
    }

    pub(crate) fn record(&self) -> Record {
        self.record
    }

    pub(crate) fn snapshot(&self) -> Books {
        self.lock().books.clone()
    }

    /// Looks at the books in place, without copying them.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&Books) -> T) -> T {
        look(&self.lock().books)
    }

    /// Forgets everything that has happened; what is going on stays in the gauge of open exchanges.
    pub(crate) fn reset(&self) {
        let mut state = self.lock();
        let open = state.books.totals.open;
        state.books = Books::default();
        state.books.totals.open = open;
        state.books.totals.peak = open;
        state.forgotten = state.numbered;
        drop(state);
        self.changed.notify_waiters();
    }

    /// From now on an exchange that ends unfinished ended because the upstream stopped.
    pub(crate) fn stop(&self) {
        self.lock().stopped = true;
    }

    pub(crate) fn connection(&self) -> u64 {
        let mut state = self.lock();
        state.books.totals.connections += 1;
        state.connected += 1;
        state.connected
    }

    /// Waits until the books satisfy a condition; `None` if that takes longer than `patience`.
    pub(crate) async fn wait_for(
        &self,
        patience: Duration,
        mut condition: impl FnMut(&Books) -> bool,
    ) -> Option<Books> {
        let wait = async {
            loop {
                let changed = self.changed.notified();
                if let Some(books) = self.read(|books| condition(books).then(|| books.clone())) {
                    return books;
                }
                changed.await;
            }
        };
        tokio::time::timeout(patience, wait).await.ok()
    }

    /// Opens the entry of a request that has just arrived.
    pub(crate) fn open(
        self: &Arc<Self>,
        parts: &Parts,
        token: Option<&str>,
        connection: u64,
        endpoint: Option<Endpoint>,
    ) -> Entry {
        let received_at_micros = self.micros();
        let mut state = self.lock();
        state.numbered += 1;
        let number = state.numbered;
        let totals = &mut state.books.totals;
        totals.requests += 1;
        totals.open += 1;
        totals.peak = totals.peak.max(totals.open);
        if self.record != Record::Totals {
            let mut exchange = arrived(parts, token, connection, number, received_at_micros);
            exchange.endpoint = endpoint;
            state.books.exchanges.push(exchange);
        }
        drop(state);
        self.changed.notify_waiters();
        Entry::new(Arc::clone(self), number, endpoint)
    }

    fn micros(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn arrived(parts: &Parts, token: Option<&str>, connection: u64, number: u64, at: u64) -> Exchange {
    let readable = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Exchange {
        number,
        connection,
        version: format!("{:?}", parts.version),
        method: parts.method.to_string(),
        target: parts.uri.path_and_query().map_or_else(|| parts.uri.to_string(), ToString::to_string),
        headers: parts.headers.iter().map(|(k, v)| (k.to_string(), readable(v.as_bytes()))).collect(),
        body_length: 0,
        body_sha256: None,
        body: None,
        endpoint: None,
        token: token.map(str::to_owned),
        account: None,
        refused: None,
        model: None,
        project: None,
        stream: false,
        status: None,
        request_id: String::new(),
        message_id: None,
        billed: Usage::default(),
        generated: 0,
        pieces_sent: 0,
        bytes_sent: 0,
        ending: Ending::Open,
        received_at_micros: at,
        ended_at_micros: None,
    }
}
