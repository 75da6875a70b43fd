//! The style sheet: `style/token.css`, `style/base.css`, the other sheets of `style/`, then those of `style/part/`,
//! each group in the order of its names.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Sheets that the others build on, in this order.
const FIRST: [&str; 2] = ["token.css", "base.css"];

/// Writes all sheets of `folder` as one.
pub(super) fn bundle(folder: &Path, target: &Path) -> Result<()> {
    let mut bundle = String::new();
    for sheet in sheets(folder)? {
        bundle.push_str(
            &fs::read_to_string(&sheet).with_context(|| format!("cannot read {}", sheet.display()))?,
        );
        bundle.push('\n');
    }
    fs::write(target, bundle)?;
    Ok(())
}

fn sheets(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = super::files_below(folder)?;
    found.retain(|path| path.extension().is_some_and(|extension| extension == "css"));
    found.sort_by_key(|path| rank(folder, path));
    Ok(found)
}

fn rank(folder: &Path, sheet: &Path) -> (usize, PathBuf) {
    let name = sheet.strip_prefix(folder).unwrap_or(sheet);
    let first = FIRST.iter().position(|first| name == Path::new(first));
    let place = first.unwrap_or(if name.components().count() == 1 { FIRST.len() } else { FIRST.len() + 1 });
    (place, name.to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_come_before_the_base_and_the_base_before_parts() {
        let folder = Path::new("style");
        let mut names =
            ["part/a.css", "shell.css", "base.css", "token.css", "part/b.css"].map(|name| folder.join(name));

        names.sort_by_key(|path| rank(folder, path));

        let sorted: Vec<_> = names.iter().map(|path| path.to_str().unwrap()).collect();
        assert_eq!(
            sorted,
            ["style/token.css", "style/base.css", "style/shell.css", "style/part/a.css", "style/part/b.css"]
        );
    }
}
