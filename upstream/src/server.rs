//! Owns a running upstream: its port, its tasks, its books, its scripts.
//! Promises that nothing of it is left when it is gone.

use std::hash::{BuildHasher, RandomState};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::account::Accounts;
use crate::anthropic::headers::Headers;
use crate::books::Books;
use crate::clock::Clock;
use crate::control::Proxies;
use crate::crew::Crew;
use crate::endpoint::Endpoint;
use crate::ledger::Ledger;
use crate::listener::{self, Server};
use crate::mint::Mint;
use crate::oauth::desk::Desk;
use crate::oauth::{claude, google};
use crate::options::{Options, Transport};
use crate::script::{Script, Scripts};
use crate::service::Hub;
use crate::tls::{Identity, TlsError};

/// Why an upstream did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port could not be opened.
    #[error("opening port {port}: {cause}")]
    Port {
        /// The port that was asked for.
        port: u16,
        /// What the system said.
        cause: std::io::Error,
    },
    /// There is no certificate.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

/// A fake provider on a real port of 127.0.0.1.
///
/// It stops when it is dropped; [`stop`](Self::stop) also waits for that.
pub struct Upstream {
    address: SocketAddr,
    ca_pem: Option<String>,
    pub(crate) hub: Arc<Hub>,
    crew: Crew,
    patience: Duration,
}

impl Upstream {
    /// Opens the port and starts to serve on it, in tasks of the current runtime.
    ///
    /// # Errors
    /// When the port is taken or no certificate can be made.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let Options { port, transport, max_streams, record, lenient, patience, usual, .. } = options;
        let listener = listener::bind(port).map_err(|cause| StartError::Port { port, cause })?;
        let address = listener.local_addr().map_err(|cause| StartError::Port { port, cause })?;
        let identity = match transport {
            Transport::Http1 | Transport::H2c => None,
            Transport::Tls => Some(Identity::fresh(&[b"h2", b"http/1.1"])?),
            Transport::TlsHttp1 => Some(Identity::fresh(&[b"http/1.1"])?),
        };
        let (acceptor, ca_pem) = identity.map(|it| (it.acceptor, it.ca_pem)).unzip();
        let clock = Clock::new(options.clock);
        let hub = Arc::new(Hub {
            ledger: Ledger::new(record),
            scripts: Scripts::new(usual, lenient),
            headers: Headers::new(clock.now_seconds()),
            accounts: Accounts::new(),
            claude: Desk::new(claude::PREFIXES),
            claude_rules: claude::rules(options.claude_client_id),
            google: Desk::new(google::PREFIXES),
            google_rules: google::rules(options.google_client_id),
            google_secret: options.google_client_secret,
            mint: Mint::new(),
            proxies: Proxies::default(),
            clock,
            instance: instance(),
            lenient,
        });
        let crew = Crew::new();
        let server = Server::new(Arc::clone(&hub), crew.clone(), acceptor, transport, max_streams);
        crew.spawn(server.accept(listener));
        Ok(Self { address, ca_pem, hub, crew, patience })
    }

    /// Where it listens: `http://127.0.0.1:PORT` or `https://…`, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.ca_pem.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// The address and port.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The certificate of the authority that a client must trust; `None` without TLS.
    #[must_use]
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// Says what calls with this credential to a model get from now on, at `POST /v1/messages` and at Google's
    /// endpoints alike. The credential is then known. One that gets 401 there gets it everywhere.
    pub fn script(&self, token: &str, script: impl Into<Script>) {
        self.hub.scripts.set_inference(token, &script.into());
    }

    /// The same for a given endpoint. In place of a credential, an account's name says what is answered to all of its
    /// tokens, and `*` what is answered to whoever has no script of their own.
    pub fn script_on(&self, endpoint: Endpoint, token: &str, script: impl Into<Script>) {
        self.hub.scripts.set(endpoint, token, script.into());
    }

    /// Says which models this credential lists. The credential is then known.
    pub fn list_models(&self, token: &str, ids: &[&str]) {
        let ids = ids.iter().map(|id| (*id).to_owned()).collect();
        self.hub.scripts.list_models(token, ids);
    }

    /// A copy of the books as they are now.
    #[must_use]
    pub fn books(&self) -> Books {
        self.hub.ledger.snapshot()
    }

    /// Waits until the books satisfy a condition, and returns them as they were then.
    ///
    /// # Panics
    /// When that takes longer than [`Options::patience`]: the books are in the message.
    pub async fn wait_for(&self, condition: impl FnMut(&Books) -> bool) -> Books {
        match self.hub.ledger.wait_for(self.patience, condition).await {
            Some(books) => books,
            None => panic!("the upstream waited {:?} in vain: {}", self.patience, self.books()),
        }
    }

    /// Forgets all exchanges, scripts, accounts and tokens, and takes back every advance of the clock.
    pub fn reset(&self) {
        self.hub.reset();
    }

    /// Closes the port and breaks off every connection; returns when both are done. The books stay readable.
    pub async fn stop(&self) {
        self.hub.ledger.stop();
        self.hub.proxies.clear();
        self.crew.stop().await;
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.hub.ledger.stop();
        self.hub.proxies.clear();
        self.crew.abort();
    }
}

/// Eight hex digits that differ between upstreams, in one process or several.
fn instance() -> String {
    let [a, b, c, d, ..] = RandomState::new().hash_one(std::process::id()).to_be_bytes();
    hex::encode([a, b, c, d])
}
