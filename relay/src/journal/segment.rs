//! One file of the journal: `0000000001.journal`, appended to, with room set aside past its end.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::{FallocateFlags, fallocate};
use rustix::io::{Errno, retry_on_intr};

/// Room is set aside in steps, so that the file system is asked once per some calls.
const STEP: u64 = 64 << 10;

pub(super) struct Segment {
    pub(super) number: u64,
    pub(super) length: u64,
    allocated: u64,
    /// Up to here it was handed to whoever syncs.
    handed: u64,
    file: Arc<File>,
}

/// A stretch of a segment's file that is not known to be on disk.
pub(super) struct Span {
    file: Arc<File>,
    from: u64,
    to: u64,
}

impl Segment {
    /// Its name is on disk only once the folder has been synced.
    pub(super) fn create(folder: &Path, number: u64) -> io::Result<Self> {
        let file = OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .read(true)
            .mode(0o600)
            .open(path(folder, number))?;
        Ok(Self { number, length: 0, allocated: 0, handed: 0, file: Arc::new(file) })
    }

    /// Sets `room` bytes aside past the end, without growing the file's length.
    pub(super) fn reserve(&mut self, room: u64) -> io::Result<()> {
        let wanted = self.length + room;
        if wanted <= self.allocated {
            return Ok(());
        }
        let end = wanted.next_multiple_of(STEP);
        let more = end - self.allocated;
        match retry_on_intr(|| fallocate(&self.file, FallocateFlags::KEEP_SIZE, self.allocated, more)) {
            // A file system that cannot set room aside: then a full disk shows at the write.
            Ok(()) | Err(Errno::OPNOTSUPP | Errno::NOSYS) => {
                self.allocated = end;
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Appends whole frames. After a failure it ends where it ended before: the next frames take the place of what
    /// was written in part, and the room set aside stays.
    pub(super) fn append(&mut self, frames: &[u8]) -> io::Result<()> {
        self.file.write_all_at(frames, self.length)?;
        self.length += frames.len() as u64;
        Ok(())
    }

    /// What was appended since this was last asked.
    pub(super) fn take_unsynced(&mut self) -> Option<Span> {
        let (from, to) = (self.handed, self.length);
        self.handed = to;
        (from < to).then(|| Span { file: Arc::clone(&self.file), from, to })
    }

    /// Ends it: what was written in part goes, and room set aside past the end is of no more use.
    pub(super) fn close(self) {
        // If that fails, the reader steps over it.
        let _ = self.file.set_len(self.length);
    }
}

impl Span {
    pub(super) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Writes the same bytes to the same place: after a failed sync the system takes them for written, and a second
    /// sync would say that all is well.
    pub(super) fn write_again(&self) -> io::Result<()> {
        let mut bytes = vec![0; usize::try_from(self.to - self.from).map_err(io::Error::other)?];
        self.file.read_exact_at(&mut bytes, self.from)?;
        self.file.write_all_at(&bytes, self.from)
    }
}

pub(super) fn path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:010}.journal"))
}

/// The numbers of all segments in a folder, ascending.
pub(super) fn numbers(folder: &Path) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name();
        let digits = name.to_str().and_then(|name| name.strip_suffix(".journal"));
        numbers.extend(digits.and_then(|digits| digits.parse::<u64>().ok()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}
