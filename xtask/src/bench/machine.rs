//! What is measured on: two cores that are set apart, and how to describe the rest.

use std::path::Path;
use std::process::Command;
use std::{fs, process};

use anyhow::{Context, Result, bail};

use crate::process::{is_installed, output_of};

/// Enough for a connection per stream, twice.
const OPEN_FILES: u32 = 4096;

/// The two cores.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cores {
    /// Of the relay and nginx, which are never loaded at once.
    pub(super) relay: usize,
    /// Of the load and the fake provider.
    pub(super) load: usize,
}

/// The first two cores that this process may use.
pub(super) fn cores() -> Result<Cores> {
    let status = fs::read_to_string("/proc/self/status").context("the bench needs Linux and its /proc")?;
    let allowed = status.lines().find_map(|line| line.strip_prefix("Cpus_allowed_list:")).unwrap_or_default();
    let [relay, load] = numbers(allowed)[..] else {
        bail!("The bench needs two cores, one for the relay and one for the load; here is only one.");
    };
    for program in ["taskset", "prlimit"] {
        if !is_installed(program) {
            bail!("The bench needs {program}; install util-linux.");
        }
    }
    Ok(Cores { relay, load })
}

/// The first two numbers of a list such as `0-3,8`.
fn numbers(list: &str) -> Vec<usize> {
    let ranges = list.trim().split(',').filter_map(|range| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        Some(first.parse::<usize>().ok()?..=last.parse::<usize>().ok()?)
    });
    ranges.flatten().take(2).collect()
}

/// Moves this process, and what it starts from now on, to one core.
pub(super) fn stay_on(core: usize) -> Result<()> {
    let pid = process::id().to_string();
    output_of(Command::new("taskset").args(["-a", "-c", "-p", &core.to_string(), &pid])).map(drop)
}

/// A command that runs on one core.
pub(super) fn on_core(core: usize, program: &Path) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", &core.to_string()]).arg(program);
    command
}

/// A command that may open a file for each of a thousand streams, whatever the usual limit is.
pub(super) fn many_files(program: &Path) -> Command {
    let mut command = Command::new("prlimit");
    command.arg(format!("--nofile={OPEN_FILES}")).arg(program);
    command
}

/// The machine on a line, with how busy it is.
pub(super) fn describe(nginx: &Path) -> Result<String> {
    let cpus = fs::read_to_string("/proc/cpuinfo")?;
    let model = cpus.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or("unknown processor", |(_, model)| model);
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")?;
    let kernel = kernel.split(['-', '\n']).next().unwrap_or_default();
    let busy = fs::read_to_string("/proc/loadavg")?;
    let busy = busy.split(' ').next().unwrap_or_default();
    // It prints its version on standard error.
    let version = Command::new(nginx).arg("-v").output().context("nginx does not start")?;
    let version = String::from_utf8_lossy(&version.stderr);
    let version = version.trim().rsplit('/').next().unwrap_or_default().to_owned();
    Ok(format!("{model}, Linux {kernel}, nginx {version}; load average when it began: {busy}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_two_allowed_cores_are_taken() {
        assert_eq!(numbers("\t0-63\n"), [0, 1]);
        assert_eq!(numbers("3,5-7"), [3, 5]);
        assert_eq!(numbers("4"), [4]);
    }
}
