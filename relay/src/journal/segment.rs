//! One file of the journal: `0000000001.journal`, appended to, with room set aside past its end.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::{FallocateFlags, fallocate};
use rustix::io::Errno;

/// Room is set aside in steps, so that the file system is asked once per some calls.
const STEP: u64 = 64 << 10;

pub(super) struct Segment {
    pub(super) number: u64,
    pub(super) length: u64,
    allocated: u64,
    file: File,
}

impl Segment {
    pub(super) fn create(folder: &Path, number: u64) -> io::Result<Self> {
        let file = OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .read(true)
            .mode(0o600)
            .open(path(folder, number))?;
        // Its name must survive a power cut, or its records would not.
        File::open(folder)?.sync_all()?;
        Ok(Self { number, length: 0, allocated: 0, file })
    }

    /// Sets `room` bytes aside past the end, without growing the file's length.
    pub(super) fn reserve(&mut self, room: u64) -> io::Result<()> {
        let wanted = self.length + room;
        if wanted <= self.allocated {
            return Ok(());
        }
        let end = wanted.next_multiple_of(STEP);
        match fallocate(&self.file, FallocateFlags::KEEP_SIZE, self.allocated, end - self.allocated) {
            // A file system that cannot set room aside: then a full disk shows at the write.
            Ok(()) | Err(Errno::OPNOTSUPP | Errno::NOSYS) => {
                self.allocated = end;
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Appends whole frames; after a failure the file ends where it ended before.
    pub(super) fn append(&mut self, frames: &[u8]) -> io::Result<()> {
        match self.file.write_all(frames) {
            Ok(()) => {
                self.length += frames.len() as u64;
                Ok(())
            }
            Err(error) => {
                self.file.set_len(self.length)?;
                io::Seek::seek(&mut self.file, io::SeekFrom::Start(self.length))?;
                // Cutting the file may have given the room back.
                self.allocated = self.length;
                Err(error)
            }
        }
    }

    pub(super) fn handle(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    pub(super) fn into_file(self) -> File {
        // Room set aside past the end is of no more use.
        let _ = self.file.set_len(self.length);
        self.file
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
