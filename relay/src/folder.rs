//! The data folder: made 0700, held by one process at a time.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Why the data folder is not ours.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Another process has it.
    #[error("{0} is in use by another Switchyard; stop that one, or set SWITCHYARD_DATA to another folder")]
    InUse(String),
    /// It cannot be used.
    #[error("cannot use {path}: {cause}")]
    Unusable {
        /// Which file or folder.
        path: String,
        /// Why.
        cause: io::Error,
    },
}

/// The data folder, ours as long as this lives.
#[derive(Debug)]
pub struct FolderLock {
    folder: PathBuf,
    _lock: File,
}

impl FolderLock {
    /// Makes the folder if it is missing and takes it.
    ///
    /// # Errors
    /// If another process holds it, or the file system refuses.
    pub fn take(folder: &Path) -> Result<Self, FolderError> {
        let failed = |path: &Path| {
            let path = path.display().to_string();
            move |cause| FolderError::Unusable { path, cause }
        };
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed(folder))?;
        let path = folder.join("lock");
        let lock = private_options().open(&path).map_err(failed(&path))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { folder: folder.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(FolderError::InUse(folder.display().to_string())),
            Err(TryLockError::Error(cause)) => Err(failed(&path)(cause)),
        }
    }

    /// A path inside the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// Writes a file that only its owner may read, whole or not at all, and on disk when this returns.
///
/// # Errors
/// If the file system refuses.
pub fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let half = path.with_extension("new");
    let mut file = private_options().truncate(true).open(&half)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&half, path)?;
    match path.parent() {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

fn private_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).mode(0o600);
    options
}
