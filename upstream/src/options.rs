//! Owns the settings of an upstream: where it listens, what it speaks, how much it writes down.
//! Never holds what a credential does: that is `script`.

use std::sync::Arc;
use std::time::Duration;

use crate::behaviour::Behaviour;
use crate::clock::Source;
use crate::oauth::{claude, google};

/// The secret of the client that may sign people in with Google, unless [`Options::google_client_secret`] gives another.
pub const GOOGLE_CLIENT_SECRET: &str = "made-up-for-tests";

/// What an upstream speaks on its port.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transport {
    /// HTTP/1.1 without TLS.
    #[default]
    Http1,
    /// HTTP/2 without TLS, by prior knowledge.
    H2c,
    /// TLS under a fresh authority, with HTTP/2 or HTTP/1.1 by ALPN.
    Tls,
    /// TLS that offers HTTP/1.1 alone.
    TlsHttp1,
}

/// How much an upstream writes down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Record {
    /// Counters only: for load.
    Totals,
    /// Each exchange, with the hash of the request's body.
    #[default]
    Exchanges,
    /// Each exchange with the request's body.
    Bodies,
}

/// The settings of an upstream.
///
/// ```
/// let options = upstream::Options::new().tls().record(upstream::Record::Bodies);
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    pub(crate) port: u16,
    pub(crate) transport: Transport,
    pub(crate) max_streams: u32,
    pub(crate) record: Record,
    pub(crate) lenient: bool,
    pub(crate) patience: Duration,
    pub(crate) usual: Behaviour,
    pub(crate) clock: Source,
    pub(crate) claude_client_id: String,
    pub(crate) google_client_id: String,
    pub(crate) google_client_secret: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            transport: Transport::default(),
            max_streams: 100,
            record: Record::default(),
            lenient: false,
            patience: Duration::from_secs(20),
            usual: Behaviour::ok(),
            clock: Source::default(),
            claude_client_id: claude::CLIENT_ID.to_owned(),
            google_client_id: google::CLIENT_ID.to_owned(),
            google_client_secret: GOOGLE_CLIENT_SECRET.to_owned(),
        }
    }
}

impl Options {
    /// Plain HTTP/1.1 on a free port; unknown credentials are refused; each exchange is recorded.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The port on 127.0.0.1; 0, the default, takes a free one.
    #[must_use]
    pub fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// What to speak.
    #[must_use]
    pub fn transport(self, transport: Transport) -> Self {
        Self { transport, ..self }
    }

    /// HTTP/2 without TLS.
    #[must_use]
    pub fn h2c(self) -> Self {
        self.transport(Transport::H2c)
    }

    /// TLS with HTTP/2 or HTTP/1.1 by ALPN.
    #[must_use]
    pub fn tls(self) -> Self {
        self.transport(Transport::Tls)
    }

    /// The most concurrent streams on one HTTP/2 connection (default 100).
    #[must_use]
    pub fn max_streams(self, max_streams: u32) -> Self {
        Self { max_streams, ..self }
    }

    /// How much to write down.
    #[must_use]
    pub fn record(self, record: Record) -> Self {
        Self { record, ..self }
    }

    /// Serves every request, whatever its credential, instead of refusing unknown ones with 401.
    #[must_use]
    pub fn lenient(self) -> Self {
        Self { lenient: true, ..self }
    }

    /// What credentials without a script get (default [`Behaviour::ok`]).
    #[must_use]
    pub fn usual(self, usual: Behaviour) -> Self {
        Self { usual, ..self }
    }

    /// How long [`Upstream::wait_for`](crate::Upstream::wait_for) waits before it gives up (default 20 s).
    #[must_use]
    pub fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Where its time comes from, in milliseconds since 1970 (default: the system's clock). Tokens expire and windows
    /// reset by it.
    #[must_use]
    pub fn clock(self, now_ms: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self { clock: Source(Arc::new(now_ms)), ..self }
    }

    /// The client that may sign people in with Claude (default: the public one of Claude Code).
    #[must_use]
    pub fn claude_client_id(self, id: &str) -> Self {
        Self { claude_client_id: id.to_owned(), ..self }
    }

    /// The client that may sign people in with Google (default: the public one of Gemini CLI).
    #[must_use]
    pub fn google_client_id(self, id: &str) -> Self {
        Self { google_client_id: id.to_owned(), ..self }
    }

    /// That client's secret (default: [`GOOGLE_CLIENT_SECRET`]).
    #[must_use]
    pub fn google_client_secret(self, secret: &str) -> Self {
        Self { google_client_secret: secret.to_owned(), ..self }
    }
}
