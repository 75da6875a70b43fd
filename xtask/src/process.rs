//! Runs other programs: shows what they print, and says which one failed and how.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::{io, thread};

use anyhow::{Context, Result, bail};

/// What a program printed, on both of its outputs, and how it ended.
#[derive(Debug)]
pub(crate) struct Finished {
    /// How it ended.
    pub(crate) status: ExitStatus,
    /// Its standard output followed by its standard error.
    pub(crate) text: String,
}

/// Runs to the end; anything but success is an error that names the command.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", describe(command)))?;
    if !status.success() {
        bail!("{} failed: {status}", describe(command));
    }
    Ok(())
}

/// Runs to the end with its input closed, passing on what it prints and keeping a copy of it.
pub(crate) fn run_and_keep(command: &mut Command) -> Result<Finished> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("cannot start {}", describe(command)))?;
    let stdout = child.stdout.take().map(|pipe| thread::spawn(|| pass_on(pipe, io::stdout())));
    let stderr = child.stderr.take().map(|pipe| thread::spawn(|| pass_on(pipe, io::stderr())));
    let mut text = String::new();
    for reader in [stdout, stderr].into_iter().flatten() {
        text.push_str(&reader.join().unwrap_or_default());
    }
    let status = child.wait()?;
    Ok(Finished { status, text })
}

/// Runs to the end in silence and gives back what it printed on its standard output, trimmed.
pub(crate) fn output_of(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot start {}", describe(command)))?;
    if !output.status.success() {
        bail!("{} failed: {}", describe(command), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Whether a program of that name is in `PATH`.
pub(crate) fn is_installed(program: &str) -> bool {
    let Some(path) = std::env::var_os("PATH") else { return false };
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

fn pass_on(pipe: impl Read, mut sink: impl Write) -> String {
    let mut text = String::new();
    for line in BufReader::new(pipe).split(b'\n').map_while(io::Result::ok) {
        let line = String::from_utf8_lossy(&line);
        // A closed terminal must not stop the run: the copy still counts.
        let _ = writeln!(sink, "{line}");
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn describe(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
