//! Delivery: the answer's bytes to the client as they come, each once, with the meter watching.
//!
//! Held back is only the end, until the journal has the record. A cut becomes an error event in the client's dialect
//! where one can be added, and a broken connection elsewhere; never a silent end, never a hang.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::Body;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH};
use http::{HeaderName, HeaderValue, Response};
use http_body::{Body as _, Frame};

use super::attempt::Answer;
use super::call::{Call, Leases};
use super::drain;
use super::idle::Idle;
use super::told::{BROKE_OFF, NO_RECORD, REVOKED, SILENT, Told};
use crate::journal::JournalError;
use crate::meter::guard::Meter;
use crate::meter::watch::Form;
use crate::model::account::Service;
use crate::model::outcome::Outcome;
use crate::provider::anthropic::headers as anthropic;
use crate::provider::google::headers as google;
use crate::provider::reply::{CutError, ReplyBody};
use crate::schedule::lease::AccountLease;
use crate::state::Shared;
use crate::stream::observe::Seen;

/// Keeps proxies such as nginx from buffering a stream.
const NO_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// The answer's head, with its body on the way.
pub(super) fn deliver(relay: &Shared, mut call: Call, answer: Answer) -> Response<Body> {
    let Answer { held, mut meter, lease } = answer;
    let mut headers = match meter.service() {
        Service::Claude => anthropic::reply(&held.reply.headers, relay.config.relay.rate_limit_headers),
        Service::Gemini => google::reply(&held.reply.headers),
    };
    let (form, coded) = meter.form();
    let can_add = form == Form::Stream && !coded;
    if matches!(form, Form::Stream | Form::Array) {
        headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
        headers.insert(NO_BUFFERING, HeaderValue::from_static("no"));
        if can_add {
            headers.remove(CONTENT_LENGTH);
        }
    }
    headers.extend(std::mem::take(&mut call.leases.admission.headers));
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if length == Some(0)
        && let Err(error) = meter.close_whole()
    {
        // Nobody asks for the bytes of an empty body, so this is its end.
        tracing::error!(%error, "the record of an empty answer waits for the journal");
    }
    let flow = Flow {
        pieces: held.pieces,
        ended: held.end,
        body: held.reply.body,
        meter,
        left: length,
        can_add,
        idle: Idle::new(relay.config.relay.idle),
        hold: None,
        is_over: false,
        relay: Shared::clone(relay),
        _account: lease,
        call: call.leases,
    };
    let mut response = Response::new(Body::new(Delivery(Some(flow))));
    *response.status_mut() = held.reply.status;
    *response.headers_mut() = headers;
    response
}

/// The body that the client reads. Whoever drops it early has left.
struct Delivery(Option<Flow>);

impl http_body::Body for Delivery {
    type Data = Bytes;
    type Error = CutError;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Next> {
        self.get_mut().0.as_mut().map_or(Poll::Ready(None), |flow| flow.poll_next(context))
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        if let Some(flow) = self.0.take() {
            drain::after(flow);
        }
    }
}

/// An answer on its way.
pub(super) struct Flow {
    pub(super) pieces: VecDeque<(Bytes, Seen)>,
    ended: Option<Result<(), CutError>>,
    body: ReplyBody,
    pub(super) meter: Meter,
    /// Bytes until the declared length is reached.
    pub(super) left: Option<u64>,
    /// An error event can be put behind what was delivered.
    can_add: bool,
    idle: Idle,
    hold: Option<Hold>,
    is_over: bool,
    pub(super) relay: Shared,
    _account: Option<AccountLease>,
    pub(super) call: Leases,
}

/// The last piece, until the record is on disk (`journal.sync = "always"`).
struct Hold {
    synced: Pin<Box<dyn Future<Output = Result<(), JournalError>> + Send>>,
    piece: Option<Bytes>,
}

type Next = Option<Result<Frame<Bytes>, CutError>>;

/// Why an answer ends before its end: for the books, for the operator, and for the client.
pub(super) struct Cut {
    outcome: Outcome,
    cause: String,
    told: Told,
}

impl Cut {
    fn by_upstream(cause: String, told: Told) -> Self {
        Self { outcome: Outcome::UpstreamCut, cause, told }
    }
}

impl From<CutError> for Cut {
    fn from(cut: CutError) -> Self {
        Self::by_upstream(cut.0, BROKE_OFF)
    }
}

