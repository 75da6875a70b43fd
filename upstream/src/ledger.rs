//! Keeps the books: one lock, one entry per request, closed exactly once on every path by its guard.
//! Promises that what a test reads is consistent, and tells waiters of every change.
//! Never holds its lock across an await.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::request::Parts;
use tokio::sync::Notify;

use crate::books::{Books, Ending, Exchange, Usage};
use crate::options::Record;

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
    pub(crate) fn open(self: &Arc<Self>, parts: &Parts, token: Option<&str>, connection: u64) -> Entry {
        let received_at_micros = self.micros();
        let mut state = self.lock();
        state.numbered += 1;
        let number = state.numbered;
        let totals = &mut state.books.totals;
        totals.requests += 1;
        totals.open += 1;
        totals.peak = totals.peak.max(totals.open);
        if self.record != Record::Totals {
            state.books.exchanges.push(arrived(parts, token, connection, number, received_at_micros));
        }
        drop(state);
        self.changed.notify_waiters();
        Entry { ledger: Arc::clone(self), number, tally: Tally::default(), ending: None }
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
        token: token.map(str::to_owned),
        model: None,
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

/// What has been sent of one answer.
#[derive(Clone, Copy, Default)]
struct Tally {
    pieces: usize,
    bytes: u64,
    generated: u64,
    billed: Usage,
}

/// The open entry of one exchange. Dropped unfinished, it says that the client left.
pub(crate) struct Entry {
    ledger: Arc<Ledger>,
    number: u64,
    tally: Tally,
    ending: Option<Ending>,
}

impl Entry {
    /// The request's number, from 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Notes the request's body, read to its end.
    pub(crate) fn body(&self, body: &Bytes, sha256: Option<String>) {
        let keep = self.ledger.record == Record::Bodies;
        self.ledger.lock().books.totals.body_bytes += body.len() as u64;
        self.update(|exchange| {
            exchange.body_length = body.len() as u64;
            exchange.body_sha256 = sha256;
            exchange.body = keep.then(|| body.clone());
        });
    }

    /// Notes what the body asks for.
    pub(crate) fn asks(&self, model: Option<&str>, stream: bool) {
        self.update(|exchange| {
            exchange.model = model.map(str::to_owned);
            exchange.stream = stream;
        });
    }

    /// Notes the head of the answer.
    pub(crate) fn answered(&self, status: u16, request_id: &str, message_id: Option<&str>) {
        self.update(|exchange| {
            exchange.status = Some(status);
            request_id.clone_into(&mut exchange.request_id);
            exchange.message_id = message_id.map(str::to_owned);
        });
    }

    /// Notes a piece of the answer that goes to the socket.
    pub(crate) fn sent(&mut self, bytes: usize, generated: u64, announced: Option<Usage>) {
        self.tally.pieces += 1;
        self.tally.bytes += bytes as u64;
        self.tally.generated += generated;
        if let Some(usage) = announced {
            self.tally.billed = usage;
        }
        let tally = self.tally;
        self.update(|exchange| tally.write(exchange));
    }

    /// Closes the entry.
    pub(crate) fn end(&mut self, ending: Ending) {
        if self.ending.is_some() {
            return;
        }
        self.ending = Some(ending);
        let ended_at = self.ledger.micros();
        let mut state = self.ledger.lock();
        let ending = if state.stopped && ending == Ending::Left { Ending::Stopped } else { ending };
        let index = self.index(&state);
        state.books.totals.open = state.books.totals.open.saturating_sub(1);
        if self.number > state.forgotten {
            self.tally.total(&mut state.books, ending);
        }
        if let Some(exchange) = index.and_then(|index| state.books.exchanges.get_mut(index)) {
            self.tally.write(exchange);
            exchange.ending = ending;
            exchange.ended_at_micros = Some(ended_at);
        }
        drop(state);
        self.ledger.changed.notify_waiters();
    }

    fn update(&self, change: impl FnOnce(&mut Exchange)) {
        if self.ledger.record == Record::Totals {
            return;
        }
        let mut state = self.ledger.lock();
        let index = self.index(&state);
        if let Some(exchange) = index.and_then(|index| state.books.exchanges.get_mut(index)) {
            change(exchange);
        }
        drop(state);
        self.ledger.changed.notify_waiters();
    }

    fn index(&self, state: &State) -> Option<usize> {
        let index = self.number.checked_sub(state.forgotten + 1)?;
        usize::try_from(index).ok()
    }
}

impl Tally {
    fn write(self, exchange: &mut Exchange) {
        exchange.pieces_sent = self.pieces;
        exchange.bytes_sent = self.bytes;
        exchange.generated = self.generated;
        exchange.billed = self.billed;
    }

    fn total(self, books: &mut Books, ending: Ending) {
        let totals = &mut books.totals;
        totals.pieces_sent += self.pieces as u64;
        totals.billed = totals.billed.plus(self.billed);
        match ending {
            Ending::Complete => {
                totals.complete += 1;
                totals.billed_complete = totals.billed_complete.plus(self.billed);
            }
            Ending::Cut => totals.cut += 1,
            Ending::Left => totals.left += 1,
            Ending::Open | Ending::Stopped => {}
        }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.end(Ending::Left);
    }
}
