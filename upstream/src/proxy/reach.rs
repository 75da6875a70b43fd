//! Owns how a proxy gets to the host that was asked for: names under `.test` are this machine.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use tokio::net::{TcpStream, lookup_host};

/// Where hosts are.
pub(super) struct Reach {
    routes: Vec<(String, SocketAddr)>,
}

impl Reach {
    pub(super) fn new(routes: Vec<(String, SocketAddr)>) -> Self {
        Self { routes }
    }

    /// Connects to a host by its name or address.
    pub(super) async fn connect(&self, host: &str, port: u16) -> io::Result<TcpStream> {
        let stream = TcpStream::connect(self.resolve(host, port).await?).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    async fn resolve(&self, host: &str, port: u16) -> io::Result<SocketAddr> {
        if let Some((_, address)) = self.routes.iter().find(|(name, _)| name == host) {
            return Ok(*address);
        }
        if let Ok(address) = host.trim_matches(['[', ']']).parse::<IpAddr>() {
            return Ok((address, port).into());
        }
        if host.strip_suffix('.').unwrap_or(host).ends_with(".test") {
            return Ok((Ipv4Addr::LOCALHOST, port).into());
        }
        lookup_host((host, port)).await?.next().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}
