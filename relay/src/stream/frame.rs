//! Server-sent events from bytes that are split anywhere.
//!
//! Lines end in LF, CR or CRLF, mixed. What is whole inside one piece is handed on as a slice of it; only what a
//! piece leaves unfinished is copied, and never more than a bound: a longer event is left out and counted. Whether
//! an event is handed on never depends on where the bytes were split.

use memchr::memchr2;

/// The longest event that is handed on, in bytes of data. The provider's own are a few kilobytes at most.
pub const LONGEST_EVENT: usize = 1 << 20;

/// A longer event name is no name: the known ones are short.
const LONGEST_NAME: usize = 64;

/// Buffers that grew beyond this are given back after use.
const KEPT_CAPACITY: usize = 8 << 10;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// One event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Its `event` field.
    pub name: Option<&'a [u8]>,
    /// Its `data` fields, joined with LF.
    pub data: &'a [u8],
}

/// Takes in a stream piece by piece and gives out its events.
#[derive(Debug)]
pub struct Frames {
    /// The longest event that is handed on.
    longest: usize,
    /// The beginning of a line whose end has not come.
    line: Vec<u8>,
    /// The rest of this line is not wanted.
    discards_line: bool,
    /// The last byte was a CR: a LF that follows belongs to it.
    after_return: bool,
    /// The first line, in front of which a byte-order mark may stand, is over.
    begun: bool,
    event: Event,
    skipped: u64,
}

/// The event under way, as far as it had to be copied.
#[derive(Debug, Default)]
struct Event {
    name: Vec<u8>,
    data: Vec<u8>,
    /// Data lines so far, and their length with the LFs between.
    lines: usize,
    length: usize,
    /// Too long: nothing of it is wanted.
    skipped: bool,
}

