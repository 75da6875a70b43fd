//! The meter's guard: opened with an attempt, it closes exactly once on every path, drop and panic included. Its room
//! in the journal is set aside from the start, so closing neither waits nor lacks space.

use std::sync::Arc;
use std::time::Instant;

use http::HeaderMap;
use uuid::Uuid;

use super::charge;
use super::cost::price;
use super::watch::{Form, Watch};
use crate::gate::admission::Reserved;
use crate::gate::keys::Key;
use crate::gate::limit::Amount;
use crate::gate::streams::OpenStream;
use crate::journal::{Journal, JournalError, Opened, Ticket};
use crate::model::account::Service;
use crate::model::decision::Decision;
use crate::model::dialect::Dialect;
use crate::model::outcome::Outcome;
use crate::model::usage::Usage;
use crate::price::Prices;
use crate::schedule::account::Account;
use crate::store::attempt::{Attempt, Charge, Endpoint};
use crate::stream::observe::{End, Reading, Seen};

/// Bytes of a request body per prompt token, roughly, where nothing better is known.
const BYTES_PER_TOKEN: u64 = 4;
/// Why an answer ended whose key was revoked.
const REVOKED: &str = "the key was revoked while the call was under way";
/// Longest cause in a record, characters.
const LONGEST_CAUSE: usize = 300;

/// What is the same for all attempts of a call.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The call, a UUIDv7.
    pub id: Uuid,
    /// The key.
    pub key: Arc<Key>,
    /// When it came, milliseconds since 1970.
    pub at_ms: i64,
    /// When it came, to measure from.
    pub begun: Instant,
    /// The wire format that the client speaks, and gets.
    pub dialect: Dialect,
    /// What is asked for.
    pub endpoint: Endpoint,
    /// The model that the client named.
    pub model: String,
    /// Streamed or not.
    pub stream: bool,
    /// Length of the body in bytes.
    pub body_length: usize,
    /// The bound on the output, if the client gave one.
    pub max_output: Option<u64>,
    /// What its key's limits have reserved for it.
    pub reserved: Option<Reserved>,
    /// How it is told that its key was revoked.
    pub stream_end: Option<Arc<OpenStream>>,
}

impl Facts {
    /// A record of this call with nothing known but its beginning.
    pub fn record(&self, n: u8) -> Attempt {
        Attempt {
            call: self.id,
            n,
            last: true,
            accepted: false,
            at_ms: self.at_ms,
            key: self.key.id.clone(),
            account: None,
            endpoint: self.endpoint,
            asked: self.model.clone(),
            model: None,
            stream: self.stream,
            sandbox: false,
            status: 0,
            outcome: Outcome::ClientGone,
            cause: None,
            usage: Usage::default(),
            cost: None,
            price: None,
            surplus: Charge::default(),
            first_byte_ms: None,
            total_ms: 0,
            decision: None,
        }
    }

    /// Whether its key was revoked while it was under way.
    pub(crate) fn is_revoked(&self) -> bool {
        self.stream_end.as_ref().is_some_and(|end| end.is_ended())
    }

    fn elapsed_ms(&self) -> u32 {
        u32::try_from(self.begun.elapsed().as_millis()).unwrap_or(u32::MAX)
    }
}

/// Where attempts are written, and what they are priced with.
#[derive(Clone)]
pub struct Ledger {
    /// The journal.
    pub journal: Journal,
    /// The prices in force.
    pub prices: Prices,
}

/// An attempt being metered.
pub struct Meter {
    ledger: Ledger,
    facts: Arc<Facts>,
    ticket: Option<Ticket>,
    settled: Option<u64>,
    record: Attempt,
    watch: Option<Watch>,
    error: Option<String>,
    awaits_reply: bool,
    /// Nothing of the call reached a provider.
    never_reached: bool,
    /// All of the answer was read after its client had left.
    is_drained: bool,
}

impl Meter {
    /// Opens an attempt in the journal.
    ///
    /// # Errors
    /// If the journal cannot be written; the attempt must not be made then.
    pub fn open(ledger: &Ledger, facts: &Arc<Facts>, n: u8, account: &Account) -> Result<Self, JournalError> {
        let opened = Opened {
            call: facts.id,
            n,
            at_ms: facts.at_ms,
            key: facts.key.id.clone(),
            account: account.id.clone(),
            endpoint: facts.endpoint,
            asked: facts.model.clone(),
            stream: facts.stream,
            sandbox: account.is_sandbox(),
            prompt_guess: guess(facts),
            reserved: charge::reserved(facts),
        };
        let ticket = ledger.journal.begin(&opened)?;
        let record =
            Attempt { account: Some(account.id.clone()), sandbox: account.is_sandbox(), ..facts.record(n) };
        Ok(Self {
            ledger: ledger.clone(),
            facts: Arc::clone(facts),
            ticket: Some(ticket),
            settled: None,
            record,
            watch: None,
            error: None,
            awaits_reply: false,
            never_reached: true,
            is_drained: false,
        })
    }

