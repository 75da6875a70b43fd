//! Connections to providers. HTTP/2 lets a hundred calls share one, so a full connection must not make the next call
//! wait: there are several lanes, each a client with connections of its own, and a call takes the first with room.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::ClientConfig;
use rustls_platform_verifier::BuilderVerifierExt;

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
    open: Vec<Arc<Lane>>,
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

    /// The first lane with room, or a new one.
    ///
    /// # Errors
    /// The operator's text, if this machine has no usable TLS roots.
    pub fn lease(&self) -> Result<LaneLease, String> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let free = lanes.open.iter().find(|lane| lane.calls.load(Ordering::Relaxed) < self.most);
        let lane = match free {
            Some(lane) => Arc::clone(lane),
            None => {
                let tls = lanes.tls()?;
                let client = self.client(tls).map_err(|error| error.to_string())?;
                let lane = Arc::new(Lane { client, calls: AtomicU32::new(0) });
                lanes.open.push(Arc::clone(&lane));
                lane
            }
        };
        lane.calls.fetch_add(1, Ordering::Relaxed);
        Ok(LaneLease(lane))
    }

    fn client(&self, tls: ClientConfig) -> reqwest::Result<reqwest::Client> {
        reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .no_proxy()
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
