//! `make test`: every suite by name, one after the other, each timed; a failing one does not stop the next.
//!
//! Promises that the last line printed is `N passed, N failed`, over all suites, and that a suite which could not
//! run, or ran no test, counts as failed.

mod check;
mod count;
mod report;

use std::fs;
use std::time::Instant;

use anyhow::{Result, bail};

use self::count::Count;
use self::report::Row;
use crate::workspace::Workspace;

/// A named part of the tests.
struct Suite {
    name: &'static str,
    about: &'static str,
    run: fn(&Workspace) -> Result<Count>,
}

/// All suites, in the order in which they run: the quick ones first.
const SUITES: &[Suite] = &[
    Suite { name: "format", about: "code is formatted", run: check::format },
    Suite { name: "tidy", about: "house rules", run: check::tidy },
    Suite { name: "licences", about: "licences and sources of crates", run: check::licences },
    Suite { name: "lint", about: "clippy over server, tests and tools", run: check::lint },
    Suite { name: "lint-console", about: "clippy over what the browser runs", run: check::lint_console },
    Suite { name: "tools", about: "tests of the build tool", run: check::tools },
    Suite { name: "tests", about: "unit and integration tests", run: check::tests },
    Suite { name: "examples", about: "examples in the documentation of code", run: check::examples },
    Suite { name: "site", about: "the console compiles to WebAssembly", run: check::site },
    Suite { name: "browser-types", about: "types of the browser tests", run: check::browser_types },
    Suite { name: "browser", about: "the console in Chromium, on the real binary", run: check::browser },
];

/// Runs the suites of those names, or all if there is none; says whether all passed.
pub(crate) fn run(workspace: &Workspace, names: &[String]) -> Result<bool> {
    if let Some(name) = names.iter().find(|name| SUITES.iter().all(|suite| suite.name != **name)) {
        let known: Vec<_> = SUITES.iter().map(|suite| suite.name).collect();
        bail!("there is no suite {name}; there are {}", known.join(", "));
    }
    let chosen =
        SUITES.iter().filter(|suite| names.is_empty() || names.iter().any(|name| name == suite.name));
    let rows: Vec<Row> = chosen.map(|suite| run_one(workspace, suite)).collect();
    let total = report::total(&rows);
    println!("\n{}", report::table(&rows));
    let line = total.to_string();
    fs::create_dir_all(&workspace.target)?;
    fs::write(workspace.target.join("last-test.txt"), format!("{line}\n"))?;
    println!("{line}");
    Ok(total.failed == 0)
}

fn run_one(workspace: &Workspace, suite: &Suite) -> Row {
    println!("\n== {}: {}", suite.name, suite.about);
    let started = Instant::now();
    let (count, remark) = match (suite.run)(workspace) {
        Ok(count) if count.is_empty() => (Count::failed(), "ran no test"),
        Ok(count) => (count, ""),
        Err(error) => {
            println!("{error:#}");
            (Count::failed(), "could not run")
        }
    };
    Row { name: suite.name, count, took: started.elapsed(), remark }
}
