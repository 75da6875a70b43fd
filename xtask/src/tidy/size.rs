//! Long files have more than one subject.

use super::Finding;
use super::tree::Tree;

const CODE: [&str; 5] = [".css", ".js", ".mjs", ".rs", ".ts"];
const LISTED_ABOVE: usize = 300;
const REFUSED_ABOVE: usize = 500;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in tree.sources.iter().filter(|source| CODE.iter().any(|ending| source.path.ends_with(ending)))
    {
        let lines = source.text.lines().count();
        let what = format!("{lines} lines");
        if lines > REFUSED_ABOVE {
            findings.push(Finding::breach(&source.path, what));
        } else if lines > LISTED_ABOVE {
            findings.push(Finding::remark(&source.path, what));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_over_500_lines_are_breaches_and_over_300_remarks() {
        let [short, long, longest] = [300, 301, 501].map(|lines| "x\n".repeat(lines));
        let tree = Tree::of(&[("a.rs", &short), ("b.css", &long), ("c.ts", &longest), ("d.md", &longest)]);

        assert_eq!(
            check(&tree),
            [Finding::remark("b.css", "301 lines"), Finding::breach("c.ts", "501 lines")]
        );
    }
}
