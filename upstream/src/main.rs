//! The fake provider as a program: for demos, benches and tests from outside.
//! Prints its URL as the first line and serves until it is ended.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use upstream::{Behaviour, Options, Record, StartError, Transport, Upstream};

/// A fake provider on 127.0.0.1: credentials choose what it answers.
#[derive(Parser)]
#[command(version, after_long_help = format!(
    "A credential that starts with `sk-fake-` says in words what it gets: sk-fake-429-60, \
     sk-fake-529*2,ok, sk-fake-events-40+cut-10:mine.\n\n{}\n\nControl: GET /_books, GET /_totals, POST /_reset, \
     POST /_script {{\"token\": …, \"words\": …}}, and more in the crate's README.", upstream::WORDS
))]
struct Arguments {
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 9099)]
    port: u16,
    /// Speak TLS under a fresh authority.
    #[arg(long)]
    tls: bool,
    /// Speak HTTP/2: offered by TLS, or else by prior knowledge only.
    #[arg(long)]
    h2: bool,
    /// Write the authority's certificate to this file.
    #[arg(long, requires = "tls")]
    ca: Option<PathBuf>,
    /// Most concurrent streams on one HTTP/2 connection.
    #[arg(long, default_value_t = 100)]
    max_streams: u32,
    /// Events in a stream.
    #[arg(long, default_value_t = 40)]
    events: usize,
    /// Pause between events, in milliseconds.
    #[arg(long, default_value_t = 0)]
    interval_ms: u64,
    /// Pause before the head of an answer, in milliseconds.
    #[arg(long, default_value_t = 0)]
    delay_ms: u64,
    /// Refuse credentials that are unknown.
    #[arg(long)]
    strict: bool,
    /// Keep counters only, no record of each exchange: for load.
    #[arg(long)]
    totals: bool,
    /// The client that may sign people in with Claude, instead of the provider's public one.
    #[arg(long)]
    claude_client_id: Option<String>,
    /// The client that may sign people in with Google, instead of the provider's public one.
    #[arg(long)]
    google_client_id: Option<String>,
    /// Its secret, instead of `made-up-for-tests`.
    #[arg(long)]
    google_client_secret: Option<String>,
    /// Threads to serve with.
    #[arg(long, default_value_t = 1)]
    threads: usize,
}

impl Arguments {
    fn options(&self) -> Options {
        let transport = match (self.tls, self.h2) {
            (false, false) => Transport::Http1,
            (false, true) => Transport::H2c,
            (true, true) => Transport::Tls,
            (true, false) => Transport::TlsHttp1,
        };
        let mut usual = Behaviour::ok().events(self.events);
        if self.interval_ms > 0 {
            usual = usual.interval(Duration::from_millis(self.interval_ms));
        }
        if self.delay_ms > 0 {
            usual = usual.delay(Duration::from_millis(self.delay_ms));
        }
        let record = if self.totals { Record::Totals } else { Record::Exchanges };
        let mut options = Options::new()
            .port(self.port)
            .transport(transport)
            .max_streams(self.max_streams)
            .record(record)
            .usual(usual);
        if let Some(id) = &self.claude_client_id {
            options = options.claude_client_id(id);
        }
        if let Some(id) = &self.google_client_id {
            options = options.google_client_id(id);
        }
        if let Some(secret) = &self.google_client_secret {
            options = options.google_client_secret(secret);
        }
        if self.strict { options } else { options.lenient() }
    }
}

/// Why the program ended early.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("{0}")]
    System(#[from] io::Error),
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Nothing is left to do if the terminal is gone as well.
            let _ = writeln!(io::stderr(), "upstream: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut runtime = if arguments.threads > 1 {
        tokio::runtime::Builder::new_multi_thread()
    } else {
        tokio::runtime::Builder::new_current_thread()
    };
    runtime.worker_threads(arguments.threads.max(1)).enable_all().build()?.block_on(serve(arguments))
}

async fn serve(arguments: &Arguments) -> Result<(), Failure> {
    let upstream = Upstream::start(arguments.options()).await?;
    if let (Some(path), Some(ca)) = (&arguments.ca, upstream.ca_pem()) {
        std::fs::write(path, ca)?;
    }
    writeln!(io::stdout(), "{}", upstream.url())?;
    io::stdout().flush()?;
    tokio::signal::ctrl_c().await?;
    upstream.stop().await;
    Ok(())
}
