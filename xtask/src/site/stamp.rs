//! Remembers what the site was made of, so that an unchanged one is not made again.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use anyhow::{Context, Result};

use super::Purpose;

/// The server never serves names that start with a dot.
const FILE: &str = ".stamp";

/// A figure of everything that goes into the site: the module, style, public files, and this program itself.
pub(super) fn of(root: &Path, compiled: &Path, purpose: Purpose) -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    purpose.hash(&mut hasher);
    hash_file(&std::env::current_exe()?, &mut hasher)?;
    hash_file(compiled, &mut hasher)?;
    for folder in ["style", "public"] {
        for file in super::files_below(&root.join(folder))? {
            file.strip_prefix(root)?.hash(&mut hasher);
            hash_file(&file, &mut hasher)?;
        }
    }
    Ok(hasher.finish())
}

/// Whether the site in `folder` was made of just that.
pub(super) fn matches(folder: &Path, stamp: u64) -> bool {
    fs::read_to_string(folder.join(FILE)).is_ok_and(|kept| kept == render(stamp))
}

/// Leaves the figure in a finished site.
pub(super) fn leave(folder: &Path, stamp: u64) -> Result<()> {
    fs::write(folder.join(FILE), render(stamp)).context("cannot write the site's stamp")
}

fn render(stamp: u64) -> String {
    format!("{stamp:016x}\n")
}

fn hash_file(path: &Path, hasher: &mut impl Hasher) -> Result<()> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))?.hash(hasher);
    Ok(())
}
