//! Owns requests that name a whole address: they are passed on with a path, without what is the proxy's.

use http::header::{CONNECTION, HeaderName, PROXY_AUTHORIZATION, UPGRADE};
use http::uri::PathAndQuery;
use http::{Request, Response, Uri};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::crew::Crew;
use crate::proxy::http::Body;

/// Passes a request on, and its answer back as it comes.
pub(super) async fn pass(
    mut request: Request<Incoming>,
    target: TcpStream,
    crew: &Crew,
) -> Result<Response<Body>, hyper::Error> {
    let path = request.uri().path_and_query().cloned().unwrap_or(PathAndQuery::from_static("/"));
    *request.uri_mut() = Uri::from(path);
    for name in [PROXY_AUTHORIZATION, HeaderName::from_static("proxy-connection"), CONNECTION, UPGRADE] {
        request.headers_mut().remove(name);
    }
    let (mut sender, connection) = http1::handshake(TokioIo::new(target)).await?;
    crew.spawn(async move {
        // It ends in an error whenever one side is broken off.
        let _ = connection.await;
    });
    let response = sender.send_request(request).await?;
    Ok(response.map(BodyExt::boxed))
}
