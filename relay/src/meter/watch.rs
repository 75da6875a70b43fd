//! What watches an answer go by: an observer for the body's form, behind a decoder where the body is coded.

use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};

use crate::model::account::Service;
use crate::stream::decode::Coding;
use crate::stream::observe::{End, JSON_LIMIT, Observer, Reading, Seen};
use crate::stream::tap::Tap;

/// The form of an answer's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Server-sent events.
    Stream,
    /// A stream as a JSON array, written piece by piece.
    Array,
    /// One JSON document.
    Json,
    /// Anything else: it passes, and nothing in it is metered.
    Other,
}

/// Watches a copy of the body.
pub struct Watch {
    form: Form,
    coded: bool,
    tap: Option<Tap>,
}

impl Watch {
    /// Chooses by the reply's headers, whose reply it is, and whether a stream was asked for.
    pub fn new(headers: &HeaderMap, service: Service, stream: bool) -> Self {
        let form = match form(headers) {
            Form::Json if stream && service == Service::Gemini => Form::Array,
            form => form,
        };
        let coding = coding(headers);
        let observer = match (form, service) {
            (Form::Stream, Service::Claude) => Some(Observer::stream()),
            (Form::Stream, Service::Gemini) => Some(Observer::google_stream()),
            (Form::Array | Form::Json, Service::Gemini) => Some(Observer::google_json(JSON_LIMIT)),
            (Form::Array | Form::Json, Service::Claude) => Some(Observer::json(JSON_LIMIT)),
            (Form::Other, _) => None,
        };
        let tap = observer.map(|observer| Tap::new(observer, coding));
        Self { form, coded: coding != Coding::Identity, tap }
    }

    /// The body's form.
    pub fn form(&self) -> Form {
        self.form
    }

    /// Whether the bytes are coded, so that nothing can be added to them.
    pub fn is_coded(&self) -> bool {
        self.coded
    }

    /// What shows the end of a stream is due and has not come.
    pub(super) fn lacks_end(&self) -> bool {
        self.tap.as_ref().is_some_and(Tap::lacks_end)
    }

    pub(super) fn feed(&mut self, piece: &[u8]) -> Seen {
        self.tap.as_mut().map_or_else(Seen::default, |tap| tap.feed(piece))
    }

    pub(super) fn finish(self, end: End) -> Option<Reading> {
        self.tap?.finish(end)
    }
}

fn form(headers: &HeaderMap) -> Form {
    let Some(kind) = headers.get(CONTENT_TYPE).map(http::HeaderValue::as_bytes) else { return Form::Other };
    let kind = kind.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    if kind.eq_ignore_ascii_case(b"text/event-stream") {
        Form::Stream
    } else if kind.eq_ignore_ascii_case(b"application/json") {
        Form::Json
    } else {
        Form::Other
    }
}

/// Several lines of the header are one list.
fn coding(headers: &HeaderMap) -> Coding {
    let lines: Vec<&str> =
        headers.get_all(CONTENT_ENCODING).iter().map(|line| line.to_str().unwrap_or("?")).collect();
    Coding::of(Some(&lines.join(",")))
}
