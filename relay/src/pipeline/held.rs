//! A reply with its beginning read, and nothing of it delivered.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderValue;
use http::header::RETRY_AFTER;
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout_at};

use crate::meter::guard::Meter;
use crate::provider::reply::{CutError, Reply};
use crate::stream::observe::{Seen, StreamError};

/// Most bytes that are held back.
const MOST: usize = 64 << 10;

/// A reply whose body has been read in part. What was read goes out first.
pub(super) struct Held {
    pub(super) reply: Reply,
    pub(super) pieces: VecDeque<(Bytes, Seen)>,
    /// The body ended, in order or not, within the pieces.
    pub(super) end: Option<Result<(), CutError>>,
    length: usize,
}

impl Held {
    pub(super) fn new(reply: Reply) -> Self {
        Self { reply, pieces: VecDeque::new(), end: None, length: 0 }
    }

    /// Reads up to the first content or an error event, at most for `time`.
    pub(super) async fn peek(&mut self, meter: &mut Meter, time: Duration) {
        let end = Instant::now() + time;
        while let Some(piece) = self.next(end).await {
            let seen = meter.see(&piece);
            let is_decided = seen.content || seen.terminator || seen.error.is_some();
            self.keep(piece, seen);
            if is_decided {
                return;
            }
        }
    }

    /// Reads the whole body, as far as it is short, at most for `time`.
    pub(super) async fn read(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while let Some(piece) = self.next(end).await {
            self.keep(piece, Seen::default());
        }
    }

    /// The error event among the pieces, if no content came before it.
    pub(super) fn error(&self) -> Option<&StreamError> {
        let (_, seen) = self.pieces.back()?;
        seen.error.as_ref().filter(|_| !seen.content)
    }

    /// What was read, in one piece.
    pub(super) fn readable(&self) -> Vec<u8> {
        self.pieces.iter().flat_map(|(piece, _)| piece.iter().copied()).collect()
    }

    /// Names a time after which to ask again, where the reply names none in the header that SDKs read.
    pub(super) fn suggest_wait(&mut self, wait_ms: i64) {
        let seconds = wait_ms.max(0).unsigned_abs().div_ceil(1000).max(1);
        self.reply.headers.entry(RETRY_AFTER).or_insert(HeaderValue::from(seconds));
    }

    async fn next(&mut self, end: Instant) -> Option<Bytes> {
        while self.end.is_none() && self.length < MOST {
            match timeout_at(end, self.reply.body.frame()).await {
                Err(_) => return None,
                Ok(None) => self.end = Some(Ok(())),
                Ok(Some(Err(cut))) => self.end = Some(Err(cut)),
                Ok(Some(Ok(frame))) => {
                    if let Ok(data) = frame.into_data() {
                        return Some(data);
                    }
                }
            }
        }
        None
    }

    fn keep(&mut self, piece: Bytes, seen: Seen) {
        self.length += piece.len();
        self.pieces.push_back((piece, seen));
    }
}
