//! Connections to providers. HTTP/2 lets a hundred calls share one, so a full connection must not make the next call
//! wait: there are several lanes, each a client with connections of its own, and a call takes the first with room.
//! Lanes through one proxy are never used for another, nor for a direct call.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::ClientConfig;
use rustls_platform_verifier::BuilderVerifierExt;

use super::proxy::{Proxy, Route};
use crate::config::Relay;

/// Bytes of one answer that may wait for a slow client before upstream is told to pause.
const STREAM_WINDOW: u32 = 64 << 10;
const CONNECTION_WINDOW: u32 = 8 << 20;
/// Connections that are not used are closed after this long.
const IDLE: Duration = Duration::from_secs(90);

/// All lanes.
pub struct Outbound {
    lanes: Mutex<Lanes>,
    connect: Duration,
    most: u32,
}

#[derive(Default)]
struct Lanes {
    open: HashMap<Route, Vec<Arc<Lane>>>,
    /// Roots are read once, when first needed.
    tls: Option<ClientConfig>,
}

struct Lane {
    client: reqwest::Client,
    calls: AtomicU32,
}

/// A place on a lane; free again when dropped.
pub struct LaneLease(Arc<Lane>);

impl Outbound {
    /// No connection is opened yet.
    pub fn new(settings: &Relay) -> Self {
        Self { lanes: Mutex::default(), connect: settings.connect, most: settings.streams_per_connection }
    }

    /// The first lane with room through a proxy, or directly; else a new one.
    ///
    /// # Errors
    /// The operator's text, if this machine has no usable TLS roots, or the proxy's address is none.
    pub fn lease(&self, proxy: Option<&Proxy>) -> Result<LaneLease, String> {
        let route = proxy.map(Proxy::route).unwrap_or_default();
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let mut open = lanes.open.get(&route).into_iter().flatten();
        let free = open.find(|lane| lane.calls.load(Ordering::Relaxed) < self.most);
        let lane = match free {
            Some(lane) => Arc::clone(lane),
            None => {
                let tls = lanes.tls()?;
                let client = self.client(tls, proxy).map_err(|error| error.to_string())?;
                let lane = Arc::new(Lane { client, calls: AtomicU32::new(0) });
                lanes.open.entry(route).or_default().push(Arc::clone(&lane));
                lane
            }
        };
        lane.calls.fetch_add(1, Ordering::Relaxed);
        Ok(LaneLease(lane))
    }

    /// Closes what no account leads through any more, once the last call there is over.
    pub fn keep_only(&self, used: &[Route]) {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        lanes.open.retain(|route, _| *route == Route::default() || used.contains(route));
    }

    fn client(&self, tls: ClientConfig, proxy: Option<&Proxy>) -> reqwest::Result<reqwest::Client> {
        let builder = reqwest::Client::builder().tls_backend_preconfigured(tls);
        // What the environment says of proxies is not meant for this: an account without one goes directly.
        let builder = match proxy {
            Some(proxy) => builder.no_proxy().proxy(proxy.for_client()?),
            None => builder.no_proxy(),
        };
        builder
            .referer(false)
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(self.connect)
            .pool_idle_timeout(IDLE)
            .tcp_nodelay(true)
            .tcp_keepalive(Duration::from_secs(60))
            .http2_initial_stream_window_size(STREAM_WINDOW)
            .http2_initial_connection_window_size(CONNECTION_WINDOW)
            .build()
    }
}

impl Lanes {
    fn tls(&mut self) -> Result<ClientConfig, String> {
        if let Some(tls) = &self.tls {
            return Ok(tls.clone());
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(BuilderVerifierExt::with_platform_verifier)
            .map_err(|error| format!("this machine has no usable TLS roots: {error}"))?;
        let mut config = config.with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        self.tls = Some(config.clone());
        Ok(config)
    }
}

impl LaneLease {
    /// The lane's client.
    pub fn client(&self) -> &reqwest::Client {
        &self.0.client
    }
}

impl Drop for LaneLease {
    fn drop(&mut self) {
        self.0.calls.fetch_sub(1, Ordering::Relaxed);
    }
}
