//! Chromium, Node and the packages of `end2end/`.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result};

use super::system;
use crate::process;
use crate::workspace::Workspace;

/// Installs whatever of them is missing.
pub(super) fn install(workspace: &Workspace) -> Result<()> {
    if !process::is_installed("node") || !process::is_installed("npm") {
        system::install(&["nodejs", "npm"], "Testing the console")?;
    }
    if chromium().is_none() {
        system::install(&["chromium"], "Testing the console")?;
    }
    let folder = workspace.root.join("end2end");
    if is_current(&folder) {
        return Ok(());
    }
    println!("Fetching the console tests' packages (a few seconds).");
    process::run(
        workspace
            .command("npm")
            .arg("ci")
            .current_dir(&folder)
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .env("npm_config_loglevel", "error"),
    )
}

/// The browser that `CHROMIUM` names, else the system's.
pub(crate) fn chromium() -> Option<PathBuf> {
    if let Some(path) = env::var_os("CHROMIUM").filter(|path| !path.is_empty()) {
        return Some(path.into());
    }
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join("chromium")).find(|program| program.is_file())
}

/// Whether npm has installed since the lock file was last written.
fn is_current(folder: &Path) -> bool {
    let written = |path: &Path| fs::metadata(path).and_then(|about| about.modified()).context("not there");
    let installed = written(&folder.join("node_modules/.package-lock.json"));
    let locked = written(&folder.join("package-lock.json"));
    matches!((installed, locked), (Ok(installed), Ok(locked)) if installed >= locked)
}
