//! Owns the bodies of answers: how pieces turn into writes, with pauses, gates, stalls and cuts.
//! Promises that each piece is flushed before the next one is given out, and that the exchange's
//! entry closes with the body.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use std::vec::IntoIter;

use bytes::Bytes;
use futures_util::stream::{self, Stream};
use http_body::{Body, Frame, SizeHint};

use crate::behaviour::Delivery;
use crate::books::Ending;
use crate::ledger::Entry;
use crate::piece::Piece;
use crate::wire::Line;

/// HTTP/2 frames are written by another task, and a reset drops those still queued: how long they get to leave.
const FRAMES_LEAVE: Duration = Duration::from_millis(20);

/// The upstream broke off, as scripted: ends the connection, in HTTP/2 the stream.
#[derive(Debug, thiserror::Error)]
#[error("broken off as scripted")]
pub(crate) struct BrokenOff;

/// The body of an answer.
pub(crate) struct AnswerBody {
    kind: Kind,
    /// Bytes still to come, where the answer says its length.
    left: Option<u64>,
}

enum Kind {
    /// Bytes that are no exchange's answer.
    Aside(Option<Bytes>),
    Plain(Plain),
    Paced(Pin<Box<dyn Stream<Item = Result<Bytes, BrokenOff>> + Send>>),
}

impl AnswerBody {
    /// A body outside of the books: the answer of a control endpoint.
    pub(crate) fn aside(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self { left: Some(bytes.len() as u64), kind: Kind::Aside(Some(bytes)) }
    }

    /// A body whose pieces follow each other without a pause.
    pub(crate) fn plain(pieces: Vec<Piece>, mut entry: Entry, length: Option<u64>) -> Self {
        if pieces.is_empty() {
            entry.end(Ending::Complete);
        }
        Self { kind: Kind::Plain(Plain { pieces: pieces.into_iter(), entry, flushing: false }), left: length }
    }

    /// A body with pauses, gates, a stall or a cut.
    pub(crate) fn paced(paced: Paced, length: Option<u64>) -> Self {
        let stream = stream::unfold(paced, |mut paced| async move {
            let next = paced.next().await?;
            Some((next, paced))
        });
        Self { kind: Kind::Paced(Box::pin(stream)), left: length }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        let body = self.get_mut();
        let next = match &mut body.kind {
            Kind::Aside(bytes) => Poll::Ready(bytes.take().map(Ok)),
            Kind::Plain(plain) => plain.poll_next(cx),
            Kind::Paced(stream) => stream.as_mut().poll_next(cx),
        };
        if let (Poll::Ready(Some(Ok(bytes))), Some(left)) = (&next, &mut body.left) {
            *left = left.saturating_sub(bytes.len() as u64);
        }
        next.map(|next| next.map(|result| result.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::Aside(bytes) => bytes.is_none(),
            Kind::Plain(plain) => plain.pieces.len() == 0,
            Kind::Paced(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

/// Pieces one after the other.
struct Plain {
    pieces: IntoIter<Piece>,
    entry: Entry,
    flushing: bool,
}

impl Plain {
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, BrokenOff>>> {
        if std::mem::take(&mut self.flushing) {
            // A pending body is what makes the connection flush what it has.
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let Some(piece) = self.pieces.next() else { return Poll::Ready(None) };
        self.entry.sent(piece.bytes.len(), piece.generated, piece.announces);
        if self.pieces.len() == 0 {
            self.entry.end(Ending::Complete);
        } else {
            self.flushing = true;
        }
        Poll::Ready(Some(Ok(piece.bytes)))
    }
}

/// Where a paced body stalls or breaks off, in pieces.
#[derive(Clone, Copy, Default)]
pub(crate) struct Faults {
    pub(crate) stall: Option<usize>,
    pub(crate) cut: Option<usize>,
}

/// Pieces with pauses, gates, a stall or a cut between them.
pub(crate) struct Paced {
    pieces: IntoIter<Piece>,
    delivery: Delivery,
    faults: Faults,
    entry: Entry,
    line: Arc<Line>,
    multiplexed: bool,
    sent: usize,
    /// The line's mark when a piece was given out that nobody has seen leave yet.
    leaving: Option<u64>,
    /// The line's mark before the head.
    start: u64,
}

impl Paced {
    pub(crate) fn new(
        pieces: Vec<Piece>,
        delivery: Delivery,
        faults: Faults,
        entry: Entry,
        via: Via,
    ) -> Self {
        let Via { line, multiplexed } = via;
        let start = line.mark();
        let pieces = pieces.into_iter();
        Self { pieces, delivery, faults, entry, line, multiplexed, sent: 0, leaving: None, start }
    }

    async fn next(&mut self) -> Option<Result<Bytes, BrokenOff>> {
        self.leave().await;
        if self.faults.stall == Some(self.sent) {
            std::future::pending::<()>().await;
        }
        if self.faults.cut == Some(self.sent) {
            return Some(Err(self.cut().await));
        }
        if self.pieces.len() == 0 {
            self.entry.end(Ending::Complete);
            return None;
        }
        if self.sent > 0 && !self.delivery.interval.is_zero() {
            tokio::time::sleep(self.delivery.interval).await;
        }
        if let Some(gate) = &self.delivery.gate {
            gate.pass().await;
        }
        let piece = self.pieces.next()?;
        self.sent += 1;
        self.leaving = Some(self.line.mark());
        self.entry.sent(piece.bytes.len(), piece.generated, piece.announces);
        let faultless = self.faults.stall.is_none() && self.faults.cut.is_none();
        if faultless && self.pieces.len() == 0 {
            self.entry.end(Ending::Complete);
        }
        Some(Ok(piece.bytes))
    }

    /// Waits until the latest piece is on its way.
    async fn leave(&mut self) {
        let Some(mark) = self.leaving else { return };
        self.line.flushed_since(mark).await;
        self.left();
    }

    fn left(&mut self) {
        if self.leaving.take().is_some()
            && let Some(gate) = &self.delivery.gate
        {
            gate.note_sent();
        }
    }

    /// Breaks off, once what was given out is on its way.
    async fn cut(&mut self) -> BrokenOff {
        if self.multiplexed {
            tokio::time::sleep(FRAMES_LEAVE).await;
        } else {
            self.line.flushed_since(self.start).await;
        }
        if self.delivery.reset {
            self.line.reset_on_close();
        }
        self.entry.end(Ending::Cut);
        BrokenOff
    }
}

impl Drop for Paced {
    fn drop(&mut self) {
        // A body of known length is dropped with its last piece, which has then been taken.
        self.left();
    }
}

/// The connection that an answer travels on.
#[derive(Clone)]
pub(crate) struct Via {
    pub(crate) line: Arc<Line>,
    /// Whether other answers share it at the same time (HTTP/2).
    pub(crate) multiplexed: bool,
}
