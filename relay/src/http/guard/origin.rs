//! Cross-site request forgery: what changes something must come from our own pages, or from no browser at all.
//!
//! `Sec-Fetch-Site` decides where a browser sends it (no page can set it); plain http on a network address gets none,
//! there `Origin` does. Without either it is no browser's form, and may bring a token in a header, but no cookie alone:
//! where there is a token, the cookie of a script that keeps cookies counts for nothing.

use axum::response::Response;
use http::header::{HOST, ORIGIN};
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode};

use crate::http::cookie;
use crate::http::web::{self, rescue};
use crate::state::Switchyard;

pub(super) fn check(shared: &Switchyard, request: &Parts) -> Result<(), Box<Response>> {
    let reads = matches!(request.method, Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || is_own(shared, request) {
        return Ok(());
    }
    tracing::warn!(path = request.uri.path(), "refused a request that another site sent");
    let message = "this request did not come from the console's own pages";
    Err(Box::new(rescue::refusal(StatusCode::FORBIDDEN, "cross_origin", message)))
}

fn is_own(shared: &Switchyard, request: &Parts) -> bool {
    let headers = &request.headers;
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    match headers.get(ORIGIN) {
        Some(origin) => origin.to_str().is_ok_and(|origin| is_ours(shared, origin, host(request, headers))),
        None => web::token(headers).is_some() || !cookie::any(shared, headers),
    }
}

fn is_ours(shared: &Switchyard, origin: &str, host: Option<&str>) -> bool {
    let public = shared.config.server.public_url.as_deref().and_then(|url| reqwest::Url::parse(url).ok());
    if public.is_some_and(|public| public.origin().ascii_serialization() == origin) {
        return true;
    }
    let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    authority.is_some() && authority == host
}

fn host<'a>(request: &'a Parts, headers: &'a HeaderMap) -> Option<&'a str> {
    let named = headers.get(HOST).and_then(|host| host.to_str().ok());
    named.or_else(|| request.uri.authority().map(|authority| authority.as_str()))
}
