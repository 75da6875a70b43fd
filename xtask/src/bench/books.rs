//! Books of a million calls: what questions to them take.

use std::process::Command;

use anyhow::{Context, Result, bail};

use super::figure::{Figures, Metric, Side};
use crate::workspace::Workspace;

/// The program that fills the books and asks.
pub(super) const PROGRAM: &str = "million";

/// What it says, by name.
const SAID: [(&str, Metric); 7] = [
    ("dashboard_ms", Metric::Dashboard),
    ("explorer_ms", Metric::Explorer),
    ("requests_ms", Metric::Requests),
    ("fold_per_s", Metric::Fold),
    ("verify_s", Metric::Verify),
    ("download_s", Metric::Download),
    ("download_bytes", Metric::DownloadMemory),
];

/// Runs it, once: every figure in it is a median already.
pub(super) fn measure(workspace: &Workspace, figures: &mut Figures) -> Result<()> {
    println!("A million calls.");
    let program = workspace.release_binary("examples").join(PROGRAM);
    let output = Command::new(&program)
        .stderr(std::process::Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {}; run this without --as-built", program.display()))?;
    if !output.status.success() {
        bail!("the books of a million calls: {}", output.status);
    }
    let said = String::from_utf8(output.stdout)?;
    for (name, metric) in SAID {
        figures.add(metric, Side::Relay, value(&said, name)?);
    }
    Ok(())
}

fn value(said: &str, name: &str) -> Result<f64> {
    let line = said.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    let value = line.with_context(|| format!("it did not say {name}"))?;
    value.trim().parse().with_context(|| format!("{name}: {value}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_by_their_whole_name() {
        let said = "download_bytes 4096\ndownload_s 1.5\n";

        assert_eq!(value(said, "download_s").ok(), Some(1.5));
        assert!(value(said, "download").is_err());
    }
}
