//! What an operator can meet is written down: routes and pages, settings, metrics.

use super::Finding;
use super::tree::{Source, Tree};

const ROUTES: &str = "docs/routes.md";
const SETTINGS: &str = "docs/settings.md";
const METRICS: &str = "docs/metrics.md";

pub(super) fn routes(tree: &Tree) -> Vec<Finding> {
    let known = tree.text(ROUTES);
    let literals = tree.rust(&["app/src/", "relay/src/", "server/src/"]).flat_map(|source| {
        ["route(", "path!("].into_iter().flat_map(|marker| literals_after(source, marker))
    });
    // A leptos path is written without the slash, and with `:name` for what axum calls `{name}`.
    let paths = literals.filter(|literal| literal.text.starts_with('/') && !literal.text.contains("{}"));
    missing(
        paths.map(|literal| literal.map(|path| path.replace("{*", "{"))),
        &known.replace("{*", "{"),
        ROUTES,
    )
}

pub(super) fn settings(tree: &Tree) -> Vec<Finding> {
    let table = tree.sources.iter().filter(|source| source.path == "relay/src/config/setting.rs");
    let names = table.flat_map(|source| literals_after(source, ", ")).filter(|literal| {
        literal.text.len() > 3
            && literal.text.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_')
    });
    missing(names, tree.text(SETTINGS), SETTINGS)
}

pub(super) fn metrics(tree: &Tree) -> Vec<Finding> {
    let sources = tree.rust(&["relay/src/", "server/src/"]);
    let names = sources.flat_map(|source| {
        ["counter!(", "gauge!(", "histogram!("].into_iter().flat_map(|marker| literals_after(source, marker))
    });
    missing(names, tree.text(METRICS), METRICS)
}

/// A string in the code.
struct Literal {
    place: String,
    text: String,
}

impl Literal {
    fn map(self, change: impl FnOnce(String) -> String) -> Self {
        Self { text: change(self.text), ..self }
    }
}

/// The strings that stand right after `marker`, on the same line.
fn literals_after<'tree>(
    source: &'tree Source,
    marker: &'static str,
) -> impl Iterator<Item = Literal> + 'tree {
    source.code().flat_map(move |(line, code)| {
        code.match_indices(marker).filter_map(move |(at, _)| {
            let (text, _) = code[at + marker.len()..].strip_prefix('"')?.split_once('"')?;
            Some(Literal { place: source.at(line), text: text.to_owned() })
        })
    })
}

fn missing(literals: impl Iterator<Item = Literal>, known: &str, document: &str) -> Vec<Finding> {
    let unknown = literals.filter(|literal| !known.contains(&format!("`{}`", literal.text)));
    unknown
        .map(|literal| Finding::breach(literal.place, format!("`{}` is not in {document}", literal.text)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_or_page_that_is_not_written_down_is_a_breach() {
        let code = "router.route(\"/health\", get(f)).route(\"/new\", get(f));\n<Route path=path!(\"/web/keys\") />\n";
        let tree = Tree::of(&[("relay/src/http.rs", code), (ROUTES, "`/health`")]);

        let found: Vec<_> = routes(&tree).into_iter().map(|finding| finding.what).collect();

        assert_eq!(found, ["`/new` is not in docs/routes.md", "`/web/keys` is not in docs/routes.md"]);
    }

    #[test]
    fn a_setting_that_is_not_written_down_is_a_breach() {
        let code = "open(\"server.port\", \"PORT\", \"3000\", \"Port.\"),\nopen(\"data\", \"SWITCHYARD_DATA\", \"\", \"\"),\n";
        let tree = Tree::of(&[("relay/src/config/setting.rs", code), (SETTINGS, "`PORT`")]);

        let found: Vec<_> = settings(&tree).into_iter().map(|finding| finding.what).collect();

        assert_eq!(found, ["`SWITCHYARD_DATA` is not in docs/settings.md"]);
    }

    #[test]
    fn a_metric_that_is_not_written_down_is_a_breach() {
        let tree =
            Tree::of(&[("relay/src/meter.rs", "counter!(\"switchyard_calls_total\").increment(1);\n")]);

        assert_eq!(metrics(&tree).len(), 1);
    }
}
