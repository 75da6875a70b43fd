//! The loader: sends messages to a relay, a proxy or the fake provider itself, checks every answer to its end, and
//! prints what it found as one JSON object.
//!
//! It promises that an answer counts as intact only if all of it came, and that a latency in an open loop counts from
//! when the request was due. It never retries, and one connection carries one call at a time.

mod answer;
mod closed;
mod connection;
mod held;
mod paced;
mod report;
mod target;

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use serde::Serialize;

use self::answer::Form;
use self::target::{BadTarget, Target};

/// Puts load on an endpoint for messages and checks every answer.
#[derive(Parser)]
#[command(name = "load", version)]
struct Arguments {
    /// The endpoint: http://ADDRESS:PORT/PATH, with an IP address
    #[arg(long)]
    url: String,
    /// The credential, sent as x-api-key
    #[arg(long, env = "LOAD_KEY", hide_env_values = true)]
    key: String,
    #[command(subcommand)]
    mode: Mode,
}

#[derive(Subcommand)]
enum Mode {
    /// Small messages, the next one on a connection as soon as the last is answered
    Message(closed::Volume),
    /// Streams in the same way
    Stream {
        #[command(flatten)]
        volume: closed::Volume,
        /// Events that each stream must have
        #[arg(long, default_value_t = 40)]
        events: usize,
    },
    /// Small messages at a fixed rate, whether or not the last is answered
    Paced(paced::Pace),
    /// Streams that are all open at once: prints a line when they are, another at the end, which standard input allows
    Hold {
        /// How many
        #[arg(long, default_value_t = 1000)]
        streams: usize,
        /// Events that each stream must have
        #[arg(long, default_value_t = 40)]
        events: usize,
    },
}

/// Why the loader has no result.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Target(#[from] BadTarget),
    #[error("{0}")]
    System(#[from] io::Error),
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    #[error("a worker panicked")]
    Worker(#[from] tokio::task::JoinError),
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Nothing is left to do if the terminal is gone as well.
            let _ = writeln!(io::stderr(), "load: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(load(arguments))
}

async fn load(Arguments { url, key, mode }: Arguments) -> Result<(), Failure> {
    let target = |form| Target::new(&url, &key, form).map(Arc::new);
    match mode {
        Mode::Message(volume) => print(&closed::run(target(Form::Message)?, volume).await?),
        Mode::Stream { volume, events } => {
            print(&closed::run(target(Form::Stream { events })?, volume).await?)
        }
        Mode::Paced(pace) => print(&paced::run(target(Form::Message)?, pace).await?),
        Mode::Hold { streams, events } => {
            let (held, open) = held::open(target(Form::Stream { events })?, streams).await;
            print(&open)?;
            print(&held.finish().await?)
        }
    }
}

fn print(result: &impl Serialize) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    serde_json::to_writer(&mut out, result)?;
    writeln!(out)?;
    Ok(out.flush()?)
}