    /// Waits until the opening is on disk, where `journal.sync` asks for that.
    ///
    /// # Errors
    /// If the disk refuses it; the attempt must not be made then.
    pub async fn opened(&self) -> Result<(), JournalError> {
        match &self.ticket {
            Some(ticket) if self.ledger.journal.waits_for_disk() => {
                self.ledger.journal.synced(ticket.end()).await
            }
            _ => Ok(()),
        }
    }

    /// The call goes to upstream now. If the client does not wait for the reply, nobody knows what it was: then the
    /// call counts as accepted and its prompt is estimated, as after a crash.
    pub fn sent(&mut self) {
        self.awaits_reply = true;
        self.never_reached = false;
    }

    /// It did not get there: no connection was made.
    pub fn never_reached(&mut self) {
        self.never_reached = true;
    }

    /// Whether the key's limits allow another attempt, if this one is charged as it stands.
    pub fn may_go_on(&self) -> bool {
        let Some(Reserved { hold, strict: Some(_), .. }) = self.facts.reserved else { return true };
        let charged = charge::surplus(&self.facts, &self.record, self.is_refusal());
        let charged = Amount { requests: 0, tokens: charged.tokens, cost: charged.cost };
        self.facts.key.live.may_go_on(hold, charged)
    }

    /// Nothing was used, for certain: upstream said so, or never heard of it.
    fn is_refusal(&self) -> bool {
        self.never_reached || (!self.record.accepted && self.record.status != 0)
    }

    /// Upstream replied, or will not.
    pub fn answered(&mut self) {
        self.awaits_reply = false;
    }

    /// Upstream accepted the call: from here on its answer is watched.
    pub fn accept(&mut self, status: u16, headers: &HeaderMap) {
        self.record.status = status;
        self.record.accepted = true;
        self.watch = Some(Watch::new(headers, self.facts.dialect.service(), self.facts.stream));
    }

    /// Whose answer it is.
    pub fn service(&self) -> Service {
        self.facts.dialect.service()
    }

    /// The wire format of the answer.
    pub fn dialect(&self) -> Dialect {
        self.facts.dialect
    }

    /// The form of the answer and whether it is coded.
    pub fn form(&self) -> (Form, bool) {
        self.watch.as_ref().map_or((Form::Other, false), |watch| (watch.form(), watch.is_coded()))
    }

    /// The answer so far is a stream that must not end here: what shows its end has not come.
    pub fn lacks_end(&self) -> bool {
        self.watch.as_ref().is_some_and(Watch::lacks_end)
    }

    /// Looks at the next piece of the answer.
    pub fn see(&mut self, piece: &[u8]) -> Seen {
        let Some(watch) = &mut self.watch else { return Seen::default() };
        let seen = watch.feed(piece);
        if let Some(error) = &seen.error {
            self.error.get_or_insert_with(|| format!("{}: {}", error.kind, error.message));
        }
        seen
    }

    /// The first byte goes to the client now.
    pub fn first_byte(&mut self) {
        self.record.first_byte_ms.get_or_insert_with(|| self.facts.elapsed_ms());
    }

    /// The attempt failed before anything of it was delivered; what is recorded if nothing else is said.
    pub fn fail(&mut self, status: u16, outcome: Outcome, cause: String) {
        self.record.status = status;
        self.record.accepted = false;
        self.record.outcome = outcome;
        self.record.cause = Some(cause);
        self.watch = None;
    }

    /// Closes an attempt that [`Meter::fail`] ended. A record that cannot be written now is kept.
    pub fn close_failed(&mut self) {
        if let Err(error) = self.settle() {
            tracing::error!(call = %self.facts.id, %error, "a record waits for the journal");
        }
    }

    /// Why this account was chosen.
    pub fn decided(&mut self, decision: Decision) {
        self.record.decision = Some(Box::new(decision));
    }

    /// Another attempt follows: this one was not the call's last, and why it was made is no more of interest.
    pub fn is_followed(&mut self) {
        self.record.last = false;
        self.record.decision = None;
    }

    /// Whether the record is written, or kept to be.
    pub fn is_closed(&self) -> bool {
        self.ticket.is_none()
    }

    /// The place up to which the journal must be on disk for the record to be safe, once it is written.
    pub fn settled(&self) -> Option<u64> {
        self.settled
    }

