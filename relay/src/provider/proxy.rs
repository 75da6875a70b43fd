//! An account's proxy, ready to be connected through.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::model::proxy::{ProxyAddress, ProxyKind};
use crate::secret::Secret;

/// Where a proxy is, and the password that it asks for. Displays without it.
#[derive(Clone, Debug)]
pub struct Proxy {
    /// Where it is.
    pub address: ProxyAddress,
    password: Option<Secret>,
    route: Route,
}

/// Tells ways to providers apart: connections are never shared between two of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Route([u8; 32]);

impl Proxy {
    /// Takes address and password over.
    pub fn new(address: ProxyAddress, password: Option<Secret>) -> Self {
        let mut digest = Sha256::new();
        digest.update(address.to_string());
        if let Some(password) = &password {
            digest.update([0]);
            digest.update(password.reveal());
        }
        Self { address, password, route: Route(digest.finalize().into()) }
    }

    /// Whether it has a password.
    pub fn has_password(&self) -> bool {
        self.password.is_some()
    }

    /// The way through it; the default is the direct one.
    pub fn route(&self) -> Route {
        self.route
    }

    /// For the client. Names are resolved by a SOCKS proxy, not here: what is asked for stays its secret, and a name
    /// may exist on its side only.
    ///
    /// # Errors
    /// The address is none.
    pub(super) fn for_client(&self) -> reqwest::Result<reqwest::Proxy> {
        let scheme = match self.address.kind {
            ProxyKind::Socks5 => "socks5h",
            ProxyKind::Http => "http",
            ProxyKind::Https => "https",
        };
        let host = match self.address.host.contains(':') {
            true => format!("[{}]", self.address.host),
            false => self.address.host.clone(),
        };
        let proxy = reqwest::Proxy::all(format!("{scheme}://{host}:{}", self.address.port))?;
        let password = self.password.as_ref().map_or("", |password| password.reveal());
        match self.address.username.is_empty() {
            true => Ok(proxy),
            false => Ok(proxy.basic_auth(&self.address.username, password)),
        }
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.address.fmt(f)
    }
}
