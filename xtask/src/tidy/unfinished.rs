//! Work left in place of work, and tests that are switched off.

use super::Finding;
use super::tree::Tree;

const CODE: [&str; 8] = [".css", ".js", ".mjs", ".rs", ".sh", ".toml", ".ts", "Makefile"];

/// Split, so that this file does not find itself.
const WORDS: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X:"),
    concat!("to", "do!("),
    concat!("unimplem", "ented!("),
    concat!("#[ig", "nore"),
    concat!("test.", "skip("),
    concat!("test.", "only("),
    concat!("test.", "fixme("),
    concat!("describe.", "skip("),
    concat!("describe.", "only("),
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in tree.sources.iter().filter(|source| CODE.iter().any(|ending| source.path.ends_with(ending)))
    {
        for (index, line) in source.text.lines().enumerate() {
            if let Some(word) = WORDS.iter().find(|word| line.contains(**word)) {
                findings.push(Finding::breach(source.at(index + 1), format!("{word} left")));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_for_unfinished_work_is_a_breach() {
        let text: String = WORDS.iter().map(|word| format!("    {word}\n")).collect();

        assert_eq!(check(&Tree::of(&[("a.rs", &text)])).len(), WORDS.len());
        assert!(check(&Tree::of(&[("a.rs", "let todos = 1;\n"), ("docs/a.md", &text)])).is_empty());
    }
}
