//! Sending a request to a provider, whoever it is.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};

use super::outbound::Outbound;
use super::proxy::Proxy;
use super::reply::{Reply, ReplyBody, SendError};
use super::transport;

/// One request, ready to go.
pub struct Outgoing<'a> {
    /// GET or POST.
    pub method: Method,
    /// The account's address, without a slash at the end.
    pub base_url: &'a str,
    /// `/v1/messages` and the like.
    pub path: &'a str,
    /// The query, without the question mark.
    pub query: Option<&'a str>,
    /// Those that go up, the credential among them.
    pub headers: HeaderMap,
    /// The bytes.
    pub body: Bytes,
    /// The account's proxy.
    pub proxy: Option<&'a Proxy>,
}

/// Sends a request and waits for the reply's headers, at most for `idle`.
///
/// # Errors
/// See [`SendError`].
pub async fn send(outbound: &Outbound, outgoing: Outgoing<'_>, idle: Duration) -> Result<Reply, SendError> {
    let lane = outbound.lease(outgoing.proxy).map_err(SendError::Connect)?;
    let mut url = String::with_capacity(outgoing.base_url.len() + outgoing.path.len() + 16);
    url.push_str(outgoing.base_url);
    url.push_str(outgoing.path);
    if let Some(query) = outgoing.query {
        url.push('?');
        url.push_str(query);
    }
    let url = reqwest::Url::parse(&url).map_err(|error| SendError::Connect(error.to_string()))?;
    let mut request = reqwest::Request::new(outgoing.method, url);
    *request.headers_mut() = outgoing.headers;
    if !outgoing.body.is_empty() {
        *request.body_mut() = Some(outgoing.body.into());
    }
    match tokio::time::timeout(idle, lane.client().execute(request)).await {
        Err(_) => Err(SendError::Silent(idle)),
        Ok(Err(error)) if error.is_connect() => {
            Err(SendError::Connect(transport::text(&error.without_url(), outgoing.proxy)))
        }
        Ok(Err(error)) => Err(SendError::Broken(transport::text(&error.without_url(), outgoing.proxy))),
        // No provider answers so: without a tunnel it is the proxy that speaks.
        Ok(Ok(response)) if response.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
            let cause = transport::Cause::proxy_password();
            Err(SendError::Connect(match outgoing.proxy {
                Some(proxy) => cause.behind(&proxy.to_string()).to_string(),
                None => cause.to_string(),
            }))
        }
        Ok(Ok(response)) => {
            let (parts, body) = http::Response::<reqwest::Body>::from(response).into_parts();
            Ok(Reply { status: parts.status, headers: parts.headers, body: ReplyBody::Upstream(body, lane) })
        }
    }
}
