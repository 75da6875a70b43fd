//! A folder of its own for each test, and the binary run in it with nothing of ours in the environment.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// Where a test's Switchyard lives.
pub(crate) struct Home {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

/// What a command left.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Done {
    /// Asserts that it worked.
    pub(crate) fn ok(&self) {
        assert_eq!(self.code, Some(0), "{self:?}");
    }

    /// Its standard output as JSON.
    pub(crate) fn json(&self) -> Value {
        self.ok();
        serde_json::from_str(&self.stdout).expect("JSON")
    }
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().expect("a folder"), environment: Vec::new() }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    /// The permission bits of a file in the data folder.
    pub(crate) fn mode(&self, name: &str) -> u32 {
        std::fs::metadata(self.data().join(name)).expect(name).permissions().mode() & 0o777
    }

    pub(crate) fn command(&self, line: &str) -> Command {
        self.command_of(line.split_whitespace())
    }

    fn command_of<'a>(&self, words: impl Iterator<Item = &'a str>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_switchyard"));
        command.args(words).current_dir(self.path());
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("PORT", "0");
        command.envs(self.environment.iter().cloned());
        command
    }

    pub(crate) fn run(&self, line: &str) -> Done {
        self.run_with(line, "")
    }

    /// A command whose words may have blanks in them.
    pub(crate) fn run_words(&self, words: &[&str]) -> Done {
        Self::done(self.command_of(words.iter().copied()), "")
    }

    pub(crate) fn run_with(&self, line: &str, stdin: &str) -> Done {
        Self::done(self.command(line), stdin)
    }

    fn done(mut command: Command, stdin: &str) -> Done {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary");
        // A command that refuses at once does not read.
        let _ = child.stdin.take().expect("stdin").write_all(stdin.as_bytes());
        let output = child.wait_with_output().expect("its end");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Done { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    /// Starts a server and waits until it is ready.
    pub(crate) fn serve(&self, line: &str) -> Server {
        let mut child =
            self.command(line).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the binary");
        let mut stdout = BufReader::new(child.stdout.take().expect("stdout"));
        let mut said = String::new();
        while !said.contains("/web\n") {
            assert_ne!(stdout.read_line(&mut said).expect("a line"), 0, "it ended after: {said}");
        }
        // The line may name a proxy's address: the server knows its own.
        let status = self.run("status --json").json();
        let address = status["address"].as_str().and_then(|address| address.strip_prefix("http://"));
        let address = address.expect("an address");
        Server { address: address.parse().expect("an address"), said, stdout, child }
    }
}

/// A running server; killed when dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    said: String,
    stdout: BufReader<ChildStdout>,
    child: Child,
}

impl Server {
    /// Asks for a stop as the system would, waits for the end, and gives the exit code and all that was printed.
    pub(crate) fn stop(mut self) -> (Option<i32>, String) {
        self.signal();
        let code = self.child.wait().expect("its end").code();
        self.stdout.read_to_string(&mut self.said).expect("the rest");
        (code, std::mem::take(&mut self.said))
    }

    /// Reads on until a line that contains this.
    pub(crate) fn line_with(&mut self, words: &str) -> String {
        loop {
            let mut line = String::new();
            assert_ne!(self.stdout.read_line(&mut line).expect("a line"), 0, "no line with {words}");
            self.said.push_str(&line);
            if line.contains(words) {
                return line;
            }
        }
    }

    /// Sends SIGTERM.
    pub(crate) fn signal(&self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("a signal");
    }

    pub(crate) fn wait(mut self) -> Option<i32> {
        self.child.wait().expect("its end").code()
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// One request over a connection of its own: the whole answer.
    pub(crate) fn request(&self, head: &str, body: &str) -> String {
        let mut stream = self.open(head, body);
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }

    /// Sends a request and leaves the answer to be read.
    pub(crate) fn open(&self, head: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).expect("a connection");
        let length = body.len();
        let request = format!(
            "{head}\r\nhost: {}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}",
            self.address
        );
        stream.write_all(request.as_bytes()).expect("a request");
        stream
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone, if it was stopped.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