    /// Closes with how it ended.
    ///
    /// # Errors
    /// If the journal cannot be written now; the record is kept and will be.
    pub fn close(&mut self, outcome: Outcome, cause: Option<String>) -> Result<(), JournalError> {
        self.record.outcome = outcome;
        if cause.is_some() {
            self.record.cause = cause;
        }
        self.settle()
    }

    /// Closes an answer that came to its end in order: an error event in it, or nothing readable where usage was
    /// due, make it a failure of upstream's.
    ///
    /// # Errors
    /// As [`Meter::close`].
    pub fn close_whole(&mut self) -> Result<(), JournalError> {
        if let Some(error) = self.error.take() {
            return self.close(Outcome::UpstreamError, Some(error));
        }
        match self.form() {
            (Form::Other, _) if self.record.accepted => self.close(
                Outcome::UpstreamError,
                Some("the answer is neither JSON nor a stream of events".to_owned()),
            ),
            _ => self.close(Outcome::Ok, None),
        }
    }

    /// Closes an answer that came whole after its client had left.
    ///
    /// # Errors
    /// As [`Meter::close`].
    pub fn close_drained(&mut self) -> Result<(), JournalError> {
        match self.error.take() {
            Some(error) => self.close(Outcome::UpstreamError, Some(error)),
            None => {
                self.is_drained = true;
                self.close(Outcome::ClientGone, None)
            }
        }
    }

    fn settle(&mut self) -> Result<(), JournalError> {
        let Some(ticket) = self.ticket.take() else { return Ok(()) };
        self.record.total_ms = self.facts.elapsed_ms();
        self.record.accepted |= self.awaits_reply;
        if self.record.outcome == Outcome::ClientGone && self.facts.is_revoked() {
            self.record.outcome = Outcome::Rejected;
            self.record.cause = Some(REVOKED.to_owned());
        }
        let is_whole = self.is_drained || self.record.outcome == Outcome::Ok;
        let end = if is_whole { End::Whole } else { End::Cut };
        let mut is_known = self.is_refusal();
        if let Some(reading) = self.watch.take().and_then(|watch| watch.finish(end)) {
            is_known = reading.input_seen;
            self.take_in(reading);
            is_known &= !self.record.usage.input_estimated && !self.record.usage.output_estimated;
        } else if self.record.accepted
            && self.facts.endpoint.is_metered()
            && self.record.outcome != Outcome::UpstreamError
        {
            self.record.usage.tokens.input = guess(&self.facts);
            self.record.usage.input_estimated = true;
            self.record.usage.output_estimated = self.facts.endpoint == Endpoint::Messages;
        }
        if self.facts.endpoint == Endpoint::CountTokens {
            self.record.usage = Usage::default();
        }
        price(&self.ledger.prices.load(), &mut self.record);
        if self.facts.endpoint.is_metered() {
            self.record.surplus = charge::surplus(&self.facts, &self.record, is_known);
        }
        self.record.cause = self.record.cause.take().map(|cause| shown(&cause));
        let settled = self.ledger.journal.settle(ticket, &self.record);
        // After the journal: whoever reads the past from the books then has it from there or from here.
        charge::settle(&self.facts, &self.record);
        self.settled = Some(settled?);
        Ok(())
    }

    fn take_in(&mut self, reading: Reading) {
        if self.record.outcome == Outcome::Ok && self.facts.endpoint == Endpoint::Messages {
            self.check(&reading);
        }
        self.record.model = reading.model.as_deref().map(shown);
        self.record.usage = reading.usage;
        let is_cut =
            matches!(self.record.outcome, Outcome::ClientGone | Outcome::UpstreamCut | Outcome::Rejected);
        // Most replies with embeddings do not say what they used.
        let is_embedding = self.facts.endpoint == Endpoint::Embeddings && self.record.accepted;
        if !reading.input_seen && (is_cut || is_embedding) {
            self.record.usage.tokens.input = guess(&self.facts);
            self.record.usage.input_estimated = true;
            self.record.usage.output_estimated |= is_cut && !is_embedding;
        }
    }

    /// An answer that came whole is a failure of upstream's all the same if it is an error, or no message at all.
    fn check(&mut self, reading: &Reading) {
        let cause = match &reading.error {
            Some(error) => format!("{}: {}", error.kind, error.message),
            None if reading.model.is_none() && !reading.input_seen => {
                "the answer holds no message".to_owned()
            }
            None => return,
        };
        self.record.outcome = Outcome::UpstreamError;
        self.record.cause = Some(cause);
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        self.close_failed();
    }
}

fn guess(facts: &Facts) -> u64 {
    if facts.endpoint.is_metered() { facts.body_length as u64 / BYTES_PER_TOKEN } else { 0 }
}

/// Bounded, and without control characters, which would leave marks in a terminal or a log.
fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST_CAUSE).collect()
}
