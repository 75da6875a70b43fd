//! The style sheet: `style/token.css`, `style/base.css`, the other sheets of `style/`, then those of `style/part/`,
//! each group in the order of its names.
//!
//! `style/site.scss` names the same sheets in the same order for cargo-leptos, which makes one of them by sass.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Sheets that the others build on, in this order.
const FIRST: [&str; 2] = ["token.css", "base.css"];

/// The list for cargo-leptos.
const LIST: &str = "site.scss";

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

/// Brings `site.scss` in `folder` up to date.
pub(super) fn list(folder: &Path) -> Result<()> {
    let list = folder.join(LIST);
    let sheets = sheets(folder)?;
    let wanted = render(folder, &sheets);
    if sheets.is_empty() || fs::read_to_string(&list).is_ok_and(|listed| listed == wanted) {
        return Ok(());
    }
    fs::write(&list, wanted).with_context(|| format!("cannot write {}", list.display()))
}

/// What `site.scss` says about the sheets at those paths.
pub(crate) fn render(folder: &Path, sheets: &[PathBuf]) -> String {
    let names = sheets.iter().map(|sheet| sheet.strip_prefix(folder).unwrap_or(sheet).with_extension(""));
    let lines = names.map(|name| format!("@use \"{}\";\n", name.display()));
    std::iter::once("// Written by `cargo xtask site`, for cargo-leptos.\n".to_owned()).chain(lines).collect()
}

/// Sorts sheets into the order in which they are read.
pub(crate) fn sort(folder: &Path, sheets: &mut [PathBuf]) {
    sheets.sort_by_key(|path| rank(folder, path));
}

fn sheets(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = super::files_below(folder)?;
    found.retain(|path| path.extension().is_some_and(|extension| extension == "css"));
    sort(folder, &mut found);
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
        let mut sheets =
            ["part/a.css", "shell.css", "base.css", "token.css", "part/b.css"].map(|name| folder.join(name));

        sort(folder, &mut sheets);

        assert_eq!(
            render(folder, &sheets),
            "// Written by `cargo xtask site`, for cargo-leptos.\n\
             @use \"token\";\n@use \"base\";\n@use \"shell\";\n@use \"part/a\";\n@use \"part/b\";\n"
        );
    }
}
