//! What each suite runs.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use super::count::{self, Count};
use crate::process::{self, Finished};
use crate::site::{self, Purpose};
use crate::workspace::Workspace;
use crate::{setup, tidy};

/// Everything that is not compiled for the browser. The build tool has its own profile, so its own suite.
const SERVER_SIDE: [&str; 5] = ["--workspace", "--exclude", "frontend", "--exclude", "xtask"];

pub(super) fn format(workspace: &Workspace) -> Result<Count> {
    setup::for_testing(workspace)?;
    holds(workspace.cargo().args(["fmt", "--all", "--check"]))
}

pub(super) fn tidy(workspace: &Workspace) -> Result<Count> {
    let outcome = tidy::check(&workspace.root)?;
    Ok(Count { passed: outcome.kept, failed: outcome.broken })
}

pub(super) fn licences(workspace: &Workspace) -> Result<Count> {
    let mut command = Command::new(setup::cargo_deny(workspace)?);
    command.current_dir(&workspace.root);
    holds(command.args(["--log-level", "error", "check", "licenses", "bans", "sources"]))
}

pub(super) fn lint(workspace: &Workspace) -> Result<Count> {
    let mut command = workspace.cargo();
    command.args(["clippy", "--workspace", "--exclude", "frontend", "--all-targets", "--", "-Dwarnings"]);
    holds(&mut command)
}

pub(super) fn lint_console(workspace: &Workspace) -> Result<Count> {
    setup::for_running(workspace)?;
    holds(
        workspace
            .wasm_cargo()
            .args(["clippy", "--target", "wasm32-unknown-unknown", "--lib"])
            .args(["--package", "frontend", "--package", "app", "--package", "relay"])
            .args(["--features", "app/hydrate", "--", "-Dwarnings"]),
    )
}

pub(super) fn tools(workspace: &Workspace) -> Result<Count> {
    rust_tests(workspace, &["--package", "xtask"], "xtask")
}

pub(super) fn tests(workspace: &Workspace) -> Result<Count> {
    rust_tests(workspace, &SERVER_SIDE, "dev")
}

pub(super) fn examples(workspace: &Workspace) -> Result<Count> {
    let mut command = workspace.cargo();
    command.args(["test", "--doc", "--no-fail-fast", "--color=never"]).args(SERVER_SIDE);
    counted(&process::run_and_keep(&mut command)?, count::from_libtest)
}

pub(super) fn site(workspace: &Workspace) -> Result<Count> {
    setup::for_running(workspace)?;
    site::build(workspace, Purpose::Development)?;
    Ok(Count::of_check(true))
}

pub(super) fn browser_types(workspace: &Workspace) -> Result<Count> {
    setup::for_browsing(workspace)?;
    holds(workspace.command("npx").args(["tsc", "--noEmit"]).current_dir(workspace.root.join("end2end")))
}

pub(super) fn browser(workspace: &Workspace) -> Result<Count> {
    setup::for_browsing(workspace)?;
    site::build(workspace, Purpose::Development)?;
    // As the tests select packages, so that nothing is compiled a second time with other features.
    process::run(workspace.cargo().arg("build").args(SERVER_SIDE).args(["--bins", "--tests"]))?;
    let folder = workspace.root.join("end2end");
    let report = folder.join("results/report.json");
    if report.exists() {
        fs::remove_file(&report)?;
    }
    let mut command = workspace.command("npx");
    command
        .args(["playwright", "test"])
        .current_dir(&folder)
        .env("SWITCHYARD_BINARY", workspace.debug_binary("switchyard"))
        .env("UPSTREAM_BINARY", workspace.debug_binary("upstream"))
        .env("CHROMIUM", setup::chromium().context("there is no Chromium")?);
    process::run_and_keep(&mut command)?;
    count::from_playwright(&fs::read_to_string(&report).context("the browser tests left no report")?)
}

fn rust_tests(workspace: &Workspace, packages: &[&str], profile: &str) -> Result<Count> {
    let mut command = workspace.cargo();
    let has_nextest = process::is_installed("cargo-nextest");
    if has_nextest {
        command.args(["nextest", "run", "--no-fail-fast", "--color=never", "--cargo-profile", profile]);
    } else {
        command.args([
            "test",
            "--no-fail-fast",
            "--color=never",
            "--profile",
            profile,
            "--bins",
            "--lib",
            "--tests",
        ]);
    }
    let read = if has_nextest { count::from_nextest } else { count::from_libtest };
    counted(&process::run_and_keep(command.args(packages))?, read)
}

fn counted(finished: &Finished, read: fn(&str) -> Option<Count>) -> Result<Count> {
    let mut count = read(&finished.text).context("the tests did not run")?;
    // A binary that crashed has printed no result of its own.
    if count.failed == 0 && !finished.status.success() {
        count += Count::failed();
    }
    Ok(count)
}

fn holds(command: &mut Command) -> Result<Count> {
    Ok(Count::of_check(process::run_and_keep(command)?.status.success()))
}
