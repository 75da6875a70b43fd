//! What the Makefile calls: builds, runs, tests and checks Switchyard.
#![allow(clippy::print_stdout, reason = "this program's output is what it prints")]

mod bench;
mod process;
mod server;
mod setup;
mod site;
mod suite;
mod tidy;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::site::Purpose;
use crate::workspace::Workspace;

/// Builds, runs, tests and checks Switchyard.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build the console's site into site/.
    Site {
        /// Small and compressed rather than quick to build.
        #[arg(long)]
        release: bool,
    },
    /// Build site and server and start with a sandbox account.
    Run,
    /// Run the suites of these names, or all.
    Test {
        /// Names as the table at the end shows them.
        suites: Vec<String>,
    },
    /// Build dist/switchyard: one binary with the site inside.
    Release,
    /// Measure a release build beside nginx and write the table in docs/performance.md.
    Bench {
        /// Measure what was built before.
        #[arg(long)]
        as_built: bool,
    },
    /// Check the house rules.
    Tidy,
}

fn main() -> ExitCode {
    match perform() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether the task has done what it was asked for and found nothing wrong.
fn perform() -> Result<bool> {
    let workspace = Workspace::discover()?;
    match Arguments::parse().task {
        Task::Site { release } => {
            setup::for_running(&workspace)?;
            site::build(&workspace, if release { Purpose::Release } else { Purpose::Development })?;
        }
        Task::Run => server::run(&workspace)?,
        Task::Test { suites } => return suite::run(&workspace, &suites),
        Task::Release => server::release(&workspace)?,
        Task::Bench { as_built } => return bench::run(&workspace, as_built),
        Task::Tidy => return Ok(tidy::check(&workspace.root)?.broken == 0),
    }
    Ok(true)
}
