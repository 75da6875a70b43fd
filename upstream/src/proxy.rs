//! A proxy on a real port, for tests of what goes through proxies: SOCKS5, or HTTP with `CONNECT`, also over TLS.
//!
//! It promises that its books say exactly who came, which host names were asked for and how each connection ended, that
//! it fails as it is told, and that nothing of it is left when it is gone. It resolves any name under `.test` to
//! 127.0.0.1, so that a name that nobody else knows proves that the proxy resolved it.
//!
//! ```
//! use upstream::{Proxy, ProxyFault, ProxyOptions};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), upstream::StartError> {
//! let proxy = Proxy::start(ProxyOptions::socks5().password("user", "word")).await?;
//!
//! // … send requests for http://anthropic.test:PORT through proxy.url() …
//!
//! proxy.fault(ProxyFault::RefusePassword);
//! proxy.die_after(Some(1000));
//! proxy.cut();
//! assert!(proxy.books().hosts.is_empty());
//! # Ok(())
//! # }
//! ```

mod books;
mod forward;
mod http;
mod meter;
mod reach;
mod socks;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::crew::Crew;
use crate::listener;
use crate::server::StartError;
use crate::tls::Identity;

pub use books::ProxyBooks;

use self::books::Ledger;
use self::meter::Metered;
use self::reach::Reach;

/// How long to wait when no connection could be accepted.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// What a proxy speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProxyKind {
    /// SOCKS5 (RFC 1928), with user and password (RFC 1929) if it has one.
    Socks5,
    /// HTTP: `CONNECT`, and requests with a whole address in place of a path.
    Http,
    /// The same over TLS, under a fresh authority.
    Https,
}

/// How a proxy fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProxyFault {
    /// It does not.
    #[default]
    None,
    /// It refuses whatever user and password.
    RefusePassword,
    /// It refuses to connect: to SOCKS5 clients "connection refused", to HTTP clients 502.
    RefuseConnect,
    /// It accepts connections and says nothing.
    Hang,
    /// It closes connections as soon as it has accepted them.
    Close,
}

/// The settings of a proxy.
#[derive(Clone, Debug)]
pub struct ProxyOptions {
    kind: ProxyKind,
    port: u16,
    login: Option<(String, String)>,
    routes: Vec<(String, SocketAddr)>,
    patience: Duration,
}

impl ProxyOptions {
    /// A SOCKS5 proxy on a free port, open to all.
    #[must_use]
    pub fn socks5() -> Self {
        Self::new(ProxyKind::Socks5)
    }

    /// An HTTP proxy on a free port, open to all.
    #[must_use]
    pub fn http() -> Self {
        Self::new(ProxyKind::Http)
    }

    /// The same over TLS.
    #[must_use]
    pub fn https() -> Self {
        Self::new(ProxyKind::Https)
    }

    pub(crate) fn new(kind: ProxyKind) -> Self {
        Self { kind, port: 0, login: None, routes: Vec::new(), patience: Duration::from_secs(20) }
    }

    /// Lets in whoever shows this user and password, and nobody else.
    #[must_use]
    pub fn password(self, user: &str, password: &str) -> Self {
        Self { login: Some((user.to_owned(), password.to_owned())), ..self }
    }

    /// The port on 127.0.0.1; 0, the default, takes a free one.
    #[must_use]
    pub fn port(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// Connects to this address whoever asks for this host, at any port.
    #[must_use]
    pub fn route(mut self, host: &str, address: SocketAddr) -> Self {
        self.routes.push((host.to_owned(), address));
        self
    }

    /// How long [`Proxy::wait_for`] waits before it gives up (default 20 s).
    #[must_use]
    pub fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }
}

/// A proxy on a real port of 127.0.0.1. It stops when it is dropped; [`stop`](Self::stop) also waits for that.
pub struct Proxy {
    kind: ProxyKind,
    address: SocketAddr,
    login: Option<(String, String)>,
    ca_pem: Option<String>,
    ledger: Arc<Ledger>,
    accepting: Crew,
    serving: Crew,
    patience: Duration,
}

/// What all connections of a proxy share.
#[derive(Clone)]
struct Desk {
    login: Option<(String, String)>,
    ledger: Arc<Ledger>,
    reach: Arc<Reach>,
    /// The tasks of connections.
    crew: Crew,
}

impl Proxy {
    /// Opens the port and starts to serve on it, in tasks of the current runtime.
    ///
    /// # Errors
    /// When the port is taken or no certificate can be made.
    #[expect(clippy::unused_async, reason = "it starts like an upstream does")]
    pub async fn start(options: ProxyOptions) -> Result<Self, StartError> {
        Self::open(options)
    }

