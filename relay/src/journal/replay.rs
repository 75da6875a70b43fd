//! Replay at start: what a former process left. A torn last frame is cut off; what was opened and never settled is
//! settled as abandoned, with an estimate that is marked as one.

use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io;
use std::path::Path;

use super::Opened;
use super::frame::{self, Entry};
use super::segment;
use crate::model::outcome::Outcome;
use crate::model::usage::{Tokens, Usage};
use crate::store::attempt::Attempt;

pub(super) struct Replayed {
    pub(super) open: Vec<Opened>,
    pub(super) last_segment: Option<u64>,
}

pub(super) fn replay(folder: &Path) -> io::Result<Replayed> {
    let numbers = segment::numbers(folder)?;
    let last_segment = numbers.last().copied();
    let mut open = HashMap::new();
    for number in numbers {
        let path = segment::path(folder, number);
        let bytes = std::fs::read(&path)?;
        let mut rest = bytes.as_slice();
        while let Some(entry) = frame::next(&mut rest) {
            match entry {
                Entry::Opened(opened) => drop(open.insert((opened.call, opened.n), opened)),
                Entry::Settled(attempt) => drop(open.remove(&(attempt.call, attempt.n))),
            }
        }
        if !rest.is_empty() {
            let whole = bytes.len() - rest.len();
            tracing::warn!(segment = number, whole, torn = rest.len(), "cut a torn end off the journal");
            OpenOptions::new().write(true).open(&path)?.set_len(whole as u64)?;
        }
    }
    let mut open: Vec<_> = open.into_values().collect();
    open.sort_by_key(|opened| (opened.call, opened.n));
    Ok(Replayed { open, last_segment })
}

pub(super) fn abandoned(opened: &Opened) -> Attempt {
    let tokens = Tokens { input: opened.prompt_guess, ..Tokens::default() };
    Attempt {
        call: opened.call,
        n: opened.n,
        last: true,
        accepted: true,
        at_ms: opened.at_ms,
        key: opened.key.clone(),
        account: Some(opened.account.clone()),
        endpoint: opened.endpoint,
        asked: opened.asked.clone(),
        model: None,
        stream: opened.stream,
        sandbox: opened.sandbox,
        status: 0,
        outcome: Outcome::Abandoned,
        cause: Some("the relay's process ended while the attempt was open".to_owned()),
        usage: Usage { tokens, input_estimated: true, output_estimated: true, ..Usage::default() },
        cost: None,
        price: None,
        first_byte_ms: None,
        total_ms: 0,
    }
}
