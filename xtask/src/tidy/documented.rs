//! What an operator can meet is written down: routes and pages, settings, metrics.

use super::Finding;
use super::tree::{Source, Tree};

const ROUTES: &str = "docs/routes.md";
const SETTINGS: &str = "docs/settings.md";
const METRICS: &str = "docs/metrics.md";

pub(super) fn routes(tree: &Tree) -> Vec<Finding> {
    let known = tree.text(ROUTES).replace("{*", "{");
    let served =
        tree.rust(&["relay/src/", "server/src/"]).flat_map(|source| literals_after(source, "route("));
    let served = served.map(|literal| literal.map(|path| path.replace("{*", "{")));
    let pages = tree.rust(&["app/src/"]).flat_map(|source| literals_after(source, ""));
    let pages =
        pages.map(|literal| literal.map(|path| path.split(['?', '#']).next().unwrap_or_default().to_owned()));
    let pages = pages.filter(|literal| literal.text.starts_with("/web") && !literal.text.contains('{'));
    missing(served.chain(pages), &known, ROUTES)
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

/// The strings that stand right after `marker`, each on one line.
fn literals_after<'tree>(
    source: &'tree Source,
    marker: &'static str,
) -> impl Iterator<Item = Literal> + 'tree {
    source.code().flat_map(move |(line, code)| {
        // Of the parts between quotes, every other one is a string.
        let strings = code.split('"').enumerate().filter(|(index, _)| index % 2 == 1).map(|(_, text)| text);
        let before = code.split('"').step_by(2);
        let marked = before.zip(strings).filter(move |(before, _)| before.ends_with(marker));
        marked.map(move |(_, text)| Literal { place: source.at(line), text: text.to_owned() })
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
        let router = "router.route(\"/health\", get(f)).route(\"/new\", get(f));\n";
        let rooms = "const KEYS: &str = \"/web/keys\";\nlet old = \"/web?range=day\";\n";
        let tree = Tree::of(&[
            ("relay/src/http.rs", router),
            ("app/src/room.rs", rooms),
            (ROUTES, "`/health` `/web`"),
        ]);

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
