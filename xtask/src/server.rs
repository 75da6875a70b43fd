//! Builds the server, runs it, and makes the release of it.

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};

use crate::site::{self, Purpose};
use crate::workspace::Workspace;
use crate::{process, setup};

/// The binary's own crate holds routes, pages and commands, none of them on the road. Its size is set here because cargo
/// forgets `strip` for a package with settings of its own. Functions of the same code are kept once, and what the loader
/// relocates is packed (glibc 2.36 or later reads that); what Rust links with on other systems does not know either.
const SMALLER: &[&str] = if cfg!(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu")) {
    &["-Copt-level=s", "-Clink-arg=-Wl,--icf=safe", "-Clink-arg=-Wl,-z,pack-relative-relocs"]
} else {
    &["-Copt-level=s"]
};

/// Brings site and server up to date and becomes the server: signals reach it directly, its exit code is ours.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let binary = workspace.debug_binary("switchyard");
    let is_first = !binary.exists();
    println!("[1/4] Looking for missing tools.");
    setup::for_running(workspace)?;
    println!("[2/4] Building the console: {}.", expected(is_first, "2 to 3 minutes this first time"));
    site::build(workspace, Purpose::Development)?;
    println!("[3/4] Building the server: {}.", expected(is_first, "4 to 5 minutes this first time"));
    process::run(workspace.cargo().args(["build", "--package", "server", "--bins"]))?;
    println!("[4/4] Starting; Ctrl-C stops it.");
    let error = Command::new(&binary).current_dir(&workspace.root).args(["serve", "--quickstart"]).exec();
    Err(error).with_context(|| format!("cannot start {}", binary.display()))
}

/// Leaves `dist/switchyard`, the site inside.
pub(crate) fn release(workspace: &Workspace) -> Result<()> {
    let is_first = !workspace.release_binary("switchyard").exists();
    setup::for_running(workspace)?;
    println!("[1/2] Building the console: {}.", expected(is_first, "2 to 3 minutes this first time"));
    site::build(workspace, Purpose::Release)?;
    println!("[2/2] Building the server: {}.", expected(is_first, "10 minutes this first time"));
    let build = ["rustc", "--release", "--package", "server", "--bin", "switchyard", "--"];
    process::run(workspace.cargo().args(build).args(SMALLER))?;
    let dist = workspace.root.join("dist");
    fs::create_dir_all(&dist)?;
    let binary = dist.join("switchyard");
    // A running copy must not be written into.
    let fresh = dist.join("switchyard.new");
    fs::copy(workspace.release_binary("switchyard"), &fresh)?;
    fs::rename(&fresh, &binary)?;
    let megabytes = fs::metadata(&binary)?.len() as f64 / 1e6;
    println!("{} is ready: {megabytes:.1} MB.", binary.display());
    Ok(())
}

fn expected(is_first: bool, first: &'static str) -> &'static str {
    if is_first { first } else { "seconds, unless much has changed" }
}
