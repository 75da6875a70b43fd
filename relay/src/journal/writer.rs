//! What is behind the journal's lock: the present segment, the room set aside in it, and what could not be written.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use serde::Serialize;

use super::frame::{self, FRAME_MAX, Kind};
use super::segment::{Segment, Span};
use super::{JournalError, Opened, Ticket};
use crate::store::attempt::{Attempt, Watermark};

/// A new segment is begun when the present one is this long.
const SEGMENT: u64 = 4 << 20;

pub(super) struct Writer {
    folder: PathBuf,
    segment: Segment,
    /// Attempts opened in each segment and not settled yet: such a segment must stay.
    open: BTreeMap<u64, u64>,
    outstanding: u64,
    /// Whole frames that could not be written yet.
    backlog: Vec<u8>,
    scratch: Vec<u8>,
    /// Bytes appended since the start: what has been synced is compared with it.
    written: u64,
    unsynced: Unsynced,
    /// Why the disk does not take what was written.
    refusal: Option<String>,
}

/// What is not known to be on disk.
#[derive(Default)]
pub(super) struct Unsynced {
    pub(super) spans: Vec<Span>,
    /// The folder has a new name in it.
    pub(super) has_new_name: bool,
}

impl Writer {
    pub(super) fn create(folder: PathBuf, number: u64) -> io::Result<Self> {
        Ok(Self {
            segment: Segment::create(&folder, number)?,
            folder,
            open: BTreeMap::new(),
            outstanding: 0,
            backlog: Vec::new(),
            scratch: Vec::new(),
            written: 0,
            unsynced: Unsynced { spans: Vec::new(), has_new_name: true },
            refusal: None,
        })
    }

    pub(super) fn begin(&mut self, opened: &Opened) -> Result<Ticket, JournalError> {
        self.check(2)?;
        self.append(Kind::Opened, opened)?;
        self.outstanding += 1;
        let segment = self.segment.number;
        *self.open.entry(segment).or_default() += 1;
        Ok(Ticket { segment, end: self.written })
    }

    pub(super) fn settle(&mut self, ticket: &Ticket, attempt: &Attempt) -> Result<u64, JournalError> {
        self.outstanding = self.outstanding.saturating_sub(1);
        if let Some(open) = self.open.get_mut(&ticket.segment) {
            *open -= 1;
            if *open == 0 {
                self.open.remove(&ticket.segment);
            }
        }
        // Behind what is kept already: order does not matter, but one place to try again does.
        frame::encode(Kind::Settled, attempt, &mut self.backlog)?;
        self.flush()?;
        Ok(self.written)
    }

    pub(super) fn append_settled(&mut self, attempt: &Attempt) -> Result<(), JournalError> {
        self.check(1)?;
        Ok(self.append(Kind::Settled, attempt)?)
    }

    /// Makes sure that `frames` more can be written, beside what is set aside already.
    pub(super) fn check(&mut self, frames: u64) -> Result<(), JournalError> {
        self.flush()?;
        self.reserve((self.outstanding + frames) * FRAME_MAX)?;
        match &self.refusal {
            Some(cause) => Err(JournalError::Sync(cause.clone())),
            None => Ok(()),
        }
    }

    /// Writes what was kept.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        if !self.backlog.is_empty() {
            self.segment.append(&self.backlog)?;
            self.written += self.backlog.len() as u64;
            self.backlog.clear();
        }
        Ok(())
    }

    fn reserve(&mut self, room: u64) -> io::Result<()> {
        if self.segment.length < SEGMENT {
            return self.segment.reserve(room);
        }
        let mut next = Segment::create(&self.folder, self.segment.number + 1)?;
        self.unsynced.has_new_name = true;
        next.reserve(room)?;
        let mut full = std::mem::replace(&mut self.segment, next);
        self.unsynced.spans.extend(full.take_unsynced());
        full.close();
        Ok(())
    }

    fn append<T: Serialize>(&mut self, kind: Kind, record: &T) -> io::Result<()> {
        self.scratch.clear();
        frame::encode(kind, record, &mut self.scratch)?;
        self.segment.append(&self.scratch)?;
        self.written += self.scratch.len() as u64;
        Ok(())
    }

    pub(super) fn end(&self) -> Watermark {
        Watermark { segment: self.segment.number, position: self.segment.length }
    }

    pub(super) fn outstanding(&self) -> u64 {
        self.outstanding
    }

    /// The oldest segment in which an attempt is open.
    pub(super) fn oldest_open(&self) -> Option<u64> {
        self.open.keys().next().copied()
    }

    /// What is to be synced, and the place up to which the journal is on disk then.
    pub(super) fn take_unsynced(&mut self) -> (Unsynced, u64) {
        let mut unsynced = std::mem::take(&mut self.unsynced);
        unsynced.spans.extend(self.segment.take_unsynced());
        (unsynced, self.written)
    }

    /// Says whether the disk takes what is written.
    pub(super) fn set_refusal(&mut self, refusal: Option<String>) {
        self.refusal = refusal;
    }
}
