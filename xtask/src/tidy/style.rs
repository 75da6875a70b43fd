//! `style/site.scss`, which cargo-leptos reads, names every sheet.

use std::path::{Path, PathBuf};

use super::Finding;
use super::tree::Tree;
use crate::site::style;

const FOLDER: &str = "style";
const LIST: &str = "style/site.scss";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let folder = Path::new(FOLDER);
    let paths = tree.sources.iter().map(|source| PathBuf::from(&source.path));
    let mut sheets: Vec<_> = paths
        .filter(|path| {
            path.starts_with(folder) && path.extension().is_some_and(|extension| extension == "css")
        })
        .collect();
    style::sort(folder, &mut sheets);
    if sheets.is_empty() || tree.text(LIST) == style::render(folder, &sheets) {
        return Vec::new();
    }
    vec![Finding::breach(LIST, "it does not name the sheets that are there; `cargo xtask site` writes it")]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_that_is_not_listed_is_a_breach() {
        let listed = "// Written by `cargo xtask site`, for cargo-leptos.\n@use \"token\";\n";
        let sheets = [("style/token.css", ""), (LIST, listed), ("style/part/new.css", "")];

        assert!(check(&Tree::of(&sheets[..2])).is_empty());
        assert_eq!(check(&Tree::of(&sheets)).len(), 1);
    }
}
