//! Code of relay may use modules of its own and of lower layers: dependencies point down.

use std::collections::BTreeSet;

use super::Finding;
use super::tree::{Source, Tree, identifier};

/// Modules by layer, lowest first.
const LAYERS: &[&[&str]] = &[
    &["model", "wire"],
    &["config", "secret", "clock", "price", "folder"],
    &["store", "stream"],
    &["journal", "live"],
    &["provider"],
    &["gate", "schedule", "meter"],
    &["state"],
    &["token"],
    &["quota"],
    &["pipeline", "admin", "task"],
    &["http"],
    &["start"],
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    tree.rust(&["relay/src/"]).filter(|source| source.path != "relay/src/lib.rs").flat_map(of_file).collect()
}

fn of_file(source: &Source) -> Vec<Finding> {
    let module = identifier(source.path.trim_start_matches("relay/src/"));
    let Some(own) = layer_of(module) else {
        return vec![Finding::breach(
            &source.path,
            format!("{module} is in no layer; see xtask/src/tidy/layer.rs"),
        )];
    };
    let mut findings = Vec::new();
    for (line, used) in uses(source) {
        match layer_of(&used) {
            Some(layer) if layer <= own => {}
            Some(_) => findings
                .push(Finding::breach(source.at(line), format!("{module} uses {used}, which lies above it"))),
            None => findings.push(Finding::breach(source.at(line), format!("{used} is in no layer"))),
        }
    }
    findings
}

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// The top modules that the code names by `crate::`, alone or in braces.
fn uses(source: &Source) -> BTreeSet<(usize, String)> {
    let lines: Vec<(usize, &str)> = source.code().collect();
    let mut found = BTreeSet::new();
    for (index, (line, code)) in lines.iter().enumerate() {
        for (at, _) in code.match_indices("crate::") {
            if code[..at].ends_with(|letter: char| letter.is_alphanumeric() || "$_".contains(letter)) {
                continue;
            }
            let rest = &code[at + "crate::".len()..];
            let Some(group) = rest.strip_prefix('{') else {
                found.insert((*line, identifier(rest).to_owned()));
                continue;
            };
            let following = lines[index + 1..].iter().map(|(_, code)| *code);
            let group: String = std::iter::once(group).chain(following).collect();
            found.extend(heads(&group).into_iter().map(|head| (*line, head)));
        }
    }
    found
}

/// The first names of a group `a::b, c::{d, e}}`, at its outer level.
fn heads(group: &str) -> Vec<String> {
    let mut depth = 0_usize;
    let mut outer = String::new();
    for letter in group.chars() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            _ if depth == 0 => outer.push(letter),
            _ => {}
        }
    }
    let names = outer.split(',').map(|name| identifier(name.trim()).to_owned());
    names.filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaches(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of(&[(path, text)])).into_iter().map(|finding| finding.place).collect()
    }

    #[test]
    fn using_a_higher_layer_is_a_breach() {
        assert_eq!(
            breaches("relay/src/store/key.rs", "use crate::model::Key;\nuse crate::admin::Admin;\n"),
            ["relay/src/store/key.rs:2"]
        );
        assert_eq!(
            breaches("relay/src/model.rs", "fn f() { crate::http::serve() }\n"),
            ["relay/src/model.rs:1"]
        );
        assert_eq!(
            breaches("relay/src/gate.rs", "use crate::{model::{a, http}, http::b};\n"),
            ["relay/src/gate.rs:1"]
        );
    }

    #[test]
    fn using_the_same_and_lower_layers_is_none() {
        let text = "use crate::{gate, model::{http, Key}};\nuse crate::store::key;\n// crate::http\nuse other_crate::http;\n";

        assert!(breaches("relay/src/schedule.rs", text).is_empty());
    }

    #[test]
    fn tests_may_use_what_they_like() {
        assert!(
            breaches("relay/src/model.rs", "fn f() {}\n\n#[cfg(test)]\nmod tests { use crate::http; }\n")
                .is_empty()
        );
    }

    #[test]
    fn a_module_without_a_layer_is_a_breach() {
        assert_eq!(breaches("relay/src/util.rs", ""), ["relay/src/util.rs"]);
    }
}
