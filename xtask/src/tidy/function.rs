//! Long functions do more than one thing. Lines of code are counted, without comments and blanks.
//!
//! The code is formatted, so a function ends at the first closing brace in its own column. A component whose body is
//! one `view!` is a picture rather than a list of steps, and may be longer.

use super::Finding;
use super::tree::{Source, Tree, identifier, is_comment};

const LISTED_ABOVE: usize = 40;
const REFUSED_ABOVE: usize = 60;
const REFUSED_ABOVE_FOR_VIEWS: usize = 120;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    tree.rust(&[""]).flat_map(of_file).collect()
}

fn of_file(source: &Source) -> Vec<Finding> {
    let lines: Vec<&str> = source.text.lines().collect();
    let mut findings = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(name) = declared(line) else { continue };
        let body = body(&lines[index..]);
        let size = body.iter().filter(|line| !line.trim().is_empty() && !is_comment(line)).count();
        let has_view = body.iter().any(|line| line.contains("view! {"));
        let limit = if has_view { REFUSED_ABOVE_FOR_VIEWS } else { REFUSED_ABOVE };
        let what = format!("{name} has {size} lines");
        if size > limit {
            findings.push(Finding::breach(source.at(index + 1), what));
        } else if size > LISTED_ABOVE && !has_view {
            findings.push(Finding::remark(source.at(index + 1), what));
        }
    }
    findings
}

/// The name of the function that the line begins.
fn declared(line: &str) -> Option<&str> {
    let mut rest = line.trim_start();
    loop {
        if let Some(name) = rest.strip_prefix("fn ") {
            return Some(identifier(name));
        }
        let word = rest.split_whitespace().next()?;
        let is_qualifier = word.starts_with("pub") || ["async", "const"].contains(&word);
        rest = rest[word.len()..].trim_start();
        if !is_qualifier {
            return None;
        }
    }
}

/// The lines after the one that begins the function, up to its closing brace.
fn body<'line>(lines: &[&'line str]) -> Vec<&'line str> {
    let Some((first, rest)) = lines.split_first() else { return Vec::new() };
    let indent = &first[..first.len() - first.trim_start().len()];
    if first.ends_with('}') || first.ends_with(';') {
        return Vec::new();
    }
    let in_column =
        |line: &str, end: char| line.strip_prefix(indent).is_some_and(|line| line.starts_with(end));
    let is_end = |line: &str| in_column(line, '}') || (in_column(line, ')') && line.ends_with(';'));
    rest.iter().take_while(|line| !is_end(line)).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(lines: usize) -> String {
        format!(
            "    pub(crate) async fn act(\n        &self,\n    ) -> u8 {{\n{}    }}\n",
            "        step();\n".repeat(lines)
        )
    }

    #[test]
    fn functions_over_60_lines_are_breaches_and_over_40_remarks() {
        let text = [function(20), function(45), function(70)].concat();

        let found: Vec<_> = check(&Tree::of(&[("a.rs", &text)]))
            .into_iter()
            .map(|finding| (finding.place, finding.is_breach))
            .collect();

        assert_eq!(found, [("a.rs:25".to_owned(), false), ("a.rs:74".to_owned(), true)]);
    }

    #[test]
    fn comments_and_blanks_do_not_count() {
        let text = format!("fn act() {{\n{}}}\n", "    // why\n\n".repeat(50));

        assert!(check(&Tree::of(&[("a.rs", &text)])).is_empty());
    }

    #[test]
    fn views_may_be_longer() {
        let view = |lines| {
            format!(
                "fn Page() -> impl IntoView {{\n    view! {{\n{}    }}\n}}\n",
                "        <p/>\n".repeat(lines)
            )
        };

        assert!(check(&Tree::of(&[("a.rs", &view(100))])).is_empty());
        assert_eq!(check(&Tree::of(&[("a.rs", &view(130))])).len(), 1);
    }

    #[test]
    fn declarations_without_a_body_have_no_lines() {
        let text = format!("trait Act {{\n    fn act(\n        &self,\n    );\n}}\n{}", "x\n".repeat(80));

        assert!(check(&Tree::of(&[("a.rs", &text)])).is_empty());
    }
}
