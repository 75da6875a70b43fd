//! From the journal into the books, in batches; any crash between is harmless.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use super::frame::{self, Entry};
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
}

impl Folder {
    /// Goes on where the store says.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn new(journal: Journal, store: Store, clock: Clock) -> Result<Self, StoreError> {
        let folded = attempt::watermark(&store).await?;
        Ok(Self { journal, store, clock, folded })
    }

    /// Whether the books have everything up to `end`.
    pub fn has_reached(&self, end: Watermark) -> bool {
        self.folded >= end
    }

    /// Moves one batch. Returns the attempts that were new to the books, or `None` if there was nothing to move.
    ///
    /// # Errors
    /// See [`FoldError`]; nothing is lost, the next step begins at the same place.
    pub async fn step(&mut self) -> Result<Option<Vec<Attempt>>, FoldError> {
        let end = self.journal.end();
        if self.has_reached(end) {
            return Ok(None);
        }
        let folder = self.journal.shared.folder.clone();
        let from = self.folded;
        let read =
            tokio::task::spawn_blocking(move || read(&folder, from, end)).await.map_err(io::Error::other)?;
        let (batch, next) = read?;
        let new = attempt::fold(&self.store, &self.clock, batch, next).await?;
        let left_segment = next.segment > self.folded.segment;
        self.folded = next;
        if left_segment && self.store.checkpoint().await? {
            self.journal.forget(next.segment)?;
        }
        Ok(Some(new))
    }
}

/// Reads a batch of settled records from `from` on, and the place after it.
fn read(folder: &std::path::Path, from: Watermark, end: Watermark) -> io::Result<(Vec<Attempt>, Watermark)> {
    let numbers = segment::numbers(folder)?;
    let number = numbers.into_iter().find(|number| *number >= from.segment).unwrap_or(end.segment);
    let position = if number == from.segment { from.position } else { 0 };
    let mut file = File::open(segment::path(folder, number))?;
    let length = if number == end.segment { end.position } else { file.metadata()?.len() };
    file.seek(SeekFrom::Start(position))?;
    let mut bytes = Vec::new();
    file.take((length - position.min(length)).min(BATCH)).read_to_end(&mut bytes)?;
    let mut rest = bytes.as_slice();
    let mut batch = Vec::new();
    while let Some(entry) = frame::next(&mut rest) {
        if let Entry::Settled(attempt) = entry {
            batch.push(attempt);
        }
    }
    let read = (bytes.len() - rest.len()) as u64;
    let position = position + read;
    let is_damaged = read == 0 && !rest.is_empty();
    if is_damaged {
        tracing::error!(
            segment = number,
            position,
            "the journal is damaged here; the rest of this segment is skipped"
        );
    }
    if number < end.segment && (position >= length || is_damaged) {
        return Ok((batch, Watermark { segment: number + 1, position: 0 }));
    }
    Ok((batch, Watermark { segment: number, position: if is_damaged { length } else { position } }))
}