impl Flow {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Next> {
        let this = self;
        loop {
            if let Some(hold) = &mut this.hold {
                let synced = ready!(hold.synced.as_mut().poll(context));
                let piece = this.hold.take().and_then(|hold| hold.piece);
                return Poll::Ready(match synced {
                    Ok(()) => piece.map(|piece| Ok(Frame::data(piece))),
                    Err(error) => this.unrecorded(&error),
                });
            }
            if this.is_over {
                return Poll::Ready(None);
            }
            if this.is_revoked(context) {
                return Poll::Ready(this.revoked());
            }
            let next = match this.pieces.pop_front() {
                Some((piece, seen)) => this.pass(piece, &seen),
                None => match ready!(this.poll_upstream(context)) {
                    Some(Ok(piece)) if piece.is_empty() => continue,
                    Some(Ok(piece)) => {
                        let seen = this.meter.see(&piece);
                        this.pass(piece, &seen)
                    }
                    Some(Err(cut)) => this.cut(cut),
                    None => this.end(),
                },
            };
            if this.hold.is_none() {
                return Poll::Ready(next);
            }
        }
    }

    /// The key was revoked, and answers under way are to end. The task is woken when that comes.
    fn is_revoked(&self, context: &mut Context<'_>) -> bool {
        !self.meter.is_closed() && self.call.admission.stream.poll_ended(context).is_ready()
    }

    fn revoked(&mut self) -> Next {
        let cause = REVOKED.message.to_owned();
        self.cut(Cut { outcome: Outcome::Rejected, cause, told: REVOKED })
    }

    /// The next piece from upstream, or why there is none.
    pub(super) fn poll_upstream(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Cut>>> {
        if let Some(ended) = self.ended.take() {
            return Poll::Ready(ended.err().map(|cut| Err(cut.into())));
        }
        loop {
            match Pin::new(&mut self.body).poll_frame(context) {
                Poll::Ready(Some(Ok(frame))) => {
                    self.idle.touch();
                    // Trailers say nothing that a client of this API reads.
                    if let Ok(data) = frame.into_data() {
                        return Poll::Ready(Some(Ok(data)));
                    }
                }
                Poll::Ready(Some(Err(cut))) => return Poll::Ready(Some(Err(cut.into()))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => {
                    ready!(self.idle.poll_expired(context));
                    let cause = format!("upstream sent nothing for {}", self.idle.limit());
                    return Poll::Ready(Some(Err(Cut::by_upstream(cause, SILENT))));
                }
            }
        }
    }

    /// Lets a piece go, unless it is the last one: then the record comes first.
    fn pass(&mut self, piece: Bytes, seen: &Seen) -> Next {
        self.meter.first_byte();
        if self.is_last(&piece, seen) { self.settle_then(Some(piece)) } else { Some(Ok(Frame::data(piece))) }
    }

    /// Whether nothing that matters comes after a piece.
    pub(super) fn is_last(&mut self, piece: &Bytes, seen: &Seen) -> bool {
        if let Some(left) = &mut self.left {
            *left = left.saturating_sub(piece.len() as u64);
        }
        seen.terminator || seen.error.is_some() || self.left == Some(0)
    }

    /// Upstream ended in order. A stream without its terminator was cut all the same; only the blank line behind it
    /// may be missing, which the observer is given for that.
    fn end(&mut self) -> Next {
        if self.can_add && !self.meter.is_closed() {
            let seen = self.meter.see(b"\n\n");
            if self.meter.lacks_end() && seen.error.is_none() {
                let cause = "the stream ended without its last event".to_owned();
                return self.cut(Cut::by_upstream(cause, BROKE_OFF));
            }
        }
        self.is_over = true;
        self.settle_then(None)
    }

    fn settle_then(&mut self, piece: Option<Bytes>) -> Next {
        if let Err(error) = self.meter.close_whole() {
            return self.unrecorded(&error);
        }
        let journal = &self.relay.ledger.journal;
        if let Some(end) = self.meter.settled().filter(|_| journal.waits_for_disk()) {
            let journal = journal.clone();
            self.hold = Some(Hold { synced: Box::pin(async move { journal.synced(end).await }), piece });
            return None;
        }
        piece.map(|piece| Ok(Frame::data(piece)))
    }

    fn unrecorded(&mut self, error: &JournalError) -> Next {
        tracing::error!(%error, "an answer ends as cut: its record is not safe");
        self.broken(NO_RECORD)
    }

    fn cut(&mut self, cut: Cut) -> Next {
        if self.meter.is_closed() && self.can_add {
            // All that matters is out and in the books.
            self.is_over = true;
            return None;
        }
        if let Err(error) = self.meter.close(cut.outcome, Some(cut.cause)) {
            tracing::error!(%error, "the record of a cut answer waits for the journal");
        }
        self.broken(cut.told)
    }

    /// The end that a client must not take for a good one.
    fn broken(&mut self, told: Told) -> Next {
        self.is_over = true;
        if !self.can_add {
            return Some(Err(CutError(told.message.to_owned())));
        }
        Some(Ok(Frame::data(told.event(self.meter.dialect()))))
    }
}