/// A line, by what it means.
enum Field<'a> {
    Blank,
    Data(&'a [u8]),
    Name(&'a [u8]),
    Other,
}

impl<'a> Field<'a> {
    fn of(line: &'a [u8]) -> Self {
        if line.is_empty() {
            return Self::Blank;
        }
        let (name, value) = match memchr::memchr(b':', line) {
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None => (line, &line[line.len()..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match name {
            b"data" => Self::Data(value),
            b"event" => Self::Name(value),
            _ => Self::Other,
        }
    }
}

impl Default for Frames {
    fn default() -> Self {
        Self::up_to(LONGEST_EVENT)
    }
}

impl Frames {
    /// Hands on events of at most so many bytes of data, for providers whose events can hold whole pictures.
    pub fn up_to(longest: usize) -> Self {
        Self {
            longest,
            line: Vec::new(),
            discards_line: false,
            after_return: false,
            begun: false,
            event: Event::default(),
            skipped: 0,
        }
    }

    /// Takes in the next piece of the stream and calls `each` with every event that ends in it.
    pub fn feed(&mut self, piece: &[u8], mut each: impl FnMut(Frame<'_>)) {
        let mut borrowed = None;
        let mut rest = self.past_line_feed(piece);
        while let Some(end) = memchr2(b'\n', b'\r', rest) {
            let line = &rest[..end];
            if self.line.is_empty() && !self.discards_line {
                self.borrowed_line(line, &mut borrowed, &mut each);
            } else {
                self.carried_line(line, &mut each);
            }
            self.after_return = rest[end] == b'\r';
            rest = self.past_line_feed(&rest[end + 1..]);
        }
        self.carry(rest);
        self.event.keep(borrowed);
    }

    /// Ends the stream: an event whose lines are whole counts, though the blank line after it is missing.
    pub fn finish(&mut self, mut each: impl FnMut(Frame<'_>)) {
        self.skipped += self.event.end(None, &mut each);
    }

    /// How many events were too long to be handed on.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    fn past_line_feed<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        if !self.after_return || bytes.is_empty() {
            return bytes;
        }
        self.after_return = false;
        bytes.strip_prefix(b"\n").unwrap_or(bytes)
    }

    fn without_mark<'a>(&mut self, line: &'a [u8]) -> &'a [u8] {
        if std::mem::replace(&mut self.begun, true) {
            return line;
        }
        line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line)
    }

    fn borrowed_line<'a>(
        &mut self,
        line: &'a [u8],
        borrowed: &mut Option<&'a [u8]>,
        each: &mut impl FnMut(Frame<'_>),
    ) {
        match Field::of(self.without_mark(line)) {
            Field::Blank => self.skipped += self.event.end(borrowed.take(), each),
            Field::Data(value) => self.event.data(value, borrowed, self.longest),
            Field::Name(value) => self.event.name(value),
            Field::Other => {}
        }
    }

    /// The end of a line that began in an earlier piece: the first line in this one, so nothing is borrowed yet.
    fn carried_line(&mut self, line: &[u8], each: &mut impl FnMut(Frame<'_>)) {
        self.carry(line);
        if std::mem::take(&mut self.discards_line) {
            return;
        }
        let carried = std::mem::take(&mut self.line);
        match Field::of(self.without_mark(&carried)) {
            // A carried line has a beginning; this one is nothing but a byte-order mark.
            Field::Blank => self.skipped += self.event.end(None, each),
            Field::Data(value) => {
                let mut copied = None;
                self.event.data(value, &mut copied, self.longest);
                self.event.keep(copied);
            }
            Field::Name(value) => self.event.name(value),
            Field::Other => {}
        }
        self.line = emptied(carried);
    }

    /// Keeps the beginning of a line, unless it gets too long or belongs to an event that is not wanted.
    fn carry(&mut self, bytes: &[u8]) {
        if self.discards_line || bytes.is_empty() {
            return;
        }
        let room = (self.longest + LONGEST_NAME).saturating_sub(self.line.len());
        if bytes.len() <= room && !self.event.skipped {
            self.line.extend_from_slice(bytes);
            return;
        }
        self.line.extend_from_slice(&bytes[..bytes.len().min(room).min(LONGEST_NAME)]);
        let beginning = std::mem::take(&mut self.line);
        match Field::of(self.without_mark(&beginning)) {
            Field::Data(_) => self.event.skip(),
            Field::Name(_) => self.event.name.clear(),
            Field::Blank | Field::Other => {}
        }
        self.line = emptied(beginning);
        self.discards_line = true;
    }
}

impl Event {
    /// Takes a data line: the first of an event is only noted, further ones make a copy of all.
    fn data<'a>(&mut self, value: &'a [u8], borrowed: &mut Option<&'a [u8]>, longest: usize) {
        self.length = self.length.saturating_add(value.len() + usize::from(self.lines > 0));
        if self.length > longest {
            *borrowed = None;
            self.skip();
        }
        if self.skipped {
            return;
        }
        if self.lines == 0 {
            *borrowed = Some(value);
        } else {
            self.keep(borrowed.take());
            self.data.push(b'\n');
            self.data.extend_from_slice(value);
        }
        self.lines += 1;
    }

    fn name(&mut self, value: &[u8]) {
        self.name.clear();
        if value.len() <= LONGEST_NAME {
            self.name.extend_from_slice(value);
        }
    }

    fn keep(&mut self, borrowed: Option<&[u8]>) {
        if let Some(data) = borrowed {
            self.data.extend_from_slice(data);
        }
    }

    fn skip(&mut self) {
        self.skipped = true;
        self.data = Vec::new();
    }

    /// Hands the event on, if there is one, and makes room for the next. Returns how many were left out.
    fn end(&mut self, borrowed: Option<&[u8]>, each: &mut impl FnMut(Frame<'_>)) -> u64 {
        if self.lines > 0 && !self.skipped {
            let name = (!self.name.is_empty()).then_some(self.name.as_slice());
            each(Frame { name, data: borrowed.unwrap_or(&self.data) });
        }
        let left_out = u64::from(self.skipped);
        self.name.clear();
        self.data = emptied(std::mem::take(&mut self.data));
        (self.lines, self.length, self.skipped) = (0, 0, false);
        left_out
    }
}

fn emptied(mut buffer: Vec<u8>) -> Vec<u8> {
    if buffer.capacity() > KEPT_CAPACITY {
        return Vec::new();
    }
    buffer.clear();
    buffer
}
