//! Owns the text of messages: how it is divided into deltas, and the usual text, made once.
//! Promises that no delta ends inside a character.

use std::sync::LazyLock;

use bytes::Bytes;

/// Characters of a given text in one delta, when nothing says how many deltas there are.
const DELTA_CHARACTERS: usize = 16;

/// The text of one delta.
pub(crate) struct Part<'a> {
    pub(crate) text: &'a str,
    pub(crate) characters: usize,
    /// The event, if it has been made already.
    event: Option<&'a Bytes>,
}

impl Part<'_> {
    pub(crate) fn event(&self) -> Bytes {
        self.event.cloned().unwrap_or_else(|| text_delta(self.text))
    }
}

/// A delta of the usual text, made once.
struct Filler {
    text: &'static str,
    characters: usize,
    event: Bytes,
}

impl Filler {
    fn part(&self) -> Part<'_> {
        Part { text: self.text, characters: self.characters, event: Some(&self.event) }
    }
}

static FILLER: LazyLock<Vec<Filler>> = LazyLock::new(|| {
    let texts = [
        "A relay carries ",
        "words both ways ",
        "and counts them ",
        "as they pass; 世界 ",
        "hears the answer",
        ", whole, in the ",
        "order in which ",
        "it was written. ",
    ];
    let filler =
        |text: &'static str| Filler { text, characters: text.chars().count(), event: text_delta(text) };
    texts.map(filler).into()
});

/// The usual text in so many deltas.
pub(crate) fn usual(deltas: usize) -> Vec<Part<'static>> {
    FILLER.iter().cycle().take(deltas).map(Filler::part).collect()
}

/// A text in parts of nearly the same number of characters: `deltas` of them, else of a usual size.
pub(crate) fn divide(text: &str, deltas: Option<usize>) -> Vec<Part<'_>> {
    let characters = text.chars().count();
    let count = deltas.unwrap_or(characters.div_ceil(DELTA_CHARACTERS)).max(1);
    let mut rest = text;
    let mut taken = 0;
    (1..=count)
        .map(|index| {
            let upto = characters * index / count;
            let length = upto - taken;
            taken = upto;
            let end = rest.char_indices().nth(length).map_or(rest.len(), |(end, _)| end);
            let (text, left) = rest.split_at(end);
            rest = left;
            Part { text, characters: length, event: None }
        })
        .collect()
}

/// An event with its data.
pub(crate) fn event(name: &str, data: &str) -> Bytes {
    format!("event: {name}\ndata: {data}\n\n").into()
}

/// The event that carries a piece of text.
pub(crate) fn text_delta(text: &str) -> Bytes {
    let data = format!(
        r#"{{"type":"content_block_delta","index":0,"delta":{{"type":"text_delta","text":{}}}}}"#,
        quoted(text)
    );
    event("content_block_delta", &data)
}

/// A text as JSON.
pub(crate) fn quoted(text: &str) -> String {
    // A string always serialises.
    serde_json::to_string(text).unwrap_or_default()
}
