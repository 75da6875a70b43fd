//! Proxies through which accounts reach their providers. The password is never in here.

use std::fmt;
use std::str::FromStr;

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

/// Why a text is no proxy's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProxyAddressError {
    /// It begins with none of the three.
    #[error("it must begin with socks5://, http:// or https://")]
    Kind,
    /// There is no host, or no port of 1 to 65535.
    #[error("it must name a host and a port, as in socks5://user@host:1080")]
    Place,
    /// A password where everybody sees it.
    #[error("a password does not belong into an address")]
    Password,
}

/// Reads what is displayed: `socks5://user@host:1080`.
impl FromStr for ProxyAddress {
    type Err = ProxyAddressError;

    fn from_str(text: &str) -> Result<Self, ProxyAddressError> {
        let (kind, rest) = text.trim().split_once("://").ok_or(ProxyAddressError::Kind)?;
        let kind = ProxyKind::from_name(&kind.to_ascii_lowercase()).ok_or(ProxyAddressError::Kind)?;
        let (username, place) = rest.trim_end_matches('/').rsplit_once('@').unwrap_or(("", rest));
        if username.contains(':') {
            return Err(ProxyAddressError::Password);
        }
        let (host, port) = place.trim_end_matches('/').rsplit_once(':').ok_or(ProxyAddressError::Place)?;
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let port = port.parse().ok().filter(|port| *port != 0).ok_or(ProxyAddressError::Place)?;
        let host = bare.unwrap_or(host);
        if host.is_empty() || bare.is_none() && host.contains([':', '/']) {
            return Err(ProxyAddressError::Place);
        }
        Ok(Self { kind, host: host.to_owned(), port, username: username.to_owned() })
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_is_displayed() {
        for text in ["socks5://joe@proxy.example:1080", "http://10.0.0.1:3128", "https://a@b@[::1]:443"] {
            assert_eq!(text.parse::<ProxyAddress>().unwrap().to_string(), text);
        }
        let address: ProxyAddress = " SOCKS5H://proxy.example:1080/ ".parse().unwrap();
        assert_eq!(address.to_string(), "socks5://proxy.example:1080");
    }

    #[test]
    fn what_is_no_address_says_why() {
        for (text, error) in [
            ("proxy.example:1080", ProxyAddressError::Kind),
            ("ftp://proxy.example:21", ProxyAddressError::Kind),
            ("http://proxy.example", ProxyAddressError::Place),
            ("http://:80", ProxyAddressError::Place),
            ("http://a:0", ProxyAddressError::Place),
            ("http://a:70000", ProxyAddressError::Place),
            ("http://::1:80", ProxyAddressError::Place),
            ("http://a/b:80", ProxyAddressError::Place),
            ("socks5://joe:secret@proxy.example:1080", ProxyAddressError::Password),
        ] {
            assert_eq!(text.parse::<ProxyAddress>().unwrap_err(), error, "{text}");
        }
    }
}
