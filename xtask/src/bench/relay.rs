//! The relay under measurement: its start, its accounts and keys, its books.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::http;
use super::machine::on_core;
use super::program::Program;
use super::provider::{Billed, Provider};

/// How long a start may take before it counts as failed.
const PATIENCE: Duration = Duration::from_secs(30);
/// Between two looks whether it answers.
const PAUSE: Duration = Duration::from_millis(1);

/// Credentials by which the fake provider answers at once, or in 40 events over so many milliseconds each.
pub(super) const PROMPT: &str = "sk-fake-events-40:bench";
pub(super) const SLOW: &str = "sk-fake-events-40+interval-400:bench";

/// A binary and its data folder.
pub(super) struct Install {
    binary: PathBuf,
    data: PathBuf,
    core: usize,
}

/// Keys of clients, each bound to an account of its own.
pub(super) struct Keys {
    /// Answers come at once.
    pub(super) prompt: String,
    /// Streams last.
    pub(super) slow: String,
}

/// A running relay.
pub(super) struct Relay {
    program: Program,
    address: SocketAddr,
    /// From the start of the process to its first 200.
    pub(super) started_in: Duration,
}

impl Install {
    /// Nothing is started yet, and the data folder need not exist.
    pub(super) fn new(binary: &Path, data: PathBuf, core: usize) -> Result<Self> {
        let binary = binary
            .canonicalize()
            .with_context(|| format!("{} is missing; run this without --as-built", binary.display()))?;
        Ok(Self { binary, data, core })
    }

    /// The first start ever, which takes so long, and then accounts and keys.
    pub(super) fn first_start(&self, provider: &Provider) -> Result<(Duration, Keys)> {
        let relay = self.start()?;
        let prompt = self.key("prompt", PROMPT, provider)?;
        let slow = self.key("slow", SLOW, provider)?;
        Ok((relay.started_in, Keys { prompt, slow }))
    }

    /// Starts it and waits until it answers.
    pub(super) fn start(&self) -> Result<Relay> {
        let address = http::free_address()?;
        let mut command = on_core(self.core, &self.binary);
        self.settings(&mut command).env("PORT", address.port().to_string()).arg("serve");
        let begun = Instant::now();
        let mut program = Program::start(&mut command)?;
        while http::get(address, "/health", "").is_err() {
            program.check()?;
            if begun.elapsed() > PATIENCE {
                bail!("the relay does not answer");
            }
            thread::sleep(PAUSE);
        }
        Ok(Relay { program, address, started_in: begun.elapsed() })
    }

    /// An account with that secret, and a key that may use only it.
    fn key(&self, name: &str, secret: &str, provider: &Provider) -> Result<String> {
        let account = ["accounts", "add", "--kind", "claude-api-key", "--name", name, "--secret-stdin"];
        self.administer(&[&account[..], &["--base-url", &provider.url()]].concat(), secret)?;
        let key = self.administer(&["keys", "create", "--name", name, "--account", name], "")?;
        key["key"].as_str().map(str::to_owned).context("the relay made no key")
    }

    fn administer(&self, arguments: &[&str], input: &str) -> Result<Value> {
        let mut command = Command::new(&self.binary);
        self.settings(&mut command).args(arguments).arg("--json");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        child.stdin.take().context("a command without input")?.write_all(input.as_bytes())?;
        let output = child.wait_with_output()?;
        if !output.status.success() {
            bail!("switchyard {} failed", arguments.join(" "));
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    /// Its own settings and nobody else's: neither this environment nor an `.env` file counts.
    fn settings<'command>(&self, command: &'command mut Command) -> &'command mut Command {
        let folder = self.data.parent().unwrap_or(&self.data);
        command.current_dir(folder).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("SWITCHYARD_DATA", &self.data).env("HOST", "127.0.0.1").env("LOG_LEVEL", "warn")
    }
}

impl Relay {
    /// Its process.
    pub(super) fn pid(&self) -> u32 {
        self.program.pid()
    }

    /// Where messages go.
    pub(super) fn url(&self) -> String {
        format!("http://{}/api/v1/messages", self.address)
    }

    /// What its books say of a key, every answer so far included.
    pub(super) fn billed(&self, key: &str) -> Result<Billed> {
        let usage = http::get_json(self.address, "/api/v1/usage", key)?;
        Ok(Billed {
            answers: http::whole(&usage, "/usage/total/requests")?,
            input: http::whole(&usage, "/usage/total/inputTokens")?,
            output: http::whole(&usage, "/usage/total/outputTokens")?,
        })
    }
}
