//! Who may see what: SQL, the store, and where a module's face lies.

use super::Finding;
use super::tree::{Tree, identifier};

/// What only SQL says, or the library that speaks it.
const SQL: &[&str] =
    &["rusqlite", "\"SELECT ", "INSERT INTO ", "DELETE FROM ", "CREATE TABLE ", "CREATE INDEX ", "PRAGMA "];

/// What the console may name of the relay: the admin road, what its functions take, and how requests carry it.
const FOR_CONSOLE: &[&str] = &["admin", "http", "model", "state"];

/// What the console could otherwise take out of the state that it hands on.
const NOT_FOR_CONSOLE: &[&str] =
    &["shared.store", "shared.vault", "shared.pepper", "shared.jwt_secret", "shared.journal"];

pub(super) fn sql(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in tree.rust(&["app/", "frontend/", "relay/", "server/", "upstream/"]) {
        if source.path == "relay/src/store.rs" || source.path.starts_with("relay/src/store/") {
            continue;
        }
        for (line, code) in source.code() {
            if let Some(word) = SQL.iter().find(|word| code.contains(**word)) {
                findings.push(Finding::breach(
                    source.at(line),
                    format!("{} belongs into relay/src/store", word.trim()),
                ));
            }
        }
    }
    findings
}

pub(super) fn console(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in tree.rust(&["app/", "frontend/"]) {
        for (line, code) in source.code() {
            if let Some(field) = NOT_FOR_CONSOLE.iter().find(|field| code.contains(**field)) {
                findings.push(Finding::breach(source.at(line), format!("the console may not use {field}")));
            }
            for (at, path) in code.match_indices("relay::") {
                let used = identifier(&code[at + path.len()..]);
                let is_crate =
                    !code[..at].ends_with(|letter: char| letter.is_alphanumeric() || "_:".contains(letter));
                if is_crate && !used.is_empty() && !FOR_CONSOLE.contains(&used) {
                    findings.push(Finding::breach(
                        source.at(line),
                        format!("the console may not use relay::{used}"),
                    ));
                }
            }
        }
    }
    findings
}

pub(super) fn module_files(tree: &Tree) -> Vec<Finding> {
    let faces = tree.sources.iter().filter(|source| source.path.ends_with("/mod.rs"));
    faces
        .map(|source| Finding::breach(&source.path, "name the file as the module, beside its folder"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_outside_of_the_store_is_a_breach() {
        let tree = Tree::of(&[
            ("relay/src/store/key.rs", "use rusqlite::params;\n"),
            ("relay/src/admin/key.rs", "// SQL: rusqlite\nlet sql = \"SELECT 1\";\n"),
            ("server/src/main.rs", "use rusqlite::Connection;\n"),
        ]);

        let places: Vec<_> = sql(&tree).into_iter().map(|finding| finding.place).collect();

        assert_eq!(places, ["relay/src/admin/key.rs:2", "server/src/main.rs:1"]);
    }

    #[test]
    fn the_console_naming_the_store_is_a_breach() {
        let tree = Tree::of(&[(
            "app/src/api/key.rs",
            "use relay::model::Key;\nlet keys = relay::store::key::all();\nconsole_relay::store();\nall(&shared.store)\n",
        )]);

        assert_eq!(
            console(&tree),
            [
                Finding::breach("app/src/api/key.rs:2", "the console may not use relay::store"),
                Finding::breach("app/src/api/key.rs:4", "the console may not use shared.store"),
            ]
        );
    }

    #[test]
    fn a_mod_rs_is_a_breach() {
        assert_eq!(
            module_files(&Tree::of(&[("relay/src/gate/mod.rs", ""), ("relay/src/gate.rs", "")])).len(),
            1
        );
    }
}
