//! Where the load goes, and the request that is sent there again and again.

use std::net::SocketAddr;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HOST, USER_AGENT};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri};
use http_body_util::Full;

use crate::answer::Form;

/// Bytes of the prompt, so that the request is about a kilobyte.
const PROMPT: usize = 960;

/// Why there is nothing to send to.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadTarget {
    #[error("the URL must be http://ADDRESS:PORT/PATH with an IP address")]
    Url,
    #[error("the key cannot be sent in a header")]
    Key,
}

/// An endpoint and the request for it.
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    pub(crate) form: Form,
    path: Uri,
    headers: HeaderMap,
    body: Bytes,
}

impl Target {
    /// An endpoint that is asked for answers of one form.
    ///
    /// # Errors
    /// See [`BadTarget`].
    pub(crate) fn new(url: &str, key: &str, form: Form) -> Result<Self, BadTarget> {
        let url: Uri = url.parse().map_err(|_| BadTarget::Url)?;
        let authority = url.authority().filter(|_| url.scheme_str() == Some("http")).ok_or(BadTarget::Url)?;
        let address = authority.as_str().parse().map_err(|_| BadTarget::Url)?;
        let path = url.path_and_query().ok_or(BadTarget::Url)?.clone();
        let mut key = HeaderValue::from_str(key).map_err(|_| BadTarget::Key)?;
        key.set_sensitive(true);
        let host = HeaderValue::from_str(authority.as_str()).map_err(|_| BadTarget::Url)?;
        let headers = HeaderMap::from_iter([
            (HOST, host),
            (HeaderName::from_static("x-api-key"), key),
            (HeaderName::from_static("anthropic-version"), HeaderValue::from_static("2023-06-01")),
            (CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (ACCEPT, HeaderValue::from_static("application/json")),
            (USER_AGENT, HeaderValue::from_static("load/1")),
        ]);
        Ok(Self { address, form, path: path.into(), headers, body: body(form) })
    }

    /// One request.
    pub(crate) fn request(&self) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::new(self.body.clone()));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.path.clone();
        *request.headers_mut() = self.headers.clone();
        request
    }
}

fn body(form: Form) -> Bytes {
    let stream = matches!(form, Form::Stream { .. });
    let prompt = "hello world ".repeat(PROMPT / 12);
    let json = format!(
        r#"{{"model":"claude-sonnet-4-5","max_tokens":64,"stream":{stream},"messages":[{{"role":"user","content":"{prompt}"}}]}}"#
    );
    json.into()
}
