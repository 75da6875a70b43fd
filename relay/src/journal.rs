//! The journal: a local, append-only, crash-safe file of attempts, opened and settled.
//!
//! Appending is one write to the page cache, which a killed process leaves behind whole; a thread brings it to disk
//! every `journal.sync`. Room for each settlement is set aside on disk when its attempt is opened, so that a disk that
//! fills up in the meantime costs no record. What cannot be written is kept and tried again first of all.

mod fold;
mod frame;
mod replay;
mod segment;
mod sync;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use fold::Folder;
use frame::{FRAME_MAX, Kind};
use segment::Segment;
use sync::Syncer;

use crate::model::id::{AccountId, KeyId};
use crate::store::attempt::{Attempt, Endpoint, Watermark};

/// A new segment is begun when the present one is this long.
const SEGMENT: u64 = 4 << 20;

/// Why a record could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the journal cannot be written: {0}")]
pub struct JournalError(#[from] std::io::Error);

/// An attempt that began. What a crash leaves of it is enough to settle it as abandoned.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Opened {
    /// The call, a UUIDv7.
    pub call: Uuid,
    /// 1 for the first attempt.
    pub n: u8,
    /// When the call came, milliseconds since 1970.
    pub at_ms: i64,
    /// The key.
    pub key: KeyId,
    /// The account.
    pub account: AccountId,
    /// What was asked for.
    pub endpoint: Endpoint,
    /// The model that the client named.
    pub asked: String,
    /// Streamed or not.
    pub stream: bool,
    /// Made up by a sandbox.
    pub sandbox: bool,
    /// Tokens of the prompt, guessed from the body's length.
    pub prompt_guess: u64,
}

/// Held from an attempt's opening to its settlement: there is room on disk for its record.
#[derive(Debug)]
#[must_use = "an attempt that was opened must be settled"]
pub struct Ticket {
    segment: u64,
}

/// The open journal. Cheap to clone; its thread stops with the last clone.
#[derive(Clone)]
pub struct Journal {
    shared: Arc<Shared>,
    syncer: Arc<Syncer>,
}

struct Shared {
    folder: PathBuf,
    writer: Mutex<Writer>,
}

struct Writer {
    segment: Segment,
    /// Attempts opened in each segment and not settled yet: such a segment must stay.
    open: BTreeMap<u64, u64>,
    outstanding: u64,
    /// Frames that could not be written yet.
    backlog: Vec<u8>,
    scratch: Vec<u8>,
    /// Bytes appended since the start: what has been synced is compared with it.
    written: u64,
    /// Segments left behind that are not known to be on disk.
    unsynced: Vec<std::fs::File>,
}

impl Journal {
    /// Opens the journal in `folder`, which must exist, and settles what a former process left open as abandoned.
    /// `folded` says up to where the store has it; `sync` of `None` means that settling waits for the disk.
    ///
    /// # Errors
    /// If the folder cannot be read or written.
    pub fn open(folder: &Path, folded: Watermark, sync: Option<Duration>) -> Result<Self, JournalError> {
        let replayed = replay::replay(folder)?;
        let first = replayed.last_segment.map_or(1, |last| last + 1).max(folded.segment + 1);
        let writer = Writer {
            segment: Segment::create(folder, first)?,
            open: BTreeMap::new(),
            outstanding: 0,
            backlog: Vec::new(),
            scratch: Vec::new(),
            written: 0,
            unsynced: Vec::new(),
        };
        let shared = Arc::new(Shared { folder: folder.to_owned(), writer: Mutex::new(writer) });
        let journal = Self { syncer: Arc::new(Syncer::start(Arc::clone(&shared), sync)), shared };
        for opened in &replayed.open {
            journal.append_settled(&replay::abandoned(opened))?;
        }
        Ok(journal)
    }

    /// Records that an attempt begins, and sets room aside for its settlement.
    ///
    /// # Errors
    /// If the disk has no room: then the attempt must not be made.
    pub fn begin(&self, opened: &Opened) -> Result<Ticket, JournalError> {
        let mut writer = self.shared.writer();
        writer.reserve(&self.shared.folder, 2)?;
        writer.append(Kind::Opened, opened)?;
        writer.outstanding += 1;
        let segment = writer.segment.number;
        *writer.open.entry(segment).or_default() += 1;
        drop(writer);
        self.syncer.wake();
        Ok(Ticket { segment })
    }

