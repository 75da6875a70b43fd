//! A program that runs in the background. It is asked to end, and waited for, when its value goes.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Time for an orderly end.
const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(10);

/// A running program.
#[derive(Debug)]
pub(super) struct Program {
    child: Child,
    stdout: BufReader<ChildStdout>,
}

impl Program {
    /// Starts it. What it says on standard error is shown.
    pub(super) fn start(command: &mut Command) -> Result<Self> {
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", command.get_program().display()))?;
        let stdout = child.stdout.take().context("a program without output")?;
        Ok(Self { child, stdout: BufReader::new(stdout) })
    }

    /// Its process, also where it was started through another program that became it.
    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The next line of its output.
    pub(super) fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.stdout.read_line(&mut line)? == 0 {
            bail!("a program of the bench ended too early: {}", self.child.wait()?);
        }
        Ok(line.trim_end().to_owned())
    }

    /// Closes its input, if that is a pipe.
    pub(super) fn close_input(&mut self) {
        drop(self.child.stdin.take());
    }

    /// Fails if it has ended.
    pub(super) fn check(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("a program of the bench ended too early: {status}"),
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // SIGTERM, which the standard library cannot send. If it fails, the program is gone.
        let _ =
            Command::new("sh").args(["-c", &format!("kill {}", self.pid())]).stderr(Stdio::null()).status();
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(PAUSE);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
