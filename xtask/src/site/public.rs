//! Files that are served as they are: fonts, icons, the manifest.

use std::fs;
use std::path::Path;

use anyhow::Result;

/// Copies everything below `source` into `target`, keeping folders.
pub(super) fn copy(source: &Path, target: &Path) -> Result<()> {
    for file in super::files_below(source)? {
        let destination = target.join(file.strip_prefix(source)?);
        if let Some(folder) = destination.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(&file, &destination)?;
    }
    Ok(())
}
