//! Logs: text or JSON lines on stderr. A line costs its caller no wait: what the writer cannot keep up with is counted
//! and left out.

mod writer;

use std::io::IsTerminal;

use relay::config::Log;
use tracing_subscriber::EnvFilter;

use crate::failure::Failure;
use writer::LineWriter;

/// Writes the last lines when dropped.
pub(crate) struct Telemetry(#[expect(dead_code, reason = "held for its drop")] writer::Flush);

/// Sends this process's logs to stderr from now on.
///
/// # Errors
/// If the level is no filter, or logs go somewhere already.
pub(crate) fn start(log: &Log) -> Result<Telemetry, Failure> {
    let filter = EnvFilter::try_new(&log.level)
        .map_err(|error| Failure::because("log.level (LOG_LEVEL) is no level and no filter", &error))?;
    let (lines, flush) = LineWriter::start();
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(lines);
    let started = if log.json {
        subscriber.json().flatten_event(true).try_init()
    } else {
        subscriber.with_ansi(std::io::stderr().is_terminal()).try_init()
    };
    started.map_err(|error| Failure::new(format!("cannot log: {error}")))?;
    Ok(Telemetry(flush))
}
