//! Owns the port: accepts connections and serves each in a task of the crew.
//! Never decides what is answered.

use std::sync::Arc;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::crew::Crew;
use crate::options::Transport;
use crate::service::{Hub, Peer};
use crate::wire::{Line, Socket, Wire};

/// Connections that may wait to be accepted: more than any load here opens at once.
const BACKLOG: u32 = 4096;

/// How long to wait when no connection could be accepted.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// Opens the port; 0 takes a free one.
pub(crate) fn bind(port: u16) -> std::io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(([127, 0, 0, 1], port).into())?;
    socket.listen(BACKLOG)
}

/// How connections are served.
#[derive(Clone)]
pub(crate) struct Server {
    hub: Arc<Hub>,
    crew: Crew,
    tls: Option<TlsAcceptor>,
    builder: auto::Builder<Crew>,
}

impl Server {
    pub(crate) fn new(
        hub: Arc<Hub>,
        crew: Crew,
        tls: Option<TlsAcceptor>,
        transport: Transport,
        max_streams: u32,
    ) -> Self {
        let mut builder = auto::Builder::new(crew.clone());
        builder.http1().timer(TokioTimer::new()).max_buf_size(1 << 20);
        builder.http2().timer(TokioTimer::new()).max_concurrent_streams(max_streams);
        let builder = match transport {
            Transport::Http1 | Transport::TlsHttp1 => builder.http1_only(),
            Transport::H2c => builder.http2_only(),
            Transport::Tls => builder,
        };
        Self { hub, crew, tls, builder }
    }

    /// Accepts connections until its task is ended.
    pub(crate) async fn accept(self, listener: TcpListener) {
        loop {
            // An error is one connection's own, or the lack of descriptors, which passes.
            let Ok((tcp, _)) = listener.accept().await else {
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            };
            self.crew.spawn(self.clone().serve(tcp));
        }
    }

    async fn serve(self, tcp: TcpStream) {
        // Each write of an answer is a packet of its own. A socket that is gone already needs no setting.
        let _ = tcp.set_nodelay(true);
        let socket = match &self.tls {
            None => Socket::Plain(tcp),
            Some(tls) => match tls.accept(tcp).await {
                Ok(stream) => Socket::Tls(Box::new(stream)),
                Err(_) => return,
            },
        };
        let peer = Peer { line: Arc::new(Line::default()), number: self.hub.ledger.connection() };
        let wire = TokioIo::new(Wire::new(socket, Arc::clone(&peer.line)));
        let hub = Arc::clone(&self.hub);
        let service = service_fn(move |request| {
            let (hub, peer) = (Arc::clone(&hub), peer.clone());
            async move { hub.answer(request, &peer).await }
        });
        // It ends in an error whenever a client leaves or a script breaks off: the books know.
        let _ = self.builder.serve_connection(wire, service).await;
    }
}
