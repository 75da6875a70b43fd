//! Proxies through which accounts reach their providers. The password is never in here.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How a proxy is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProxyKind {
    /// SOCKS5; names are resolved by the proxy (RFC 1928).
    Socks5,
    /// HTTP `CONNECT`, in clear up to the proxy.
    Http,
    /// HTTP `CONNECT`, with TLS up to the proxy.
    Https,
}

impl ProxyKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Socks5, Self::Http, Self::Https];

    /// The name in the store, in JSON and in addresses (`socks5`).
    pub fn name(self) -> &'static str {
        match self {
            Self::Socks5 => "socks5",
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// The kind of that name; `socks5h` and `socks` are the same as `socks5`.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "socks5" | "socks5h" | "socks" => Some(Self::Socks5),
            "http" => Some(Self::Http),
            "https" => Some(Self::Https),
            _ => None,
        }
    }
}

/// Where a proxy is. Displays as `socks5://user@host:1080`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ProxyAddress {
    /// How it is spoken to.
    #[serde(rename = "type")]
    pub kind: ProxyKind,
    /// A name or an address.
    pub host: String,
    /// 1 to 65535.
    pub port: u16,
    /// Empty if it asks for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub username: String,
}

impl fmt::Display for ProxyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://", self.kind.name())?;
        if !self.username.is_empty() {
            write!(f, "{}@", self.username)?;
        }
        match self.host.contains(':') {
            true => write!(f, "[{}]:{}", self.host, self.port),
            false => write!(f, "{}:{}", self.host, self.port),
        }
    }
}
