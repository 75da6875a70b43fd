//! The reading side of one answer's body: decodes where it must, observes, and sums up.

use std::io::{self, Write};

use super::decode::{Coding, Decoder};
use super::observe::{End, Observer, Reading, Seen};

/// Is given a copy of every byte of a body, as it came from upstream.
pub struct Tap {
    kind: Kind,
}

enum Kind {
    Plain(Observer),
    Coded(Box<Decoder<Sink>>),
    /// Coded in a way that cannot be read.
    Opaque,
}

impl Tap {
    /// For a body of that coding, to be read by `observer`.
    pub fn new(observer: Observer, coding: Coding) -> Self {
        let kind = match coding {
            Coding::Identity => Kind::Plain(observer),
            Coding::Opaque => Kind::Opaque,
            coding => {
                let sink = Sink { observer: Some(observer), seen: Seen::default() };
                Kind::Coded(Box::new(Decoder::new(coding, sink)))
            }
        };
        Self { kind }
    }

    /// Takes in the next piece of the body.
    pub fn feed(&mut self, piece: &[u8]) -> Seen {
        match &mut self.kind {
            Kind::Plain(observer) => observer.feed(piece),
            Kind::Coded(decoder) => {
                decoder.push(piece);
                std::mem::take(&mut decoder.out().seen)
            }
            Kind::Opaque => Seen::default(),
        }
    }

    /// What shows the end of a stream is due and has not come; of what is coded that is not asked.
    pub fn lacks_end(&self) -> bool {
        matches!(&self.kind, Kind::Plain(observer) if observer.lacks_end())
    }

    /// Ends the reading. Nothing, if the body could not be decoded far enough to know anything; if decoding failed
    /// later, the output is marked as an estimate.
    pub fn finish(self, end: End) -> Option<Reading> {
        match self.kind {
            Kind::Plain(observer) => Some(observer.finish(end)),
            Kind::Coded(mut decoder) => {
                let has_failed = decoder.has_failed();
                let observer = decoder.out().observer.take()?;
                let mut reading = observer.finish(if has_failed { End::Cut } else { end });
                reading.usage.output_estimated |= has_failed && !reading.complete;
                (reading.input_seen || !has_failed).then_some(reading)
            }
            Kind::Opaque => None,
        }
    }
}

/// Feeds what is decoded to an observer.
#[derive(Default)]
struct Sink {
    observer: Option<Observer>,
    seen: Seen,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(observer) = &mut self.observer {
            self.seen.merge(observer.feed(bytes));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
