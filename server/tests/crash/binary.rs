//! The binary with a data folder of its own and a fake provider, started and ended as often as a test likes.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use relay::store::Store;
use relay::store::attempt::{self, Attempt};
use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process, prlimit};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::Child;
use tokio::task::JoinHandle;
use upstream::{Options, Upstream};

/// Where a test's Switchyard lives.
pub(crate) struct Home {
    pub(crate) upstream: Upstream,
    pub(crate) key: String,
    folder: TempDir,
    environment: Vec<(String, String)>,
}

impl Home {
    /// With a fake provider, and a key.
    pub(crate) async fn new() -> Self {
        let upstream = Upstream::start(Options::new()).await.expect("a fake provider");
        let folder = tempfile::tempdir().expect("a folder");
        let mut home = Self { upstream, key: String::new(), folder, environment: Vec::new() };
        home.key = home.made("keys create --name load --json", "", "key");
        home
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// The journal's latest file.
    pub(crate) fn segment(&self) -> PathBuf {
        let entries = std::fs::read_dir(self.data().join("journal")).expect("a folder");
        entries.map(|entry| entry.expect("an entry").path()).max().expect("a segment")
    }

    /// Adds an account with that secret, and gives its id.
    pub(crate) fn account(&self, secret: &str) -> String {
        let url = self.upstream.url();
        let line = format!(
            "accounts add --kind claude-api-key --name {secret} --base-url {url} --secret-stdin --json"
        );
        self.made(&line, secret, "id")
    }

    fn made(&self, line: &str, stdin: &str, field: &str) -> String {
        let input = self.path().join("input");
        std::fs::write(&input, stdin).expect("a file");
        let mut command = self.command(line);
        let output =
            command.stdin(std::fs::File::open(&input).expect("a file")).output().expect("the binary");
        assert!(output.status.success(), "{output:?}");
        let made: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        made[field].as_str().expect("a text").to_owned()
    }

    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_switchyard"));
        command.args(line.split_whitespace());
        self.prepare(&mut command);
        command
    }

    /// Gives a command the folder and the environment.
    pub(crate) fn prepare(&self, command: &mut Command) {
        command.current_dir(self.path()).stdin(Stdio::null());
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("PORT", "0");
        command.envs(self.environment.iter().cloned());
    }

    /// Starts it and waits until it is ready.
    pub(crate) async fn serve(&self) -> Server {
        self.serve_by(self.command("serve")).await
    }

    pub(crate) async fn serve_by(&self, command: Command) -> Server {
        let mut child = begin(command);
        let mut lines = BufReader::new(child.stdout.take().expect("stdout")).lines();
        let log = Log::of(child.stderr.take().expect("stderr"));
        let url = loop {
            let Some(line) = lines.next_line().await.expect("a line") else {
                panic!("it ended: {}", log.text());
            };
            if let Some(url) = line.trim().strip_prefix("Console").and_then(|url| url.strip_suffix("/web")) {
                break url.trim().to_owned();
            }
        };
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        Server { url, key: self.key.clone(), http, log, child, _stdout: lines }
    }

    /// Runs it where it must fail, to its end.
    pub(crate) fn fail(mut command: Command) -> Output {
        let output = command.output().expect("the binary");
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        output
    }

    /// The books as they lie on the disk, in the order of their calls. No process may have them.
    pub(crate) async fn books(&self) -> Vec<Attempt> {
        books(&self.data()).await
    }
}

/// The books in a data folder that no process has.
pub(crate) async fn books(data: &Path) -> Vec<Attempt> {
    let store = Store::open(&data.join("switchyard.db")).expect("a store");
    let (kept, attempts) = std::sync::mpsc::channel();
    let look = move |attempt: &Attempt| drop(kept.send(attempt.clone()));
    attempt::each_since(&store, 0, look).await.expect("the books");
    let mut attempts: Vec<_> = attempts.iter().collect();
    attempts.sort_by_key(|attempt| (attempt.call, attempt.n));
    attempts
}

/// Starts it and waits for nothing.
pub(crate) fn begin(mut command: Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    tokio::process::Command::from(command).kill_on_drop(true).spawn().expect("the binary")
}

/// A running server; killed when dropped.
pub(crate) struct Server {
    pub(crate) url: String,
    pub(crate) http: reqwest::Client,
    pub(crate) log: Log,
    key: String,
    child: Child,
    _stdout: tokio::io::Lines<BufReader<tokio::process::ChildStdout>>,
}

impl Server {
    /// SIGKILL.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.expect("a kill");
    }

    /// SIGTERM, and an end in order.
    pub(crate) async fn stop(mut self) {
        kill_process(self.pid(), Signal::TERM).expect("a signal");
        let status = self.child.wait().await.expect("its end");
        assert!(status.success(), "{}", self.log.text());
    }

    pub(crate) fn pid(&self) -> Pid {
        let id = self.child.id().expect("a running process");
        Pid::from_raw(i32::try_from(id).expect("an id")).expect("an id")
    }

    /// From now on no file can be written beyond so many bytes; `None` is no limit.
    pub(crate) fn limit_files(&self, bytes: Option<u64>) {
        let limit = Rlimit { current: bytes, maximum: None };
        prlimit(Some(self.pid()), Resource::Fsize, limit).expect("a limit");
    }

    /// Sends a message with a model of its own.
    pub(crate) async fn message(&self, model: &str, stream: bool) -> reqwest::Response {
        let messages = json!([{"role": "user", "content": "hello"}]);
        let body = json!({"model": model, "max_tokens": 64, "stream": stream, "messages": messages});
        let request = self.http.post(format!("{}/api/v1/messages", self.url)).header("x-api-key", &self.key);
        let request = request.header("content-type", "application/json").body(body.to_string());
        request.send().await.expect("an answer")
    }

    pub(crate) async fn health(&self) -> u16 {
        let answer = self.http.get(format!("{}/health", self.url)).send().await;
        answer.expect("an answer").status().as_u16()
    }

    /// Asks for the health until it is good.
    pub(crate) async fn recovers(&self) {
        while self.health().await != 200 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// The key as its holder sees it.
    pub(crate) async fn key_info(&self) -> Value {
        let request = self.http.get(format!("{}/api/v1/key-info", self.url)).header("x-api-key", &self.key);
        let info: Value = request.send().await.expect("an answer").json().await.expect("JSON");
        info["keyInfo"].clone()
    }

    /// The key's sums as its holder sees them.
    pub(crate) async fn totals(&self) -> Value {
        let request = self.http.get(format!("{}/api/v1/usage", self.url)).header("x-api-key", &self.key);
        let usage: Value = request.send().await.expect("an answer").json().await.expect("JSON");
        usage["usage"]["total"].clone()
    }
}

/// What a process says on stderr.
pub(crate) struct Log {
    text: Arc<Mutex<String>>,
    reading: JoinHandle<()>,
}

impl Log {
    fn of(from: impl AsyncRead + Unpin + Send + 'static) -> Self {
        let text = Arc::new(Mutex::new(String::new()));
        let into = Arc::clone(&text);
        let reading = tokio::spawn(async move {
            let mut lines = BufReader::new(from).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                let mut text = into.lock().expect("no panic");
                text.push_str(&line);
                text.push('\n');
            }
        });
        Self { text, reading }
    }

    pub(crate) fn text(&self) -> String {
        self.text.lock().expect("no panic").clone()
    }

    /// Waits for words in it.
    pub(crate) async fn says(&self, words: &str) {
        while !self.text().contains(words) {
            assert!(!self.reading.is_finished(), "no {words:?} in {}", self.text());
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        self.reading.abort();
    }
}
