//! Replay at start: what a former process left. A torn end is cut off; what was opened and never settled is for the
//! caller to settle.

use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io;
use std::path::Path;

use uuid::Uuid;

use super::Opened;
use super::frame::{self, Entry};
use super::segment;

pub(super) struct Replayed {
    /// In the order of their calls.
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
        let torn = read(number, &bytes, &mut open);
        if torn > 0 {
            let whole = bytes.len() - torn;
            tracing::warn!(segment = number, whole, torn, "cut a torn end off the journal");
            OpenOptions::new().write(true).open(&path)?.set_len(whole as u64)?;
        }
    }
    let mut open: Vec<_> = open.into_values().collect();
    open.sort_by_key(|opened| (opened.call, opened.n));
    Ok(Replayed { open, last_segment })
}

/// Returns how many bytes at the end are no frame.
fn read(number: u64, bytes: &[u8], open: &mut HashMap<(Uuid, u8), Opened>) -> usize {
    let mut rest = bytes;
    loop {
        while let Some(entry) = frame::next(&mut rest) {
            match entry {
                Entry::Opened(opened) => drop(open.insert((opened.call, opened.n), opened)),
                Entry::Settled(attempt) => drop(open.remove(&(attempt.call, attempt.n))),
                Entry::Unknown => {}
            }
        }
        let Some(damage) = frame::damage(rest) else { return rest.len() };
        tracing::error!(
            segment = number,
            position = bytes.len() - rest.len(),
            damage,
            "the journal is damaged here"
        );
        rest = &rest[damage..];
    }
}
