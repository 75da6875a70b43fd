//! The house rules: what reviewers would otherwise nag about, checked by reading the files.
//!
//! Each rule sees all files that git knows or would add, and says what breaks it. A finding is a breach, which fails
//! the check, or a remark, which is only listed.

mod boundary;
mod documented;
mod function;
mod layer;
mod portable;
mod size;
mod style;
mod tree;
mod unfinished;

use std::path::Path;

use anyhow::Result;

use self::tree::Tree;

/// A rule by name.
struct Rule {
    name: &'static str,
    about: &'static str,
    check: fn(&Tree) -> Vec<Finding>,
}

/// All rules.
const RULES: &[Rule] = &[
    Rule { name: "layer", about: "modules of relay use only lower layers", check: layer::check },
    Rule { name: "sql", about: "nothing outside relay/src/store sees SQL", check: boundary::sql },
    Rule {
        name: "admin",
        about: "the console reaches the store by relay::admin alone",
        check: boundary::console,
    },
    Rule { name: "size", about: "a file has one subject", check: size::check },
    Rule { name: "function", about: "a function does one thing", check: function::check },
    Rule { name: "module", about: "no mod.rs", check: boundary::module_files },
    Rule { name: "routes", about: "every route and page is in docs/routes.md", check: documented::routes },
    Rule { name: "settings", about: "every setting is in docs/settings.md", check: documented::settings },
    Rule { name: "metrics", about: "every metric is in docs/metrics.md", check: documented::metrics },
    Rule { name: "style", about: "style/site.scss names every sheet", check: style::check },
    Rule { name: "portable", about: "no path of one machine, no registry's host", check: portable::check },
    Rule { name: "lock", about: "lock files name no host", check: portable::locks },
    Rule {
        name: "unfinished",
        about: "no work left in place of work, no test switched off",
        check: unfinished::check,
    },
];

/// What a rule found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// The file, and where it helps the line.
    place: String,
    what: String,
    is_breach: bool,
}

impl Finding {
    fn breach(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into(), is_breach: true }
    }

    fn remark(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into(), is_breach: false }
    }
}

/// How many rules are kept and how many broken.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Rules without a breach.
    pub(crate) kept: u64,
    /// Rules with at least one.
    pub(crate) broken: u64,
}

/// Checks the checkout at `root` and prints what was found.
pub(crate) fn check(root: &Path) -> Result<Outcome> {
    let tree = Tree::read(root)?;
    let mut outcome = Outcome { kept: 0, broken: 0 };
    for rule in RULES {
        let findings = (rule.check)(&tree);
        let is_broken = findings.iter().any(|finding| finding.is_breach);
        if is_broken {
            outcome.broken += 1
        } else {
            outcome.kept += 1
        }
        println!("{:<11}{} ({})", rule.name, if is_broken { "BROKEN" } else { "kept" }, rule.about);
        for finding in &findings {
            let kind = if finding.is_breach { "breach" } else { "remark" };
            println!("  {kind}: {}: {}", finding.place, finding.what);
        }
    }
    Ok(outcome)
}
