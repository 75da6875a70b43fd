//! The socket's path. The system takes at most 107 bytes for one; a longer one is written by way of the open folder.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

use super::FILE;

/// `sun_path` has 108 bytes on Linux and 104 on others, with a zero at the end.
const LENGTH_MAX: usize = 103;

/// A path that the system takes for a socket in the data folder, as long as this lives.
pub(super) struct Address {
    path: PathBuf,
    _folder: Option<File>,
}

impl Address {
    /// # Errors
    /// If the folder cannot be opened.
    pub(super) fn of(data: &Path) -> io::Result<Self> {
        let path = data.join(FILE);
        if path.as_os_str().len() <= LENGTH_MAX {
            return Ok(Self { path, _folder: None });
        }
        let folder = File::open(data)?;
        let path = PathBuf::from(format!("/proc/self/fd/{}", folder.as_raw_fd())).join(FILE);
        Ok(Self { path, _folder: Some(folder) })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}
