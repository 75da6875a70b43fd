//! A bounded copy of a plain JSON reply, read when the reply is over.
//!
//! Up to the limit the whole reply is kept and parsed. Beyond it only the beginning (for model and id, which come
//! first) and the last 64 KiB are: the provider writes `usage` and `stop_reason` last, and the last object of that
//! name is taken. Should they not be there, the output is estimated from the reply's length.

use super::anthropic::Answer;
use super::observe::Reading;
use crate::wire::anthropic::usage::Usage;
use crate::wire::lenient::text;

/// How much of the beginning is kept of a reply beyond the limit.
const HEAD: usize = 4 << 10;

/// How much of the end is kept of a reply beyond the limit.
const TAIL: usize = 64 << 10;

/// Bytes per token, where nothing but the length is known.
const BYTES_PER_TOKEN: u64 = 4;

/// A reply so far.
#[derive(Debug)]
pub(super) struct Copy {
    limit: usize,
    kept: Vec<u8>,
    /// The beginning, once the limit is passed and `kept` is the end.
    head: Option<Vec<u8>>,
    length: u64,
}

impl Copy {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, kept: Vec::new(), head: None, length: 0 }
    }

    pub(super) fn feed(&mut self, piece: &[u8]) {
        self.length = self.length.saturating_add(piece.len() as u64);
        if self.head.is_none() {
            let room = self.limit.saturating_sub(self.kept.len());
            if piece.len() <= room {
                self.kept.extend_from_slice(piece);
                return;
            }
            self.pass_limit(&piece[..room.min(HEAD)]);
        }
        let piece = &piece[piece.len().saturating_sub(TAIL)..];
        if self.kept.len() + piece.len() > 2 * TAIL {
            self.kept.drain(..self.kept.len().saturating_sub(TAIL));
        }
        self.kept.extend_from_slice(piece);
    }

    fn pass_limit(&mut self, piece: &[u8]) {
        let mut head = self.kept[..self.kept.len().min(HEAD)].to_vec();
        head.extend_from_slice(&piece[..piece.len().min(HEAD - head.len())]);
        self.head = Some(head);
        self.kept = self.kept.split_off(self.kept.len().saturating_sub(TAIL));
    }

    /// What is kept: all of it, or its beginning and its end.
    pub(super) fn kept(&self) -> (&[u8], Option<&[u8]>) {
        match &self.head {
            None => (&self.kept, None),
            Some(head) => (head, Some(&self.kept[self.kept.len().saturating_sub(TAIL)..])),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.length == 0
    }

    pub(super) fn finish(self, is_whole: bool) -> Reading {
        let mut answer = Answer::default();
        let kept = String::from_utf8_lossy(&self.kept);
        match &self.head {
            None => answer.reply(&kept, is_whole),
            Some(head) => {
                answer.reply(&String::from_utf8_lossy(head), false);
                let tail = &self.kept[self.kept.len().saturating_sub(TAIL)..];
                read_tail(&mut answer, &String::from_utf8_lossy(tail), is_whole);
            }
        }
        if answer.is_known() {
            let beginning = self.head.as_deref().unwrap_or(&self.kept);
            let before = memchr::memmem::find(beginning, b"\"content\"").unwrap_or(0) as u64;
            answer.loose_text((self.length - before) / BYTES_PER_TOKEN);
        }
        answer.finish(0)
    }
}

fn read_tail(answer: &mut Answer, tail: &str, is_whole: bool) {
    let stop_reason = last_value(tail, "\"stop_reason\"").and_then(|rest| text(first_string(rest)?));
    if let Some(usage) = last_value(tail, "\"usage\"") {
        answer.end_of_reply(
            &Usage::read(usage),
            stop_reason.as_deref(),
            is_whole && tail.trim_ascii_end().ends_with('}'),
        );
    }
}

/// What follows the last `name` and its colon. Inside a string the quotes of a name are escaped, so a text that
/// speaks of usage is not mistaken for it.
pub(super) fn last_value<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    let rest = &json[json.rfind(name)? + name.len()..];
    Some(rest.trim_ascii_start().strip_prefix(':')?.trim_ascii_start())
}

/// The JSON string that `rest` begins with. Names of stop reasons have no escapes.
pub(super) fn first_string(rest: &str) -> Option<&str> {
    let end = rest.strip_prefix('"')?.find('"')?;
    rest.get(..end + 2)
}
