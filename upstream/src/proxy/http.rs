//! Owns the HTTP proxy: Basic authentication, `CONNECT` and its tunnel, and requests with a whole address.

use std::convert::Infallible;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{PROXY_AUTHENTICATE, PROXY_AUTHORIZATION};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use crate::proxy::forward;
use crate::proxy::meter::{Meter, Metered};
use crate::proxy::{Desk, ProxyFault};

/// The body of an answer, the target's or the proxy's own.
pub(super) type Body = BoxBody<Bytes, hyper::Error>;

/// Serves a client until either side leaves.
pub(super) async fn serve<S>(client: Metered<S>, desk: Desk)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let meter = client.meter();
    let service = service_fn(move |request| {
        let (desk, meter) = (desk.clone(), Arc::clone(&meter));
        async move { Ok::<_, Infallible>(answer(request, &desk, meter).await) }
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(client), service);
    // It ends in an error whenever one side is broken off: the books know.
    let _ = connection.with_upgrades().await;
}

async fn answer(request: Request<Incoming>, desk: &Desk, meter: Arc<Meter>) -> Response<Body> {
    let Some(user) = let_in(request.headers(), desk) else {
        desk.ledger.note(|books| books.refused_passwords += 1);
        let mut refusal =
            own(StatusCode::PROXY_AUTHENTICATION_REQUIRED, "a user and a password are needed\n");
        refusal.headers_mut().insert(PROXY_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"proxy\""));
        return refusal;
    };
    if !user.is_empty() {
        desk.ledger.note(|books| books.users.push(user));
    }
    let connect = request.method() == Method::CONNECT;
    let usual_port = if connect { 443 } else { 80 };
    let Some(host) = request.uri().host().map(str::to_owned) else {
        return own(StatusCode::BAD_REQUEST, "this is a proxy: it wants whole addresses\n");
    };
    let port = request.uri().port_u16().unwrap_or(usual_port);
    desk.ledger.note(|books| books.hosts.push(format!("{host}:{port}")));
    if desk.ledger.fault() == ProxyFault::RefuseConnect {
        desk.ledger.note(|books| books.refused_connects += 1);
        return own(StatusCode::BAD_GATEWAY, "the proxy refuses to connect\n");
    }
    let Ok(target) = desk.reach.connect(&host, port).await else {
        desk.ledger.note(|books| books.failed_connects += 1);
        return own(StatusCode::BAD_GATEWAY, "the host cannot be reached\n");
    };
    if connect {
        desk.crew.spawn(tunnel(request, target, meter));
        return own(StatusCode::OK, "");
    }
    meter.start();
    let passed = forward::pass(request, target, &desk.crew).await;
    passed.unwrap_or_else(|_| own(StatusCode::BAD_GATEWAY, "the host broke off\n"))
}

/// The user who is let in, empty where anybody is; `None` is refused.
fn let_in(headers: &HeaderMap, desk: &Desk) -> Option<String> {
    if desk.ledger.fault() == ProxyFault::RefusePassword {
        return None;
    }
    let Some((user, password)) = &desk.login else { return Some(String::new()) };
    let expected = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
    let shown = headers.get(PROXY_AUTHORIZATION)?;
    (shown.as_bytes() == expected.as_bytes()).then(|| user.clone())
}

async fn tunnel(request: Request<Incoming>, mut target: TcpStream, meter: Arc<Meter>) {
    let Ok(client) = hyper::upgrade::on(request).await else { return };
    meter.start();
    // It ends in an error whenever one side is broken off.
    let _ = tokio::io::copy_bidirectional(&mut TokioIo::new(client), &mut target).await;
}

/// An answer of the proxy's own.
fn own(status: StatusCode, text: &'static str) -> Response<Body> {
    let body = Full::new(Bytes::from_static(text.as_bytes())).map_err(|never| match never {}).boxed();
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
}
