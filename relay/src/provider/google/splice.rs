//! Changing named members of a JSON text without touching any other byte of it.

use std::ops::Range;

use bytes::{Bytes, BytesMut};

/// Where a part of a text stands in it. The part must be a slice of the text.
pub(super) fn place(text: &str, part: &str) -> Range<usize> {
    let from = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    from..from + part.len()
}

/// Changes of one text, in the order of their places.
#[derive(Default)]
pub(super) struct Edits {
    edits: Vec<(Range<usize>, String)>,
}

impl Edits {
    /// Puts `text` into a place.
    pub(super) fn put(&mut self, place: Range<usize>, text: &str) {
        self.edits.push((place, text.to_owned()));
    }

    /// The changed text; the very bytes, if there are no changes.
    pub(super) fn apply(mut self, text: &Bytes) -> Bytes {
        if self.edits.is_empty() {
            return text.clone();
        }
        self.edits.sort_by_key(|(place, _)| place.start);
        let added: usize = self.edits.iter().map(|(_, text)| text.len()).sum();
        let mut changed = BytesMut::with_capacity(text.len() + added);
        let mut at = 0;
        for (place, put) in &self.edits {
            changed.extend_from_slice(&text[at..place.start.max(at)]);
            changed.extend_from_slice(put.as_bytes());
            at = place.end.max(at);
        }
        changed.extend_from_slice(&text[at..]);
        changed.freeze()
    }
}

/// The place behind an object's opening brace, and whether it has members.
pub(super) fn inside(json: &str, object: &str) -> (usize, bool) {
    let begin = place(json, object).start;
    let brace = object.find('{').map_or(0, |at| at + 1);
    let has_members = !object[brace..].trim_ascii_start().starts_with('}');
    (begin + brace, has_members)
}

/// A text as JSON string.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
