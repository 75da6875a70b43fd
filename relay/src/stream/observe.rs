//! The observer of one answer: fed with the bytes that pass, it says what the delivery must know at once, and in
//! the end what the books must know.
//!
//! It promises the same result wherever the bytes are split, memory within fixed bounds, and never to fail.

use super::anthropic::Answer;
use super::frame::Frames;
use super::google;
use super::json::Copy;
use super::objects::{Object, Objects};
use crate::model::usage::Usage;

/// How much of a plain JSON reply is kept for reading, unless told otherwise.
pub const JSON_LIMIT: usize = 8 << 20;

/// Bounds of an error's texts, in bytes.
const LONGEST_KIND: usize = 64;
const LONGEST_MESSAGE: usize = 1_024;

/// Watches one answer go by.
///
/// # Examples
/// ```
/// use relay::stream::observe::{End, Observer};
///
/// let mut observer = Observer::stream();
/// let seen = observer.feed(b"data: {\"type\":\"message_stop\"}\n\n");
/// assert!(seen.terminator);
/// assert!(observer.finish(End::Whole).complete);
/// ```
#[derive(Debug)]
pub struct Observer {
    shape: Shape,
}

#[derive(Debug)]
enum Shape {
    Stream { frames: Frames, answer: Box<Answer> },
    Json(Copy),
    GoogleStream { frames: Frames, answer: Box<google::Answer> },
    GoogleJson { objects: Box<Objects>, answer: Box<google::Answer>, is_closed: bool },
}

/// What happened in one piece of the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Content began: from here on the answer cannot be taken back.
    pub content: bool,
    /// The answer shows its end, and it came: after this piece nothing is expected.
    pub terminator: bool,
    /// An error event came.
    pub error: Option<StreamError>,
}

impl Seen {
    /// Both together, for a piece that was observed in parts.
    pub fn merge(&mut self, later: Self) {
        self.content |= later.content;
        self.terminator |= later.terminator;
        if self.error.is_none() {
            self.error = later.error;
        }
    }
}

/// An error that the provider reported inside an answer, for the operator. Bounded in length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StreamError {
    /// The provider's type of error (`overloaded_error`), or nothing.
    pub kind: String,
    /// The provider's words.
    pub message: String,
}

impl StreamError {
    pub(super) fn new(kind: Option<&str>, message: Option<&str>) -> Self {
        Self {
            kind: shortened(kind.unwrap_or_default(), LONGEST_KIND),
            message: shortened(message.unwrap_or_default(), LONGEST_MESSAGE),
        }
    }
}

/// How the body ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Upstream ended it in order.
    Whole,
    /// It was broken off, by whomever.
    Cut,
}

/// What is known of an answer at its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The model that answered.
    pub model: Option<String>,
    /// The provider's id of the message.
    pub message_id: Option<String>,
    /// Why the answer ended, if it said so.
    pub stop_reason: Option<String>,
    /// Tokens and price class: exact, or with its estimated parts marked.
    pub usage: Usage,
    /// The prompt's tokens were given. If not they are 0 in `usage`: an answer that never began.
    pub input_seen: bool,
    /// The answer came to its end: `message_stop`, a reason to stop for every candidate, or the closing brace or
    /// bracket of a reply.
    pub complete: bool,
    /// The first error that the answer reported.
    pub error: Option<StreamError>,
    /// Events that were too long to be read.
    pub skipped_events: u64,
}

impl Observer {
    /// For the server-sent events of the Messages API.
    pub fn stream() -> Self {
        Self { shape: Shape::Stream { frames: Frames::default(), answer: Box::default() } }
    }

    /// For a plain JSON body of the Messages API, of which `limit` bytes are kept; see [`JSON_LIMIT`].
    pub fn json(limit: usize) -> Self {
        Self { shape: Shape::Json(Copy::new(limit)) }
    }

    /// For the server-sent events of the Gemini API or of Code Assist.
    pub fn google_stream() -> Self {
        Self { shape: Shape::GoogleStream { frames: Frames::up_to(JSON_LIMIT), answer: Box::default() } }
    }

    /// For a JSON body of these, one object or an array that is written piece by piece; `limit` bytes of an object
    /// are kept.
    pub fn google_json(limit: usize) -> Self {
        let objects = Box::new(Objects::new(limit));
        Self { shape: Shape::GoogleJson { objects, answer: Box::default(), is_closed: false } }
    }

    /// Takes in the next piece of the body.
    pub fn feed(&mut self, piece: &[u8]) -> Seen {
        let mut seen = Seen::default();
        match &mut self.shape {
            Shape::Stream { frames, answer } => frames.feed(piece, |frame| answer.event(frame, &mut seen)),
            Shape::Json(copy) => copy.feed(piece),
            Shape::GoogleStream { frames, answer } => {
                frames.feed(piece, |frame| answer.chunk(frame.data, &mut seen));
            }
            Shape::GoogleJson { objects, answer, is_closed } => {
                let has_ended = objects.feed(piece, |object| match object {
                    Object::Whole(json) => answer.chunk(json, &mut seen),
                    Object::Long(beginning, end) => answer.long_chunk(beginning, end, &mut seen),
                });
                *is_closed |= has_ended;
                seen.terminator = has_ended;
            }
        }
        seen
    }

    /// The answer is a stream that must not end here: what shows its end has not come. Of Google's streams only what
    /// has content must show its end, for some say nothing at all.
    pub fn lacks_end(&self) -> bool {
        match &self.shape {
            Shape::Stream { answer, .. } => !answer.is_complete(),
            Shape::GoogleStream { answer, .. } => answer.lacks_end(),
            Shape::Json(_) | Shape::GoogleJson { .. } => false,
        }
    }

    /// Ends the observation. What comes after a stream's terminator changes nothing.
    pub fn finish(self, end: End) -> Reading {
        match self.shape {
            Shape::Stream { mut frames, mut answer } => {
                frames.finish(|frame| answer.event(frame, &mut Seen::default()));
                answer.finish(frames.skipped())
            }
            Shape::Json(copy) => copy.finish(end == End::Whole),
            Shape::GoogleStream { mut frames, mut answer } => {
                frames.finish(|frame| answer.chunk(frame.data, &mut Seen::default()));
                answer.finish(false, frames.skipped())
            }
            Shape::GoogleJson { objects, mut answer, is_closed } => {
                answer.broken_chunk(objects.unfinished());
                answer.finish(is_closed && objects.has_any(), 0)
            }
        }
    }
}

/// The text, cut at a character's border if it is longer than `longest` bytes.
pub(super) fn shortened(text: &str, longest: usize) -> String {
    text[..text.floor_char_boundary(longest)].to_owned()
}
