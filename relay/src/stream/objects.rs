//! The objects of a JSON body, as they come: of one object itself, of an array each element. The array may be spread
//! over lines and pieces in any way.
//!
//! An object that is whole inside one piece is handed on as a slice of it; only what is split is copied, within a bound.
//! Depth costs a counter, and what is no JSON is passed over.

use memchr::memchr2;

use super::json::Copy;

/// Takes in a body piece by piece and gives out its objects.
#[derive(Debug)]
pub(super) struct Objects {
    limit: usize,
    form: Form,
    /// An object is under way.
    in_object: bool,
    /// Open brackets and braces inside the object under way.
    depth: u64,
    in_string: bool,
    /// The last byte of a string's piece was a backslash.
    escaped: bool,
    /// An object has come to its end.
    has_any: bool,
    /// The object under way, as far as it had to be copied.
    copy: Copy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Nothing but blanks has come.
    Undecided,
    Single,
    Array,
    /// The outermost bracket or brace is closed, or the body is something else.
    Over,
}

/// An object of the body.
pub(super) enum Object<'a> {
    Whole(&'a [u8]),
    /// Longer than the limit: its beginning and its end.
    Long(&'a [u8], &'a [u8]),
}

impl Objects {
    /// Keeps at most `limit` bytes of an object.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            form: Form::Undecided,
            in_object: false,
            depth: 0,
            in_string: false,
            escaped: false,
            has_any: false,
            copy: Copy::new(limit),
        }
    }

    /// Takes in the next piece and calls `each` with every object that ends in it. Returns whether the body's end
    /// is in this piece.
    pub(super) fn feed(&mut self, piece: &[u8], mut each: impl FnMut(Object<'_>)) -> bool {
        let was_over = self.form == Form::Over;
        let mut rest = piece;
        while !rest.is_empty() && self.form != Form::Over {
            if !self.in_object {
                rest = self.between(rest);
                continue;
            }
            match self.end_of_object(rest) {
                Some(end) => {
                    let (object, after) = rest.split_at(end);
                    self.object(object, &mut each);
                    rest = after;
                }
                None => {
                    self.copy.feed(rest);
                    break;
                }
            }
        }
        self.form == Form::Over && !was_over
    }

    /// Whether there was an object at all.
    pub(super) fn has_any(&self) -> bool {
        self.has_any
    }

    /// What has come of an object that did not end.
    pub(super) fn unfinished(&self) -> &[u8] {
        let (beginning, end) = self.copy.kept();
        end.unwrap_or(beginning)
    }

    /// Steps over what stands before, between and behind objects, up to the next one's brace.
    fn between<'a>(&mut self, rest: &'a [u8]) -> &'a [u8] {
        let Some(at) = rest.iter().position(|byte| !byte.is_ascii_whitespace()) else { return &[] };
        match (self.form, rest[at]) {
            (Form::Undecided | Form::Array, b'{') => {
                if self.form == Form::Undecided {
                    self.form = Form::Single;
                }
                self.in_object = true;
                return &rest[at..];
            }
            (Form::Undecided, b'[') => self.form = Form::Array,
            (Form::Undecided, _) | (Form::Array, b']') => self.form = Form::Over,
            _ => {}
        }
        &rest[at + 1..]
    }

    /// The place behind the brace that ends the object under way.
    fn end_of_object(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while at < bytes.len() {
            if self.in_string {
                at += self.step_in_string(&bytes[at..]);
                continue;
            }
            match bytes[at] {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => self.depth -= 1,
                _ => {}
            }
            at += 1;
            if self.depth == 0 {
                return Some(at);
            }
        }
        None
    }

    /// Goes on to behind the next quote or backslash, or the end.
    fn step_in_string(&mut self, bytes: &[u8]) -> usize {
        if std::mem::take(&mut self.escaped) {
            return 1;
        }
        let Some(at) = memchr2(b'"', b'\\', bytes) else { return bytes.len() };
        if bytes[at] == b'"' {
            self.in_string = false;
        } else {
            self.escaped = true;
        }
        at + 1
    }

    fn object(&mut self, end: &[u8], each: &mut impl FnMut(Object<'_>)) {
        self.in_object = false;
        self.has_any = true;
        if self.form == Form::Single {
            self.form = Form::Over;
        }
        if self.copy.is_empty() && end.len() <= self.limit {
            each(Object::Whole(end));
            return;
        }
        let mut copy = std::mem::replace(&mut self.copy, Copy::new(self.limit));
        copy.feed(end);
        match copy.kept() {
            (whole, None) => each(Object::Whole(whole)),
            (beginning, Some(end)) => each(Object::Long(beginning, end)),
        }
    }
}
