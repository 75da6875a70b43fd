//! Taking Code Assist's wrapper off an answer, for a client of the Gemini API: the reply inside goes on as it is, and
//! gets the wrapper's `traceId` as its `responseId` where it has none. Wherever the bytes are split, the result is the
//! same.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame};

use super::splice::inside;
use crate::provider::reply::{CutError, ReplyBody};
use crate::stream::decode::{Coding, Decoder};
use crate::stream::frame::Frames;
use crate::wire::lenient::{members, present};

/// The longest reply, or event of a stream, that can be taken apart.
const LONGEST: usize = 32 << 20;

/// The form in which the client gets the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Server-sent events, from the same.
    Events,
    /// An array of replies, from server-sent events.
    Array,
    /// One reply.
    Single,
}

/// The answer cannot be taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("upstream's answer is too long to be taken out of its wrapper")]
pub struct TooLong;

/// Takes in a wrapped answer piece by piece and gives out the bare one.
#[derive(Debug)]
pub struct Unwrapper {
    form: Form,
    frames: Frames,
    /// The body so far, where it is one reply.
    single: Vec<u8>,
    begun: bool,
}

impl Unwrapper {
    /// For a client that gets that form.
    pub fn new(form: Form) -> Self {
        Self { form, frames: Frames::up_to(LONGEST), single: Vec::new(), begun: false }
    }

    /// Takes in the next piece and appends to `out` what can go on.
    ///
    /// # Errors
    /// An event, or the reply, is longer than can be kept.
    pub fn feed(&mut self, piece: &[u8], out: &mut Vec<u8>) -> Result<(), TooLong> {
        if self.form == Form::Single {
            self.single.extend_from_slice(piece);
            return if self.single.len() > LONGEST { Err(TooLong) } else { Ok(()) };
        }
        let (form, begun) = (self.form, &mut self.begun);
        self.frames.feed(piece, |frame| event(form, begun, frame.data, out));
        if self.frames.skipped() > 0 { Err(TooLong) } else { Ok(()) }
    }

    /// The answer ended in order: appends what is left.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        let (form, begun) = (self.form, &mut self.begun);
        match form {
            Form::Single => {
                let json = String::from_utf8_lossy(&self.single);
                if !bare(&json, |part| out.extend_from_slice(part.as_bytes())) {
                    out.extend_from_slice(&self.single);
                }
                self.single = Vec::new();
            }
            Form::Events | Form::Array => {
                self.frames.finish(|frame| event(form, begun, frame.data, out));
                if form == Form::Array {
                    out.extend_from_slice(if *begun { b"]" } else { b"[]" });
                }
            }
        }
    }
}

fn event(form: Form, begun: &mut bool, data: &[u8], out: &mut Vec<u8>) {
    let json = String::from_utf8_lossy(data);
    let is_first = !*begun;
    let is_array = form == Form::Array;
    let mut is_open = false;
    bare(&json, |part| {
        if !std::mem::replace(&mut is_open, true) {
            out.extend_from_slice(match (is_array, is_first) {
                (false, _) => b"data: ",
                (true, true) => b"[",
                (true, false) => b"\r\n,\r\n",
            });
        }
        if is_array {
            out.extend_from_slice(part.as_bytes());
            return;
        }
        // A payload of several lines becomes one: a line's end is never part of a JSON text, and SDKs expect one line.
        part.split('\n').for_each(|line| out.extend_from_slice(line.as_bytes()));
    });
    *begun |= is_open;
    if is_open && !is_array {
        out.extend_from_slice(b"\r\n\r\n");
    }
}

/// Gives the bare reply to `each`, in parts that follow each other. An error has no wrapper. False if there is neither.
fn bare<'a>(json: &'a str, mut each: impl FnMut(&'a str)) -> bool {
    let (mut response, mut trace, mut is_error) = (None, None, false);
    members(json, |name, value| match name {
        b"response" => response = present(value),
        b"traceId" => trace = present(value),
        b"error" => is_error = true,
        _ => {}
    });
    let Some(response) = response else {
        if is_error {
            each(json);
        }
        return is_error;
    };
    let mut has_id = false;
    members(response, |name, value| has_id |= name == b"responseId" && value != "null");
    match (response.strip_suffix('}'), trace) {
        (Some(open), Some(trace)) if !has_id && trace.starts_with('"') => {
            each(open);
            each(if inside(response, response).1 { ",\"responseId\":" } else { "\"responseId\":" });
            each(trace);
            each("}");
        }
        _ => each(response),
    }
    true
}

/// A wrapped answer's body, bare.
pub struct UnwrappedBody {
    body: Box<ReplyBody>,
    unwrapper: Unwrapper,
    decoder: Option<Box<Decoder<Vec<u8>>>>,
    is_over: bool,
}

impl UnwrappedBody {
    /// `coding` is what upstream coded the body with, though it was asked not to.
    pub fn new(body: ReplyBody, form: Form, coding: Coding) -> Self {
        let decoder = (coding != Coding::Identity).then(|| Box::new(Decoder::new(coding, Vec::new())));
        Self { body: Box::new(body), unwrapper: Unwrapper::new(form), decoder, is_over: false }
    }

    fn feed(&mut self, piece: &[u8]) -> Result<Vec<u8>, CutError> {
        let mut out = Vec::with_capacity(piece.len());
        let fed = match &mut self.decoder {
            None => self.unwrapper.feed(piece, &mut out),
            Some(decoder) => {
                decoder.push(piece);
                if decoder.has_failed() {
                    return Err(CutError("upstream's answer cannot be decoded".to_owned()));
                }
                self.unwrapper.feed(&std::mem::take(decoder.out()), &mut out)
            }
        };
        fed.map(|()| out).map_err(|error| CutError(error.to_string()))
    }
}

impl Body for UnwrappedBody {
    type Data = Bytes;
    type Error = CutError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, CutError>>> {
        let this = self.get_mut();
        while !this.is_over {
            let out = match ready!(Pin::new(&mut *this.body).poll_frame(context)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(piece) => this.feed(&piece)?,
                    Err(_) => continue,
                },
                Some(Err(cut)) => {
                    this.is_over = true;
                    return Poll::Ready(Some(Err(cut)));
                }
                None => {
                    this.is_over = true;
                    let mut out = Vec::new();
                    this.unwrapper.finish(&mut out);
                    out
                }
            };
            if !out.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(out.into()))));
            }
        }
        Poll::Ready(None)
    }
}
