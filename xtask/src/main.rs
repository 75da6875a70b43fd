//! What the Makefile calls: builds, runs, tests and checks Switchyard.
#![allow(clippy::print_stdout, reason = "this program's output is what it prints")]

mod process;
mod site;
mod workspace;

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
}

fn main() -> Result<()> {
    let workspace = Workspace::discover()?;
    match Arguments::parse().task {
        Task::Site { release } => {
            site::build(&workspace, if release { Purpose::Release } else { Purpose::Development })
        }
    }
}
