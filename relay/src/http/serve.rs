//! The accept loop: HTTP/1.1 and HTTP/2 on one port, with a bound on everything a connection can make grow.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// Bytes of a request's headers, and of an answer that waits for a slow client.
const BUFFER: usize = 64 << 10;
const STREAMS_PER_CONNECTION: u32 = 250;
/// Pause after the system had no file descriptor left.
const PAUSE: Duration = Duration::from_millis(50);

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For a request's headers.
    pub headers: Duration,
    /// For open answers once a stop was asked for.
    pub grace: Duration,
}

/// Serves until `stop` is cancelled, then lets open answers finish within the grace; `now` ends them at once.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    patience: Patience,
    stop: CancellationToken,
    now: CancellationToken,
) {
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let wait = Wait { headers: patience.headers, stop: stop.clone() };
                    connections.spawn(connection(stream, peer, router.clone(), wait, graceful.watcher()));
                }
                Err(error) => {
                    tracing::error!(%error, "a connection was not accepted");
                    tokio::time::sleep(PAUSE).await;
                }
            },
        }
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => {}
        () = now.cancelled() => {}
        () = tokio::time::sleep(patience.grace) => tracing::warn!("open answers are ended: their grace is over"),
    }
    connections.shutdown().await;
}

/// How long to wait for a connection's first words.
struct Wait {
    headers: Duration,
    stop: CancellationToken,
}

/// One connection, whichever HTTP it speaks.
async fn connection(stream: TcpStream, peer: SocketAddr, router: Router, wait: Wait, watcher: Watcher) {
    // Small pieces of a stream go out at once.
    let _ = stream.set_nodelay(true);
    let version = tokio::time::timeout(wait.headers, version(&stream));
    let Some(Ok(Some(version))) = wait.stop.run_until_cancelled(version).await else { return };
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request.map(Body::new))
    });
    let io = TokioIo::new(stream);
    let ended = match version {
        Version::One => watcher.watch(http1(wait.headers).serve_connection(io, service)).await,
        Version::Two => watcher.watch(http2().serve_connection(io, service)).await,
    };
    if let Err(error) = ended {
        // A client that went away or sent nonsense: of interest only to whoever looks for it.
        tracing::debug!(%peer, %error, "a connection ended early");
    }
}

enum Version {
    One,
    Two,
}

/// Tells HTTP/2 by its preface, without taking it. `None` if the peer closed.
async fn version(stream: &TcpStream) -> Option<Version> {
    const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    loop {
        let mut first = [0; PREFACE.len()];
        let length = stream.peek(&mut first).await.ok().filter(|length| *length > 0)?;
        if first == *PREFACE {
            return Some(Version::Two);
        }
        if first[..length] != PREFACE[..length] {
            return Some(Version::One);
        }
        // A beginning that could be either: wait for the rest, which a peek does not consume.
        tokio::time::sleep(PAUSE).await;
    }
}

fn http1(headers: Duration) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(headers).max_buf_size(BUFFER);
    builder
}

fn http2() -> http2::Builder<TokioExecutor> {
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .keep_alive_interval(Duration::from_secs(30))
        .max_concurrent_streams(STREAMS_PER_CONNECTION)
        .max_header_list_size(64 << 10)
        .max_send_buf_size(BUFFER);
    builder
}
