//! Installs what a step needs and the machine lacks, saying so; looks first, so that a second time costs nothing.
//!
//! Needs the package registries alone. Never changes what is installed already.

mod browser;
mod licence;
mod nginx;
mod system;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::workspace::Workspace;

pub(crate) use browser::chromium;
pub(crate) use licence::cargo_deny;
pub(crate) use nginx::nginx;

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// What building and starting needs.
pub(crate) fn for_running(workspace: &Workspace) -> Result<()> {
    wasm_target(workspace)
}

/// What the checks and tests need besides.
pub(crate) fn for_testing(workspace: &Workspace) -> Result<()> {
    wasm_target(workspace)?;
    component(workspace, "cargo-fmt", "rustfmt")?;
    component(workspace, "cargo-clippy", "clippy")
}

/// What the console's tests need besides.
pub(crate) fn for_browsing(workspace: &Workspace) -> Result<()> {
    browser::install(workspace)
}

fn wasm_target(workspace: &Workspace) -> Result<()> {
    let sysroot = process::output_of(workspace.command("rustc").args(["--print", "sysroot"]))?;
    if std::path::Path::new(&sysroot).join("lib/rustlib").join(WASM_TARGET).join("lib").is_dir() {
        return Ok(());
    }
    println!("Rust's WASM target is missing; fetching it (some seconds).");
    process::run(workspace.command("rustup").args(["target", "add", WASM_TARGET])).context(
        "This Rust has no WASM target and rustup could not fetch it; run `rustup target add wasm32-unknown-unknown` \
         once with network, or install your distribution's wasm32 std package.",
    )
}

fn component(workspace: &Workspace, program: &str, name: &str) -> Result<()> {
    if process::is_installed(program) {
        return Ok(());
    }
    if !process::is_installed("rustup") {
        bail!("{name} is missing and there is no rustup to fetch it: install it from your distribution");
    }
    println!("{name} is missing; fetching it (some seconds).");
    process::run(workspace.command("rustup").args(["component", "add", name]))
}
