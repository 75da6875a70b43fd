//! The loader, run as a program, and its reports.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::http;
use super::machine::many_files;
use super::program::Program;
use crate::process;

/// Connections of a closed loop.
pub(super) const CONNECTIONS: u32 = 16;

/// The loader's binary.
pub(super) struct Loader(PathBuf);

/// Where the load goes, and with which credential.
pub(super) struct Target<'a> {
    pub(super) url: &'a str,
    pub(super) key: &'a str,
}

/// What one run found. Every answer in it was whole.
pub(super) struct Report {
    pub(super) answers: u64,
    /// Bytes of all bodies.
    pub(super) bytes: u64,
    pub(super) per_second: f64,
    /// Microseconds.
    pub(super) p50: f64,
    pub(super) p99: f64,
}

/// Streams that are all open.
pub(super) struct Held {
    program: Program,
    streams: u64,
}

impl Loader {
    pub(super) fn new(binary: PathBuf) -> Self {
        Self(binary)
    }

    /// Small messages, as fast as they are answered.
    pub(super) fn messages(&self, target: &Target<'_>, count: u32) -> Result<Report> {
        self.run(target, &["message"], count)
    }

    /// Streams of 40 events, as fast as they are answered.
    pub(super) fn streams(&self, target: &Target<'_>, count: u32) -> Result<Report> {
        self.run(target, &["stream"], count)
    }

    /// Small messages at a fixed rate.
    pub(super) fn paced(&self, target: &Target<'_>, rate: u32, count: u32) -> Result<Report> {
        let mut command = self.command(target);
        command.args(["paced", "--rate", &rate.to_string(), "--count", &count.to_string()]);
        report(&process::output_of(&mut command)?, count.into())
    }

    /// Opens so many streams.
    pub(super) fn hold(&self, target: &Target<'_>, streams: u32) -> Result<Held> {
        let mut command = self.command(target);
        command.args(["hold", "--streams", &streams.to_string()]).stdin(Stdio::piped());
        let mut program = Program::start(&mut command)?;
        let open: Value = serde_json::from_str(&program.line()?)?;
        if http::whole(&open, "/open")? != u64::from(streams) {
            bail!("{} of {streams} streams were opened", open["open"]);
        }
        Ok(Held { program, streams: streams.into() })
    }

    fn run(&self, target: &Target<'_>, mode: &[&str], count: u32) -> Result<Report> {
        let mut command = self.command(target);
        command.args(mode).args(["--count", &count.to_string(), "--connections", &CONNECTIONS.to_string()]);
        report(&process::output_of(&mut command)?, count.into())
    }

    fn command(&self, target: &Target<'_>) -> Command {
        let mut command = many_files(&self.0);
        // Not among the arguments, which everybody can read.
        command.env("LOAD_KEY", target.key).args(["--url", target.url]);
        command
    }
}

impl Held {
    /// Lets the streams come to their end.
    pub(super) fn finish(mut self) -> Result<Report> {
        self.program.close_input();
        let text = self.program.line()?;
        let early = http::whole(&serde_json::from_str(&text)?, "/ended_early")?;
        if early > 0 {
            bail!("{early} of {} streams ended before all were measured", self.streams);
        }
        report(&text, self.streams)
    }
}

/// Reads a report; answers that were not whole are an error.
fn report(text: &str, wanted: u64) -> Result<Report> {
    let report: Value = serde_json::from_str(text).context("the loader's report is no JSON")?;
    let answers = http::whole(&report, "/intact")?;
    if answers != wanted {
        bail!("{answers} of {wanted} answers were whole: {}", report["trouble"]);
    }
    Ok(Report {
        answers,
        bytes: http::whole(&report, "/bytes")?,
        per_second: http::number(&report, "/per_second")?,
        p50: http::number(&report, "/p50_us")?,
        p99: http::number(&report, "/p99_us")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_with_broken_answers_is_an_error() {
        let text = r#"{"intact":9,"failed":1,"trouble":"status 500","bytes":1,"per_second":1.0,"p50_us":1.0,"p99_us":1.0}"#;

        assert_eq!(report(text, 9).map(|report| report.answers).ok(), Some(9));
        let error = report(text, 10).map(|report| report.answers).unwrap_err().to_string();
        assert_eq!(error, "9 of 10 answers were whole: \"status 500\"");
    }
}
