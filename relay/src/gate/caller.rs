//! Who calls: the key from one of four headers, or from a query of Google's dialects, looked up before a byte of the body is read.

use std::sync::Arc;

use axum::body::Body;
use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderMap, Request};

use super::body::drain;
use super::keys::{Key, Keys};
use super::query;
use super::refusal::{Refusal, Unauthenticated};
use crate::model::account::Service;
use crate::model::dialect::Dialect;
use crate::secret::vault::Pepper;

/// The headers that may hold a key beside `authorization` (reference: what real clients send).
const KEY_HEADERS: [&str; 3] = ["x-api-key", "x-goog-api-key", "api-key"];

const PREFIX: &[u8] = b"cr_";
const KEY_LENGTH: usize = 3 + 64;

/// A request of somebody who holds a key; nothing of its body has been read.
pub struct Caller {
    /// The key.
    pub key: Arc<Key>,
    /// The request's head.
    pub head: Parts,
    /// Its body, unread.
    pub body: Body,
}

/// Lets a request in by its key. A refused one's body is read on for a moment, so that the client reads the answer.
///
/// # Errors
/// [`Refusal::Unauthenticated`].
pub async fn enter(
    keys: &Keys,
    pepper: &Pepper,
    dialect: Dialect,
    request: Request<Body>,
) -> Result<Caller, Refusal> {
    let (head, body) = request.into_parts();
    match authenticate(keys, pepper, dialect, &head.headers, head.uri.query()) {
        Ok(key) => Ok(Caller { key, head, body }),
        Err(refusal) => {
            drain(body).await;
            Err(refusal)
        }
    }
}

/// Finds the caller's key, in a header or, in Google's dialects, in the query.
///
/// Several headers may hold the same key, and headers that hold something else than a Switchyard key are passed over
/// where another one does; two different Switchyard keys are refused, for nobody could say whose call it is.
///
/// # Errors
/// [`Refusal::Unauthenticated`].
pub fn authenticate(
    keys: &Keys,
    pepper: &Pepper,
    dialect: Dialect,
    headers: &HeaderMap,
    query: Option<&str>,
) -> Result<Arc<Key>, Refusal> {
    let query = query.filter(|_| dialect.service() == Service::Gemini).unwrap_or_default();
    let text = find(headers, query).map_err(Refusal::Unauthenticated)?;
    keys.find(&pepper.hash(text)).map_err(Refusal::Unauthenticated)
}

fn find<'a>(headers: &'a HeaderMap, query: &'a str) -> Result<&'a [u8], Unauthenticated> {
    let bearers = headers.get_all(AUTHORIZATION).iter().map(|value| bearer(value.as_bytes()));
    let others =
        KEY_HEADERS.iter().flat_map(|name| headers.get_all(*name).iter().map(|value| value.as_bytes()));
    let mut found: Option<&'a [u8]> = None;
    let mut any = false;
    for value in bearers.chain(others).chain(query::keys(query).map(str::as_bytes)) {
        any = true;
        if !is_key(value) {
            continue;
        }
        match found {
            Some(first) if first != value => return Err(Unauthenticated::Ambiguous),
            _ => found = Some(value),
        }
    }
    match found {
        Some(key) => Ok(key),
        None if any => Err(Unauthenticated::Malformed),
        None => Err(Unauthenticated::Missing),
    }
}

/// The credential after `Bearer `, in any case; anything else as it is, so that it counts as malformed.
fn bearer(value: &[u8]) -> &[u8] {
    match value.split_at_checked(7) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case(b"bearer ") => rest.trim_ascii(),
        _ => value,
    }
}

/// Whether it has the form of a key.
pub(crate) fn is_key(value: &[u8]) -> bool {
    value.len() == KEY_LENGTH && value.starts_with(PREFIX) && value[3..].iter().all(u8::is_ascii_hexdigit)
}
