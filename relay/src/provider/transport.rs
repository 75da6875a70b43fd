//! Why a request got no answer: the provider, the way to it, or the account's proxy. Everything that sends asks here,
//! so that an operator reads the same words everywhere. Nothing here names a password, a token or an address's query.

use std::error::Error;
use std::fmt;

use super::proxy::Proxy;
use super::reply::chain;

/// What failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CauseKind {
    /// The provider's name has no address here.
    Resolve,
    /// The provider takes no connection.
    Connect,
    /// No secure connection: certificate or handshake.
    Tls,
    /// The proxy cannot be reached, or is none.
    ProxyDown,
    /// The proxy wants a user and password, or others.
    ProxyPassword,
    /// The proxy is well but does not connect to the provider.
    ProxyRefused,
    /// Nothing came in time.
    Timeout,
    /// The connection broke off.
    Dropped,
}

/// A failure of transport, in words for the operator (`Display`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// What failed.
    pub kind: CauseKind,
    /// Whether the request may have reached the provider.
    pub was_sent: bool,
    /// The system's or the library's own words.
    detail: String,
    proxy: Option<String>,
}

/// Reads the cause off a client's error.
pub fn cause(error: &reqwest::Error) -> Cause {
    let (kind, detail) = of_proxy(error).unwrap_or_else(|| of_way(error));
    let was_sent = matches!(kind, CauseKind::Timeout | CauseKind::Dropped) && !error.is_connect();
    Cause { kind, was_sent, detail, proxy: None }
}

/// A client's error in words, for an account with or without a proxy.
pub fn text(error: &reqwest::Error, proxy: Option<&Proxy>) -> String {
    let cause = cause(error);
    match proxy {
        Some(proxy) => cause.behind(&proxy.to_string()).to_string(),
        None => cause.to_string(),
    }
}

impl Cause {
    /// A proxy's reply 407 to a request that went through it without a tunnel.
    pub fn proxy_password() -> Self {
        let detail = "it answered 407".to_owned();
        Self { kind: CauseKind::ProxyPassword, was_sent: false, detail, proxy: None }
    }

    /// The same, known to have happened behind that proxy, whose address (without password) it then names. Behind a
    /// proxy every connection is the proxy's: what looked like the provider's name or port was its own.
    #[must_use]
    pub fn behind(self, proxy: &str) -> Self {
        let kind = match self.kind {
            CauseKind::Resolve | CauseKind::Connect => CauseKind::ProxyDown,
            other => other,
        };
        Self { kind, proxy: Some(proxy.to_owned()), ..self }
    }

    /// Whether the account's proxy is to blame.
    pub fn is_proxy(&self) -> bool {
        matches!(self.kind, CauseKind::ProxyDown | CauseKind::ProxyPassword | CauseKind::ProxyRefused)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let proxy = self.proxy.as_deref().map(|proxy| format!(" {proxy}")).unwrap_or_default();
        match self.kind {
            CauseKind::Resolve => f.write_str("the provider's name has no address")?,
            CauseKind::Connect => f.write_str("no connection to the provider")?,
            CauseKind::Tls => f.write_str("no secure connection to the provider")?,
            CauseKind::ProxyDown => write!(f, "the proxy{proxy} cannot be reached")?,
            CauseKind::ProxyPassword => write!(f, "the proxy{proxy} refuses the user name or password")?,
            CauseKind::ProxyRefused => write!(f, "the proxy{proxy} does not connect to the provider")?,
            CauseKind::Timeout => f.write_str("no answer in time")?,
            CauseKind::Dropped => f.write_str("the connection broke off")?,
        }
        if !self.is_proxy() && !proxy.is_empty() {
            write!(f, " through the proxy{proxy}")?;
        }
        if self.detail.is_empty() { Ok(()) } else { write!(f, ": {}", self.detail) }
    }
}