    pub(crate) fn open(options: ProxyOptions) -> Result<Self, StartError> {
        let ProxyOptions { kind, port, login, routes, patience } = options;
        let listener = listener::bind(port).map_err(|cause| StartError::Port { port, cause })?;
        let address = listener.local_addr().map_err(|cause| StartError::Port { port, cause })?;
        let identity = (kind == ProxyKind::Https).then(|| Identity::fresh(&[b"http/1.1"])).transpose()?;
        let (acceptor, ca_pem) = identity.map(|it| (it.acceptor, it.ca_pem)).unzip();
        let (ledger, accepting, serving) = (Arc::new(Ledger::default()), Crew::new(), Crew::new());
        let reach = Arc::new(Reach::new(routes));
        let desk = Desk { login: login.clone(), ledger: Arc::clone(&ledger), reach, crew: serving.clone() };
        accepting.spawn(accept(listener, kind, acceptor, desk));
        Ok(Self { kind, address, login, ca_pem, ledger, accepting, serving, patience })
    }

    /// What it speaks.
    #[must_use]
    pub fn kind(&self) -> ProxyKind {
        self.kind
    }

    /// The address and port.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its URL with user and password, if it has them: `socks5h://user:word@127.0.0.1:PORT`, `http://…`, `https://…`.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = match self.kind {
            ProxyKind::Socks5 => "socks5h",
            ProxyKind::Http => "http",
            ProxyKind::Https => "https",
        };
        let login = self.login.as_ref().map(|(user, password)| format!("{user}:{password}@"));
        format!("{scheme}://{}{}", login.unwrap_or_default(), self.address)
    }

    /// The certificate of the authority that clients of an HTTPS proxy must trust.
    #[must_use]
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// How it fails from now on; connections that are open stay.
    pub fn fault(&self, fault: ProxyFault) {
        self.ledger.set_fault(fault);
    }

    /// Breaks each connection off after so many bytes of what comes back through it; `None` never does. It holds for
    /// what is connected from now on.
    pub fn die_after(&self, bytes: Option<u64>) {
        self.ledger.set_limit(bytes);
    }

    /// Breaks off all connections that are open, and goes on to accept others.
    pub fn cut(&self) {
        self.ledger.cut();
        self.serving.restart();
    }

    /// A copy of the books as they are now.
    #[must_use]
    pub fn books(&self) -> ProxyBooks {
        self.ledger.snapshot()
    }

    /// Waits until the books satisfy a condition, and returns them as they were then.
    ///
    /// # Panics
    /// When that takes longer than [`ProxyOptions::patience`]: the books are in the message.
    pub async fn wait_for(&self, condition: impl FnMut(&ProxyBooks) -> bool) -> ProxyBooks {
        match self.ledger.wait_for(self.patience, condition).await {
            Some(books) => books,
            None => panic!("the proxy waited {:?} in vain: {:?}", self.patience, self.books()),
        }
    }

    /// Closes the port and breaks off every connection; returns when both are done. The books stay readable.
    pub async fn stop(&self) {
        self.accepting.stop().await;
        self.serving.stop().await;
    }

    /// The same without waiting.
    pub(crate) fn abort(&self) {
        self.accepting.abort();
        self.serving.abort();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.abort();
    }
}

/// Accepts connections until its task is ended.
async fn accept(listener: TcpListener, kind: ProxyKind, tls: Option<TlsAcceptor>, desk: Desk) {
    loop {
        let Ok((tcp, _)) = listener.accept().await else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        desk.crew.spawn(serve(tcp, kind, tls.clone(), desk.clone()));
    }
}

async fn serve(tcp: TcpStream, kind: ProxyKind, tls: Option<TlsAcceptor>, desk: Desk) {
    let open = Arc::new(desk.ledger.connected());
    // A socket that is gone already needs no setting.
    let _ = tcp.set_nodelay(true);
    match desk.ledger.fault() {
        ProxyFault::Hang => std::future::pending().await,
        ProxyFault::Close => return,
        _ => {}
    }
    match (kind, tls) {
        (ProxyKind::Socks5, _) => socks::serve(Metered::new(tcp, open), desk).await,
        (_, None) => http::serve(Metered::new(tcp, open), desk).await,
        (_, Some(tls)) => {
            if let Ok(stream) = tls.accept(tcp).await {
                http::serve(Metered::new(stream, open), desk).await;
            }
        }
    }
}
