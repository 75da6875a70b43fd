//! Packages of the system, by apt.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;

/// Installs `packages`, as root or by sudo; `purpose` says to the reader what for.
pub(super) fn install(packages: &[&str], purpose: &str) -> Result<()> {
    let names = packages.join(" ");
    if !process::is_installed("apt-get") {
        bail!(
            "{purpose} needs {names}: there is no apt-get here, so install it yourself, then run this again"
        );
    }
    println!("{purpose} needs {names}; installing (about half a minute).");
    process::run(apt().args(["update", "-qq"])).context("cannot refresh the list of packages")?;
    process::run(apt().args(["install", "-y", "-qq", "--no-install-recommends"]).args(packages))
        .with_context(|| format!("cannot install {names}"))
}

fn apt() -> Command {
    let is_root = process::output_of(Command::new("id").arg("-u")).is_ok_and(|id| id == "0");
    let mut command = Command::new(if is_root { "apt-get" } else { "sudo" });
    if !is_root {
        command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    }
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}