/// What only a proxy can have done. The library's types have no public name, so their words decide.
fn of_proxy(error: &reqwest::Error) -> Option<(CauseKind, String)> {
    let links = links(error);
    let words =
        |start: &str| links.iter().find_map(|link| link.to_string().strip_prefix(start).map(str::to_owned));
    if let Some(socks) = words("SOCKS error: ") {
        return Some(of_socks(&socks, &links));
    }
    if let Some(tunnel) = words("tunnel error: ") {
        return Some(of_tunnel(&tunnel, &links));
    }
    // TLS on the way to a plain address can only be TLS up to the proxy.
    let plain = error.url().is_some_and(|url| url.scheme() == "http");
    (plain && links.iter().any(|link| is_tls(*link))).then(|| (CauseKind::ProxyDown, deepest(&links)))
}

fn of_socks(words: &str, links: &[&(dyn Error + 'static)]) -> (CauseKind, String) {
    match words {
        "failed to create underlying connection" => (CauseKind::ProxyDown, hidden(links)),
        "io error during SOCKS handshake" => {
            (CauseKind::ProxyDown, "it broke off the SOCKS5 greeting".to_owned())
        }
        "failed parsing server response" => (CauseKind::ProxyDown, "it does not speak SOCKS5".to_owned()),
        "credentials not accepted" => (CauseKind::ProxyPassword, String::new()),
        "server does not support user/pass authentication"
        | "server implements authentication incorrectly" => {
            (CauseKind::ProxyPassword, "it takes none of the ways to sign in that were offered".to_owned())
        }
        other => (CauseKind::ProxyRefused, other.to_owned()),
    }
}

fn of_tunnel(words: &str, links: &[&(dyn Error + 'static)]) -> (CauseKind, String) {
    match words {
        "proxy authorization required" => (CauseKind::ProxyPassword, "it answered 407".to_owned()),
        "failed to create underlying connection" | "io error establishing tunnel" => {
            (CauseKind::ProxyDown, deepest(links))
        }
        "unexpected end of file" => (CauseKind::ProxyDown, "it broke off".to_owned()),
        "unsuccessful" => (CauseKind::ProxyRefused, "it answered CONNECT with an error".to_owned()),
        other => (CauseKind::ProxyDown, other.to_owned()),
    }
}

fn of_way(error: &reqwest::Error) -> (CauseKind, String) {
    let links = links(error);
    if error.is_timeout() {
        return (CauseKind::Timeout, String::new());
    }
    let kind = match () {
        () if links.iter().any(|link| is_tls(*link)) => CauseKind::Tls,
        () if !error.is_connect() && !error.is_builder() => CauseKind::Dropped,
        () if links.iter().any(|link| is_resolving(&link.to_string())) => CauseKind::Resolve,
        () => CauseKind::Connect,
    };
    (kind, deepest(&links))
}

fn is_resolving(words: &str) -> bool {
    words == "dns error" || words == "error resolving for socks proxy"
}

/// I/O errors wrap TLS errors, some twice, and do not name them as their source.
fn is_tls(link: &(dyn Error + 'static)) -> bool {
    let inner = link.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    link.is::<rustls::Error>()
        || link.to_string() == "tls handshake eof"
        || inner.is_some_and(|inner| is_tls(inner))
}

fn links(error: &reqwest::Error) -> Vec<&(dyn Error + 'static)> {
    let mut links = Vec::new();
    let mut next = error.source();
    while let Some(link) = next {
        links.push(link);
        next = link.source();
    }
    links
}

/// The last cause in the chain, which says most.
fn deepest(links: &[&(dyn Error + 'static)]) -> String {
    links.last().map_or_else(String::new, |link| without_number(&chain(*link)))
}

/// A SOCKS error keeps its cause to itself and shows it only in its debug form.
fn hidden(links: &[&(dyn Error + 'static)]) -> String {
    let shown = links.last().map_or_else(String::new, |link| format!("{link:?}"));
    let message = shown.split_once("message: \"").and_then(|(_, rest)| rest.split_once('"'));
    match message {
        Some((message, _)) => message.to_owned(),
        None if shown.contains("dns error") => "its name has no address".to_owned(),
        None => String::new(),
    }
}

fn without_number(words: &str) -> String {
    words.split(" (os error").next().unwrap_or(words).to_owned()
}
