//! The files that the rules read.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::process;

/// A text file.
#[derive(Debug)]
pub(super) struct Source {
    /// From the checkout's root, with slashes.
    pub(super) path: String,
    pub(super) text: String,
}

/// All text files that are, or would be, in the repository.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) sources: Vec<Source>,
}

impl Tree {
    /// Asks git for the names. Binary files, and files just deleted, are left out.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let mut git = Command::new("git");
        git.current_dir(root).args(["ls-files", "--cached", "--others", "--exclude-standard"]);
        let names = process::output_of(&mut git)?;
        let read = |path: &str| {
            Some(Source { path: path.to_owned(), text: fs::read_to_string(root.join(path)).ok()? })
        };
        Ok(Self { sources: names.lines().filter_map(read).collect() })
    }

    /// Rust files below one of `folders`.
    pub(super) fn rust<'tree>(&'tree self, folders: &'tree [&str]) -> impl Iterator<Item = &'tree Source> {
        self.sources.iter().filter(|source| {
            source.path.ends_with(".rs") && folders.iter().any(|folder| source.path.starts_with(folder))
        })
    }

    /// The text of the file at `path`, empty if there is none.
    pub(super) fn text(&self, path: &str) -> &str {
        self.sources.iter().find(|source| source.path == path).map_or("", |source| &source.text)
    }

    #[cfg(test)]
    pub(super) fn of(sources: &[(&str, &str)]) -> Self {
        let source =
            |(path, text): &(&str, &str)| Source { path: (*path).to_owned(), text: (*text).to_owned() };
        Self { sources: sources.iter().map(source).collect() }
    }
}

impl Source {
    /// Numbered lines of code: no comments, and nothing from the file's own tests on.
    pub(super) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let until_tests = self.text.lines().take_while(|line| *line != "#[cfg(test)]");
        until_tests.enumerate().map(|(index, line)| (index + 1, line)).filter(|(_, line)| !is_comment(line))
    }

    /// The place of a line, as terminals make links of it.
    pub(super) fn at(&self, line: usize) -> String {
        format!("{}:{line}", self.path)
    }
}

/// Whether the line holds a comment and nothing else.
pub(super) fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

/// The identifier that `text` starts with, perhaps empty.
pub(super) fn identifier(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(text.len());
    &text[..end]
}
