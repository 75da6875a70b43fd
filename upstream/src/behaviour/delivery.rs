//! Owns the words about how an answer travels: pauses, gates, splits, coding, cuts and stalls.

use std::time::Duration;

use crate::behaviour::Behaviour;
use crate::gate::Gate;
use crate::piece::Split;

/// How an answer's body is delivered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Delivery {
    /// Answers without having read the request's body.
    pub(crate) unread: bool,
    pub(crate) before: Before,
    pub(crate) interval: Duration,
    pub(crate) gate: Option<Gate>,
    pub(crate) split: Split,
    pub(crate) coding: Coding,
    pub(crate) framing: Framing,
    pub(crate) stall: Option<At>,
    pub(crate) cut: Option<At>,
    /// Cuts end with RST instead of FIN.
    pub(crate) reset: bool,
}

/// What happens before the head of the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Before {
    #[default]
    Nothing,
    Delay(Duration),
    Hang,
    Cut,
    /// Breaks off after the request has had its effect.
    Lose,
}

/// A place in an answer's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    Pieces(usize),
    Bytes(usize),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Coding {
    #[default]
    Identity,
    /// gzip, when the request's `accept-encoding` allows it.
    Gzip,
    /// gzip, whatever the request allows.
    GzipUninvited,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Framing {
    /// A stream without length, another body with.
    #[default]
    Usual,
    Chunked,
    Sized,
}

impl Delivery {
    /// Whether the pieces just follow each other.
    pub(crate) fn is_plain(&self) -> bool {
        self.interval.is_zero() && self.gate.is_none() && self.stall.is_none() && self.cut.is_none()
    }
}

impl Behaviour {
    /// A pause before the head of the answer, after what the request asks has been done.
    #[must_use]
    pub fn delay(self, pause: Duration) -> Self {
        self.deliver(|delivery| delivery.before = Before::Delay(pause))
    }

    /// The request's body is not read before the answer, nor after it: with [`hang`](Self::hang), an upload that
    /// stalls; with an error, one that is refused half-way. A message then names no model and is
    /// not streamed. On HTTP/1.1 an upstream that does not read cannot notice that its client leaves.
    #[must_use]
    pub fn without_reading(self) -> Self {
        self.deliver(|delivery| delivery.unread = true)
    }

    /// No answer at all, and the connection stays open.
    #[must_use]
    pub fn hang(self) -> Self {
        self.deliver(|delivery| delivery.before = Before::Hang)
    }

    /// The connection (in HTTP/2 the stream) is broken off in place of an answer.
    #[must_use]
    pub fn cut_before_head(self) -> Self {
        self.deliver(|delivery| delivery.before = Before::Cut)
    }

    /// The request has its effect (a refresh token is replaced, a window fills), and then the connection (in HTTP/2 the
    /// stream) is broken off in place of an answer. [`cut_before_head`](Self::cut_before_head) breaks off before.
    #[must_use]
    pub fn lost(self) -> Self {
        self.deliver(|delivery| delivery.before = Before::Lose)
    }

    /// A pause between the pieces of the body.
    #[must_use]
    pub fn interval(self, pause: Duration) -> Self {
        self.deliver(|delivery| delivery.interval = pause)
    }

    /// Each piece of the body waits for the gate.
    #[must_use]
    pub fn gated(self, gate: &Gate) -> Self {
        self.deliver(|delivery| delivery.gate = Some(gate.clone()))
    }

    /// How the body is divided into pieces, each one write (default: by events).
    #[must_use]
    pub fn split(self, split: Split) -> Self {
        self.deliver(|delivery| delivery.split = split)
    }

    /// gzip, if the request allows it.
    #[must_use]
    pub fn gzip(self) -> Self {
        self.deliver(|delivery| delivery.coding = Coding::Gzip)
    }

    /// gzip, whatever the request allows.
    #[must_use]
    pub fn gzip_uninvited(self) -> Self {
        self.deliver(|delivery| delivery.coding = Coding::GzipUninvited)
    }

    /// A body without `content-length`.
    #[must_use]
    pub fn chunked(self) -> Self {
        self.deliver(|delivery| delivery.framing = Framing::Chunked)
    }

    /// A body with `content-length`, streams too.
    #[must_use]
    pub fn sized(self) -> Self {
        self.deliver(|delivery| delivery.framing = Framing::Sized)
    }

    /// Silence after so many pieces of the body, and the connection stays open. 0 leaves the head alone.
    #[must_use]
    pub fn stall_after(self, pieces: usize) -> Self {
        self.deliver(|delivery| delivery.stall = Some(At::Pieces(pieces)))
    }

    /// Silence after so many bytes of the body.
    #[must_use]
    pub fn stall_after_bytes(self, bytes: usize) -> Self {
        self.deliver(|delivery| delivery.stall = Some(At::Bytes(bytes)))
    }

    /// The connection (in HTTP/2 the stream) is broken off after so many pieces of the body.
    #[must_use]
    pub fn cut_after(self, pieces: usize) -> Self {
        self.deliver(|delivery| delivery.cut = Some(At::Pieces(pieces)))
    }

    /// The connection (in HTTP/2 the stream) is broken off after so many bytes of the body.
    #[must_use]
    pub fn cut_after_bytes(self, bytes: usize) -> Self {
        self.deliver(|delivery| delivery.cut = Some(At::Bytes(bytes)))
    }

    /// A cut ends the connection with RST instead of FIN. (What the client has not yet read may be lost with it.)
    #[must_use]
    pub fn by_reset(self) -> Self {
        self.deliver(|delivery| delivery.reset = true)
    }

    fn deliver(mut self, change: impl FnOnce(&mut Delivery)) -> Self {
        change(&mut self.delivery);
        self
    }
}
