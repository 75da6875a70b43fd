//! Decoding a copy of a coded body, so that it can be read while the coded bytes go on as they are.
//!
//! Piece by piece, without waiting for the end; tolerant of bodies that are cut off. Bounded: no window beyond
//! 16 MiB, and an end to decoding (never to the relaying) once a body unpacks to far more than any answer does.

use std::io::{self, Write};

use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

/// A body may unpack to this much, whatever its coded size.
const FREE_BYTES: u64 = 4 << 20;

/// Beyond, it may unpack to this many bytes per coded byte. Answers of repeated words reach some dozens.
const HIGHEST_RATIO: u64 = 200;

/// And never to more than this.
const MOST_BYTES: u64 = 1 << 30;

/// The largest window that is taken for zstd: 2²³ bytes, as RFC 9659 asks of it as a content coding.
const ZSTD_WINDOW_LOG: u32 = 23;

const BUFFER: usize = 8 << 10;

/// How a body is coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Not at all.
    Identity,
    /// `gzip`, of one or more members.
    Gzip,
    /// `deflate`: zlib as the standard says, or bare deflate as some servers send.
    Deflate,
    /// `br`
    Brotli,
    /// `zstd`
    Zstd,
    /// Several codings on top of each other, or an unknown one: not decoded.
    Opaque,
}

impl Coding {
    /// The coding that a `content-encoding` header names.
    pub fn of(header: Option<&str>) -> Self {
        let names = header.unwrap_or_default().split(',').map(|name| name.trim().to_ascii_lowercase());
        let mut names = names.filter(|name| !name.is_empty() && name != "identity");
        match (names.next().as_deref(), names.next()) {
            (None, _) => Self::Identity,
            (Some("gzip" | "x-gzip"), None) => Self::Gzip,
            (Some("deflate"), None) => Self::Deflate,
            (Some("br"), None) => Self::Brotli,
            (Some("zstd"), None) => Self::Zstd,
            _ => Self::Opaque,
        }
    }
}

/// Decodes a body into a writer.
pub struct Decoder<W: Write> {
    state: State<W>,
}

enum State<W: Write> {
    Running(Box<Engine<W>>),
    /// `deflate` of which nothing has come yet to tell its two forms apart.
    Undecided(Sink<W>),
    /// The coded body is over: what may follow is not part of it.
    Ended(W),
    /// What came cannot be decoded, or unpacks to too much.
    Failed(W),
}

enum Engine<W: Write> {
    Gzip(MultiGzDecoder<Sink<W>>),
    Zlib(ZlibDecoder<Sink<W>>),
    Deflate(DeflateDecoder<Sink<W>>),
    Brotli(Box<brotli::DecompressorWriter<Sink<W>>>),
    Zstd(zstd::stream::write::Decoder<'static, Sink<W>>),
}

impl<W: Write> State<W> {
    fn running(engine: Engine<W>) -> Self {
        Self::Running(Box::new(engine))
    }
}

impl<W: Write + Default> Decoder<W> {
    /// A decoder for bodies of that coding. What is not coded, or opaque, fails at once.
    pub fn new(coding: Coding, out: W) -> Self {
        let sink = Sink { out, coded: 0, decoded: 0 };
        let state = match coding {
            Coding::Identity | Coding::Opaque => State::Failed(sink.out),
            Coding::Gzip => State::running(Engine::Gzip(MultiGzDecoder::new(sink))),
            Coding::Deflate => State::Undecided(sink),
            Coding::Brotli => {
                State::running(Engine::Brotli(Box::new(brotli::DecompressorWriter::new(sink, BUFFER))))
            }
            Coding::Zstd => zstd_decoder(sink),
        };
        Self { state }
    }

    /// Decodes the next piece and writes out everything that can be decoded so far.
    pub fn push(&mut self, piece: &[u8]) {
        if piece.is_empty() {
            return;
        }
        self.decide(piece[0]);
        let State::Running(engine) = &mut self.state else { return };
        engine.sink().coded += piece.len() as u64;
        let result = engine.decode(piece);
        match result {
            Ok(true) => {}
            Ok(false) => self.state = State::Ended(std::mem::take(&mut engine.sink().out)),
            Err(_) => self.state = State::Failed(std::mem::take(&mut engine.sink().out)),
        }
    }

    /// What came cannot be decoded, or unpacks to too much; nothing more is written.
    pub fn has_failed(&self) -> bool {
        matches!(self.state, State::Failed(_))
    }

    /// The writer.
    pub fn out(&mut self) -> &mut W {
        match &mut self.state {
            State::Running(engine) => &mut engine.sink().out,
            State::Undecided(sink) => &mut sink.out,
            State::Ended(out) | State::Failed(out) => out,
        }
    }

    /// Tells zlib from bare deflate: zlib begins with its method, 8, and a window of at most 32 KiB.
    fn decide(&mut self, first: u8) {
        let State::Undecided(sink) = &mut self.state else { return };
        let sink = Sink { out: std::mem::take(&mut sink.out), coded: 0, decoded: 0 };
        let is_zlib = first & 0x0f == 8 && first >> 4 <= 7;
        self.state = State::running(if is_zlib {
            Engine::Zlib(ZlibDecoder::new(sink))
        } else {
            Engine::Deflate(DeflateDecoder::new(sink))
        });
    }
}

fn zstd_decoder<W: Write + Default>(mut sink: Sink<W>) -> State<W> {
    let out = std::mem::take(&mut sink.out);
    let decoder = zstd::stream::write::Decoder::new(sink).and_then(|mut decoder| {
        decoder.window_log_max(ZSTD_WINDOW_LOG)?;
        Ok(decoder)
    });
    match decoder {
        Ok(mut decoder) => {
            decoder.get_mut().out = out;
            State::running(Engine::Zstd(decoder))
        }
        Err(_) => State::Failed(out),
    }
}

impl<W: Write> Engine<W> {
    /// Decodes a piece; false once the coded body is over.
    fn decode(&mut self, piece: &[u8]) -> io::Result<bool> {
        let mut rest = piece;
        while !rest.is_empty() {
            match self.writer().write(rest)? {
                0 => return Ok(false),
                taken => rest = &rest[taken..],
            }
        }
        self.writer().flush().map(|()| true)
    }

    fn writer(&mut self) -> &mut dyn Write {
        match self {
            Self::Gzip(decoder) => decoder,
            Self::Zlib(decoder) => decoder,
            Self::Deflate(decoder) => decoder,
            Self::Brotli(decoder) => decoder,
            Self::Zstd(decoder) => decoder,
        }
    }

    fn sink(&mut self) -> &mut Sink<W> {
        match self {
            Self::Gzip(decoder) => decoder.get_mut(),
            Self::Zlib(decoder) => decoder.get_mut(),
            Self::Deflate(decoder) => decoder.get_mut(),
            Self::Brotli(decoder) => decoder.get_mut(),
            Self::Zstd(decoder) => decoder.get_mut(),
        }
    }
}

/// Stands between decoder and writer, and ends what unpacks to too much.
struct Sink<W> {
    out: W,
    coded: u64,
    decoded: u64,
}

impl<W: Write> Write for Sink<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.decoded = self.decoded.saturating_add(bytes.len() as u64);
        let allowed = self.coded.saturating_mul(HIGHEST_RATIO).saturating_add(FREE_BYTES).min(MOST_BYTES);
        if self.decoded > allowed {
            return Err(io::Error::other("the body unpacks to too much"));
        }
        self.out.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