    /// Records how an attempt ended. Returns the place up to which the journal must be on disk for it to be safe.
    ///
    /// # Errors
    /// If it cannot be written now; it is kept and will be written before anything else.
    pub fn settle(&self, ticket: Ticket, attempt: &Attempt) -> Result<u64, JournalError> {
        let mut writer = self.shared.writer();
        writer.outstanding = writer.outstanding.saturating_sub(1);
        if let Some(open) = writer.open.get_mut(&ticket.segment) {
            *open -= 1;
            if *open == 0 {
                writer.open.remove(&ticket.segment);
            }
        }
        let result = writer.append_or_keep(attempt);
        let end = writer.written;
        drop(writer);
        self.syncer.wake();
        result.map(|()| end)
    }

    /// Records a call that the relay itself refused: there was no attempt, so nothing was set aside.
    ///
    /// # Errors
    /// If it cannot be written; it is not kept.
    pub fn append_settled(&self, attempt: &Attempt) -> Result<(), JournalError> {
        let mut writer = self.shared.writer();
        writer.reserve(&self.shared.folder, 1)?;
        writer.append(Kind::Settled, attempt)?;
        drop(writer);
        self.syncer.wake();
        Ok(())
    }

    /// Whether settling must wait for the disk.
    pub fn waits_for_disk(&self) -> bool {
        self.syncer.always()
    }

    /// Waits until everything up to `end` (as [`Journal::settle`] returned it) is on disk.
    pub async fn synced(&self, end: u64) {
        self.syncer.reached(end).await;
    }

    /// The journal's end now.
    pub fn end(&self) -> Watermark {
        let writer = self.shared.writer();
        Watermark { segment: writer.segment.number, position: writer.segment.length }
    }

    /// Bytes written after that place.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn lag(&self, folded: Watermark) -> std::io::Result<u64> {
        let end = self.end();
        let mut bytes = 0;
        for number in segment::numbers(&self.shared.folder)? {
            if number < folded.segment || number > end.segment {
                continue;
            }
            let length = match number {
                number if number == end.segment => end.position,
                _ => std::fs::metadata(segment::path(&self.shared.folder, number))?.len(),
            };
            let read = if number == folded.segment { folded.position } else { 0 };
            bytes += length.saturating_sub(read);
        }
        Ok(bytes)
    }

    /// Attempts opened and not settled.
    pub fn open_attempts(&self) -> u64 {
        self.shared.writer().outstanding
    }

    /// Tries to write what was kept. True if the journal can be written now.
    pub fn is_writable(&self) -> bool {
        self.shared.writer().reserve(&self.shared.folder, 2).is_ok()
    }

    /// Removes segments before `keep_from` in which no attempt is open, oldest first.
    fn forget(&self, keep_from: u64) -> std::io::Result<()> {
        let oldest_open = self.shared.writer().open.keys().next().copied().unwrap_or(u64::MAX);
        for number in segment::numbers(&self.shared.folder)? {
            if number < keep_from.min(oldest_open) {
                std::fs::remove_file(segment::path(&self.shared.folder, number))?;
            }
        }
        Ok(())
    }
}

impl Shared {
    /// A panic while the lock was held cannot leave the writer half-changed in a way that matters: each frame is one
    /// write, and a torn one is cut off before the next.
    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Writer {
    /// Makes sure that `frames` more fit on the disk, beside what is set aside already.
    fn reserve(&mut self, folder: &Path, frames: u64) -> Result<(), JournalError> {
        if !self.backlog.is_empty() {
            self.segment.append(&self.backlog)?;
            self.written += self.backlog.len() as u64;
            self.backlog.clear();
        }
        let room = (self.outstanding + frames) * FRAME_MAX;
        if self.segment.length < SEGMENT {
            return Ok(self.segment.reserve(room)?);
        }
        let mut next = Segment::create(folder, self.segment.number + 1)?;
        next.reserve(room)?;
        let full = std::mem::replace(&mut self.segment, next);
        self.unsynced.push(full.into_file());
        Ok(())
    }

    fn append<T: Serialize>(&mut self, kind: Kind, record: &T) -> Result<(), JournalError> {
        frame::encode(kind, record, &mut self.scratch)?;
        self.segment.append(&self.scratch)?;
        self.written += self.scratch.len() as u64;
        Ok(())
    }

    fn append_or_keep(&mut self, attempt: &Attempt) -> Result<(), JournalError> {
        let result = if self.backlog.is_empty() {
            self.append(Kind::Settled, attempt)
        } else {
            frame::encode(Kind::Settled, attempt, &mut self.scratch)?;
            Err(JournalError(std::io::ErrorKind::StorageFull.into()))
        };
        if result.is_err() {
            self.backlog.extend_from_slice(&self.scratch);
        }
        result
    }
}
