//! A fake provider, and sign-ins as a person does them at a terminal.

use std::io::{Read, Write};
use std::process::{Child, ChildStderr, ChildStdin, Stdio};

use tokio::runtime::Runtime;
use upstream::{Options, Upstream};

use crate::home::{Done, Home};

/// A fake provider that runs as long as this lives.
pub(crate) struct Provider {
    pub(crate) upstream: Upstream,
    _runtime: Runtime,
}

impl Provider {
    pub(crate) fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let upstream = runtime.block_on(Upstream::start(Options::new())).expect("an upstream");
        Self { upstream, _runtime: runtime }
    }

    /// A folder whose Switchyard knows this provider.
    pub(crate) fn home(&self) -> Home {
        let at = |path: &str| format!("{}{path}", self.upstream.url());
        Home::new()
            .with("SWITCHYARD_ANTHROPIC_AUTHORIZE_URL", &at("/oauth/authorize"))
            .with("SWITCHYARD_ANTHROPIC_TOKEN_URL", &at("/v1/oauth/token"))
            .with("SWITCHYARD_ANTHROPIC_API_URL", &at(""))
            .with("SWITCHYARD_GOOGLE_AUTHORIZE_URL", &at("/o/oauth2/v2/auth"))
            .with("SWITCHYARD_GOOGLE_TOKEN_URL", &at("/token"))
            .with("SWITCHYARD_GOOGLE_USERINFO_URL", &at("/oauth2/v2/userinfo"))
            .with("SWITCHYARD_GOOGLE_API_URL", &at(""))
            .with("SWITCHYARD_GOOGLE_CODE_ASSIST_URL", &at(""))
            .with("SWITCHYARD_GOOGLE_CLIENT_SECRET", upstream::GOOGLE_CLIENT_SECRET)
    }

    /// The tokens of an account, as its provider replies them.
    pub(crate) fn token(&self, account: &str, name: &str) -> String {
        let tokens = self.upstream.issue(account).expect("tokens");
        tokens[name].as_str().expect("a token").to_owned()
    }
}

/// A command that asks for a code.
pub(crate) struct Dialog {
    child: Child,
    stdin: Option<ChildStdin>,
    stderr: ChildStderr,
    said: String,
}

impl Dialog {
    pub(crate) fn start(home: &Home, line: &str) -> Self {
        let mut command = home.command(line);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary");
        let (stdin, stderr) = (child.stdin.take(), child.stderr.take().expect("stderr"));
        Self { child, stdin, stderr, said: String::new() }
    }

    /// Reads on until it says this; gives what came before.
    pub(crate) fn read_to(&mut self, words: &str) -> String {
        let mut byte = [0];
        loop {
            if let Some(at) = self.said.find(words) {
                let rest = self.said.split_off(at + words.len());
                return std::mem::replace(&mut self.said, rest);
            }
            assert_ne!(self.stderr.read(&mut byte).expect("a byte"), 0, "it ended after: {}", self.said);
            self.said.push(char::from(byte[0]));
        }
    }

    /// The address that it asks to open.
    pub(crate) fn link(&mut self) -> String {
        let said = self.read_to("Code: ");
        let link = said.lines().map(str::trim).find(|line| line.starts_with("http"));
        link.unwrap_or_else(|| panic!("no link in {said}")).to_owned()
    }

    pub(crate) fn paste(&mut self, text: &str) {
        let stdin = self.stdin.as_mut().expect("stdin");
        stdin.write_all(format!("{text}\n").as_bytes()).expect("a line");
    }

    /// Waits for its end; nothing more is pasted.
    pub(crate) fn end(mut self) -> Done {
        drop(self.stdin.take());
        let mut stderr = std::mem::take(&mut self.said);
        self.stderr.read_to_string(&mut stderr).expect("the rest");
        let output = self.child.wait_with_output().expect("its end");
        let stdout = String::from_utf8(output.stdout).expect("UTF-8");
        Done { code: output.status.code(), stdout, stderr }
    }
}
