//! Whether an answer is whole. Nothing is taken on trust: status, the message's shape, each event, the last one.

use bytes::Bytes;
use http::{Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;

/// The last event of every stream.
const STOP: &[u8] = b"event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    /// One JSON document.
    Message,
    /// A stream of so many events.
    Stream {
        /// How many.
        events: usize,
    },
}

/// What is wrong with an answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    #[error("no connection: {0}")]
    Connect(#[from] std::io::Error),
    #[error("the answer broke off: {0}")]
    Broken(#[from] hyper::Error),
    #[error("status {0}")]
    Status(StatusCode),
    #[error("the answer is no message")]
    NoMessage,
    #[error("{seen} events instead of {wanted}")]
    Events { seen: usize, wanted: usize },
    #[error("the last event is not the terminator")]
    NoStop,
}

/// Reads an answer to its end and checks it. Returns the bytes of its body.
///
/// # Errors
/// What is wrong with it.
pub(crate) async fn read(response: Response<Incoming>, form: Form) -> Result<u64, Trouble> {
    let mut check = Check::new(form);
    if response.status() != StatusCode::OK {
        return Err(Trouble::Status(response.status()));
    }
    let mut body = response.into_body();
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame?.into_data() {
            check.feed(&data);
        }
    }
    check.finish()
}

/// The state of checking one answer.
pub(crate) struct Check {
    form: Form,
    bytes: u64,
    events: usize,
    /// The answer's beginning, of a message only.
    head: Bytes,
    /// Its last bytes: as many as the terminator has.
    tail: Vec<u8>,
}

impl Check {
    pub(crate) fn new(form: Form) -> Self {
        Self { form, bytes: 0, events: 0, head: Bytes::new(), tail: Vec::with_capacity(2 * STOP.len()) }
    }

    pub(crate) fn feed(&mut self, piece: &Bytes) {
        if self.bytes == 0 {
            self.head = piece.slice(..piece.len().min(16));
        }
        self.bytes += piece.len() as u64;
        let ends_line = self.tail.last() == Some(&b'\n');
        self.events += usize::from(ends_line && piece.first() == Some(&b'\n'));
        self.events += piece.windows(2).filter(|pair| pair == b"\n\n").count();
        let kept = piece.len().min(STOP.len());
        let surplus = (self.tail.len() + kept).saturating_sub(STOP.len());
        self.tail.drain(..surplus.min(self.tail.len()));
        self.tail.extend_from_slice(&piece[piece.len() - kept..]);
    }

    /// The bytes of the answer, if it is whole.
    ///
    /// # Errors
    /// What it lacks.
    pub(crate) fn finish(self) -> Result<u64, Trouble> {
        match self.form {
            Form::Message if !self.head.starts_with(b"{\"id\":\"msg_") || self.tail.last() != Some(&b'}') => {
                Err(Trouble::NoMessage)
            }
            Form::Stream { events } if self.events != events => {
                Err(Trouble::Events { seen: self.events, wanted: events })
            }
            Form::Stream { .. } if self.tail != STOP => Err(Trouble::NoStop),
            _ => Ok(self.bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STREAM: &str = "event: ping\ndata: {\"type\":\"ping\"}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

    fn checked(stream: &str, piece: usize, events: usize) -> Result<u64, Trouble> {
        let mut check = Check::new(Form::Stream { events });
        for piece in stream.as_bytes().chunks(piece) {
            check.feed(&Bytes::copy_from_slice(piece));
        }
        check.finish()
    }

    #[test]
    fn a_whole_stream_is_intact_however_it_is_split() {
        for piece in 1..=STREAM.len() {
            assert_eq!(checked(STREAM, piece, 2).ok(), Some(STREAM.len() as u64), "{piece}");
        }
    }

    #[test]
    fn a_stream_that_lacks_anything_is_not() {
        for end in 0..STREAM.len() {
            assert!(checked(&STREAM[..end], 7, 2).is_err(), "{end}");
        }
        assert!(checked(STREAM, 7, 3).is_err());
        assert!(checked(&format!("{STREAM}\n"), 7, 2).is_err());
    }
}
