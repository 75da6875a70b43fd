//! The whole reading side of one answer, by its headers: decodes where it must, observes, and sums up.

use std::io::{self, Write};

use super::decode::{Coding, Decoder};
use super::observe::{End, JSON_LIMIT, Observer, Reading, Seen};

/// Bytes per token, where nothing but the length is known.
const BYTES_PER_TOKEN: u64 = 4;

/// Is given a copy of every byte of an answer's body, as it came from upstream.
pub struct Tap {
    kind: Kind,
}

enum Kind {
    Plain(Observer),
    Coded(Box<Decoder<Sink>>),
    /// An answer in a coding that cannot be read.
    Opaque {
        bytes: u64,
    },
    /// Not an answer: an HTML page, an image.
    Nothing,
}

impl Tap {
    /// For an answer with these `content-type` and `content-encoding` headers. Without a type it is taken for JSON.
    pub fn new(content_type: Option<&str>, content_encoding: Option<&str>) -> Self {
        let media_type = content_type.unwrap_or("application/json").split(';').next().unwrap_or_default();
        let media_type = media_type.trim().to_ascii_lowercase();
        let observer = match media_type.as_str() {
            "text/event-stream" => Observer::stream(),
            "application/json" => Observer::json(JSON_LIMIT),
            other if other.ends_with("+json") => Observer::json(JSON_LIMIT),
            _ => return Self { kind: Kind::Nothing },
        };
        let kind = match Coding::of(content_encoding) {
            Coding::Identity => Kind::Plain(observer),
            Coding::Opaque => Kind::Opaque { bytes: 0 },
            coding => Kind::Coded(Box::new(Decoder::new(
                coding,
                Sink { observer: Some(observer), seen: Seen::default() },
            ))),
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
            Kind::Opaque { bytes } => {
                *bytes = bytes.saturating_add(piece.len() as u64);
                Seen::default()
            }
            Kind::Nothing => Seen::default(),
        }
    }

    /// Ends the reading. What could not be decoded leaves the output marked as an estimate.
    pub fn finish(self, end: End) -> Reading {
        match self.kind {
            Kind::Plain(observer) => observer.finish(end),
            Kind::Coded(mut decoder) => {
                let has_failed = decoder.has_failed();
                let end = if has_failed { End::Cut } else { end };
                let observer = decoder.out().observer.take();
                let mut reading = observer.map(|observer| observer.finish(end)).unwrap_or_default();
                reading.usage.output_estimated |= has_failed && !reading.complete;
                reading
            }
            Kind::Opaque { bytes } => {
                let mut reading = Reading::default();
                reading.usage.tokens.output = bytes / BYTES_PER_TOKEN;
                reading.usage.output_estimated = true;
                reading
            }
            Kind::Nothing => Reading::default(),
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
