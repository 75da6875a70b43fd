//! From the journal into the books, in batches; any crash between is harmless.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use super::frame::{self, Entry, LONGEST};
use super::{Journal, segment};
use crate::clock::Clock;
use crate::store::attempt::{self, Attempt, Watermark};
use crate::store::{Store, StoreError};

/// Most bytes of journal in one transaction.
const BATCH: u64 = 512 << 10;

/// Why the fold did not get on. It will try again.
#[derive(Debug, thiserror::Error)]
pub enum FoldError {
    /// The journal cannot be read.
    #[error("the journal cannot be read: {0}")]
    Journal(#[from] io::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Moves settled records into the store. There is one, owned by one task.
pub struct Folder {
    journal: Journal,
    store: Store,
    clock: Clock,
    folded: Watermark,
    /// Segments before this one are in the store's file, on disk.
    on_disk: u64,
    /// Segments before this one are gone.
    first: u64,
}

impl Folder {
    /// Goes on where the store says.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn new(journal: Journal, store: Store, clock: Clock) -> Result<Self, StoreError> {
        let folded = attempt::watermark(&store).await?;
        Ok(Self { journal, store, clock, folded, on_disk: 0, first: 0 })
    }

    /// Whether the books have everything up to `end`.
    pub fn has_reached(&self, end: Watermark) -> bool {
        self.folded >= end
    }

    /// Moves one batch. Returns the attempts that were new to the books, or `None` if there was nothing to move: then
    /// segments that are of no more use are removed.
    ///
    /// # Errors
    /// See [`FoldError`]; nothing is lost, the next step begins at the same place.
    pub async fn step(&mut self) -> Result<Option<Vec<Attempt>>, FoldError> {
        let end = self.journal.end();
        if self.has_reached(end) {
            self.forget().await?;
            return Ok(None);
        }
        let folder = self.journal.shared.folder.clone();
        let from = self.folded;
        let read =
            tokio::task::spawn_blocking(move || read(&folder, from, end)).await.map_err(io::Error::other)?;
        let (batch, next) = read?;
        let new = attempt::fold(&self.store, &self.clock, batch, next).await?;
        self.folded = next;
        Ok(Some(new))
    }

    async fn forget(&mut self) -> Result<(), FoldError> {
        let folded = self.folded.segment;
        if self.on_disk < folded && self.store.checkpoint().await? {
            self.on_disk = folded;
        }
        if self.first < self.on_disk {
            self.first = self.journal.forget(self.on_disk)?;
        }
        Ok(())
    }
}

/// Reads a batch of settled records from `from` on, and the place after it.
fn read(folder: &Path, from: Watermark, end: Watermark) -> io::Result<(Vec<Attempt>, Watermark)> {
    let numbers = segment::numbers(folder)?;
    let number = numbers.into_iter().find(|number| *number >= from.segment).unwrap_or(end.segment);
    let position = if number == from.segment { from.position } else { 0 };
    let mut file = File::open(segment::path(folder, number))?;
    let length = if number == end.segment { end.position } else { file.metadata()?.len() };
    let left = length.saturating_sub(position);
    file.seek(SeekFrom::Start(position))?;
    let mut bytes = Vec::new();
    file.take(left.min(BATCH)).read_to_end(&mut bytes)?;
    let is_end = bytes.len() as u64 == left;
    let (batch, read) = settled(&bytes, is_end, |at, damage| {
        let position = position + at as u64;
        tracing::error!(segment = number, position, damage, "the journal is damaged here");
    });
    if is_end && number < end.segment {
        return Ok((batch, Watermark { segment: number + 1, position: 0 }));
    }
    Ok((batch, Watermark { segment: number, position: position + read as u64 }))
}

/// The settled records in a stretch of a segment, and how far they go: to its end, or to a frame that more bytes would
/// make whole. Tells of the place and length of damage, which is stepped over.
fn settled(bytes: &[u8], is_end: bool, tell: impl Fn(usize, usize)) -> (Vec<Attempt>, usize) {
    let mut batch = Vec::new();
    let mut rest = bytes;
    loop {
        while let Some(entry) = frame::next(&mut rest) {
            if let Entry::Settled(attempt) = entry {
                batch.push(attempt);
            }
        }
        let at = bytes.len() - rest.len();
        if rest.is_empty() || (!is_end && rest.len() < LONGEST) {
            return (batch, at);
        }
        // Without a whole frame behind it, all is damage but what may be the beginning of one.
        let all = if is_end { rest.len() } else { rest.len() - LONGEST / 2 };
        let damage = frame::damage(rest).unwrap_or(all);
        tell(at, damage);
        rest = &rest[damage..];
    }
}
