//! Owns the open entry of one exchange: what is noted while it goes on, and its one end.

use std::sync::Arc;

use bytes::Bytes;

use crate::books::{AccountTotals, Books, Ending, Exchange, Usage};
use crate::endpoint::Endpoint;
use crate::ledger::{Ledger, State};
use crate::options::Record;

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
    endpoint: Option<Endpoint>,
    account: Option<Arc<str>>,
    tally: Tally,
    ending: Option<Ending>,
}

/// What the books count besides requests.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Deed {
    /// A code became tokens.
    Exchanged,
    /// A refresh token became tokens.
    Refreshed,
    /// A refresh token came that had been replaced.
    Reused,
}

impl Deed {
    /// The counter that it belongs to.
    fn of<'a>(self, exchanges: &'a mut u64, refreshes: &'a mut u64, reuses: &'a mut u64) -> &'a mut u64 {
        match self {
            Self::Exchanged => exchanges,
            Self::Refreshed => refreshes,
            Self::Reused => reuses,
        }
    }
}

impl Entry {
    pub(super) fn new(ledger: Arc<Ledger>, number: u64, endpoint: Option<Endpoint>) -> Self {
        Self { ledger, number, endpoint, account: None, tally: Tally::default(), ending: None }
    }

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

    /// Notes whose the request is.
    pub(crate) fn belongs_to(&mut self, account: &str) {
        let account: Arc<str> = account.into();
        self.account = Some(Arc::clone(&account));
        let inference = self.endpoint.is_some_and(Endpoint::is_inference);
        self.count(|totals| {
            totals.requests += 1;
            totals.messages += u64::from(inference);
        });
        self.update(|exchange| exchange.account = Some(account.as_ref().to_owned()));
    }

    /// Notes that the upstream itself refused the request, and why.
    pub(crate) fn refused(&mut self, why: &str) {
        self.ledger.lock().books.totals.refused += 1;
        self.count(|totals| totals.refused += 1);
        self.update(|exchange| exchange.refused = Some(why.to_owned()));
    }

    /// Counts what was done with a code or a refresh token.
    pub(crate) fn deed(&self, deed: Deed) {
        let mut state = self.ledger.lock();
        let totals = &mut state.books.totals;
        *deed.of(&mut totals.exchanges, &mut totals.refreshes, &mut totals.reuses) += 1;
        drop(state);
        self.count(|totals| *deed.of(&mut totals.exchanges, &mut totals.refreshes, &mut totals.reuses) += 1);
    }

    /// Changes the counters of the account.
    fn count(&self, change: impl FnOnce(&mut AccountTotals)) {
        let Some(account) = &self.account else { return };
        let mut state = self.ledger.lock();
        change(state.books.accounts.entry(account.as_ref().to_owned()).or_default());
    }

    /// Notes what the body asks for.
    pub(crate) fn asks(&self, model: Option<&str>, stream: bool) {
        self.update(|exchange| {
            exchange.model = model.map(str::to_owned);
            exchange.stream = stream;
        });
    }

    /// Notes the project that the body names.
    pub(crate) fn names_project(&self, project: Option<&str>) {
        self.update(|exchange| exchange.project = project.map(str::to_owned));
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
            if let Some(account) = &self.account {
                let totals = state.books.accounts.entry(account.as_ref().to_owned()).or_default();
                totals.billed = totals.billed.plus(self.tally.billed);
            }
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
