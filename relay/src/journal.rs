//! The journal: a local, append-only, crash-safe file of attempts, opened and settled.
//!
//! Appending is one write to the page cache, which a killed process leaves behind whole; a thread brings it to disk
//! every `journal.sync`. Room for each settlement is set aside on disk when its attempt is opened, so that a disk that
//! fills up in the meantime costs no record. What cannot be written is kept and tried again first of all.

pub mod books;
mod fold;
mod frame;
mod replay;
mod segment;
mod sync;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use fold::{FoldError, Folder};
use sync::Syncer;
use writer::Writer;

use crate::model::id::{AccountId, KeyId};
use crate::store::attempt::{Attempt, Charge, Endpoint, Watermark};

/// Why a record is not safe.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file system did not take it.
    #[error("the journal cannot be written: {0}")]
    Write(#[from] std::io::Error),
    /// It is written, but the disk does not confirm it.
    #[error("the journal does not reach the disk: {0}")]
    Sync(String),
}

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
    /// What strict limits keep of it if nobody tells what it used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserved: Option<Charge>,
}

/// Held from an attempt's opening to its settlement: there is room on disk for its record.
#[derive(Debug)]
#[must_use = "an attempt that was opened must be settled"]
pub struct Ticket {
    segment: u64,
    end: u64,
}

impl Ticket {
    /// The place up to which the journal must be on disk for the opening to be safe.
    pub fn end(&self) -> u64 {
        self.end
    }
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

impl Journal {
    /// Opens the journal in `folder`, which must exist, and gives the attempts that a former process opened and never
    /// settled: the caller settles them with [`Journal::append_settled`], before it opens others. `folded` says up to
    /// where the store has it; `sync` of `None` means that settling waits for the disk.
    ///
    /// # Errors
    /// If the folder cannot be read or written.
    pub fn open(
        folder: &Path,
        folded: Watermark,
        sync: Option<Duration>,
    ) -> Result<(Self, Vec<Opened>), JournalError> {
        let replayed = replay::replay(folder)?;
        let first = replayed.last_segment.map_or(1, |last| last + 1).max(folded.segment + 1);
        let writer = Writer::create(folder.to_owned(), first)?;
        let shared = Arc::new(Shared { folder: folder.to_owned(), writer: Mutex::new(writer) });
        let syncer = Arc::new(Syncer::start(Arc::clone(&shared), sync)?);
        syncer.wake();
        Ok((Self { shared, syncer }, replayed.open))
    }

    /// Records that an attempt begins, and sets room aside for its settlement.
    ///
    /// # Errors
    /// If the disk has no room: then the attempt must not be made.
    pub fn begin(&self, opened: &Opened) -> Result<Ticket, JournalError> {
        let ticket = self.shared.writer().begin(opened);
        self.syncer.wake();
        ticket
    }

    /// Records how an attempt ended. Returns the place up to which the journal must be on disk for it to be safe.
    ///
    /// # Errors
    /// If it cannot be written now; it is kept and will be written before anything else.
    #[expect(clippy::needless_pass_by_value, reason = "a ticket is good for one settlement")]
    pub fn settle(&self, ticket: Ticket, attempt: &Attempt) -> Result<u64, JournalError> {
        let end = self.shared.writer().settle(&ticket, attempt);
        self.syncer.wake();
        end
    }

    /// Records a call that the relay itself refused, or an attempt of a former process: nothing was set aside for it.
    ///
    /// # Errors
    /// If it cannot be written; it is not kept.
    pub fn append_settled(&self, attempt: &Attempt) -> Result<(), JournalError> {
        let appended = self.shared.writer().append_settled(attempt);
        self.syncer.wake();
        appended
    }

    /// Whether attempts and answers must wait for the disk.
    pub fn waits_for_disk(&self) -> bool {
        self.syncer.always()
    }

    /// Waits until everything up to `end` (as [`Journal::settle`] or [`Ticket::end`] gave it) is on disk.
    ///
    /// # Errors
    /// If the disk refuses it.
    pub async fn synced(&self, end: u64) -> Result<(), JournalError> {
        self.syncer.reached(end).await
    }

    /// The journal's end now.
    pub fn end(&self) -> Watermark {
        self.shared.writer().end()
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
        self.shared.writer().outstanding()
    }

    /// Whether another attempt can be opened and settled now.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn check(&self) -> Result<(), JournalError> {
        self.shared.writer().check(2)
    }

    /// Removes segments before `keep_from` in which no attempt is open, oldest first. Returns the first that stays.
    fn forget(&self, keep_from: u64) -> std::io::Result<u64> {
        let first = self.shared.writer().oldest_open().map_or(keep_from, |open| open.min(keep_from));
        for number in segment::numbers(&self.shared.folder)? {
            if number < first {
                std::fs::remove_file(segment::path(&self.shared.folder, number))?;
            }
        }
        Ok(first)
    }
}

impl Shared {
    /// A panic while the lock was held cannot leave the writer half-changed in a way that matters: each frame is one
    /// write, and the next takes the place of one that was written in part.
    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
