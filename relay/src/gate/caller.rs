//! Who calls: the key from one of four headers, looked up before a byte of the body is read.

use std::sync::Arc;

use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::keys::{Key, Keys};
use super::refusal::{Refusal, Unauthenticated};
use crate::secret::vault::Pepper;

/// The headers that may hold a key beside `authorization` (reference: what real clients send).
const KEY_HEADERS: [&str; 3] = ["x-api-key", "x-goog-api-key", "api-key"];

const PREFIX: &[u8] = b"cr_";
const KEY_LENGTH: usize = 3 + 64;

/// Finds the caller's key.
///
/// Several headers may hold the same key, and headers that hold something else than a Switchyard key are passed over
/// where another one does; two different Switchyard keys are refused, for nobody could say whose call it is.
///
/// # Errors
/// [`Refusal::Unauthenticated`].
pub fn authenticate(keys: &Keys, pepper: &Pepper, headers: &HeaderMap) -> Result<Arc<Key>, Refusal> {
    let text = find(headers).map_err(Refusal::Unauthenticated)?;
    let key = keys.find(&pepper.hash(text)).ok_or(Refusal::Unauthenticated(Unauthenticated::Unknown))?;
    if key.is_enabled() { Ok(key) } else { Err(Refusal::Unauthenticated(Unauthenticated::Disabled)) }
}

fn find(headers: &HeaderMap) -> Result<&[u8], Unauthenticated> {
    let bearers = headers.get_all(AUTHORIZATION).iter().map(|value| bearer(value.as_bytes()));
    let others =
        KEY_HEADERS.iter().flat_map(|name| headers.get_all(*name).iter().map(|value| value.as_bytes()));
    let mut found: Option<&[u8]> = None;
    let mut any = false;
    for value in bearers.chain(others) {
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

fn is_key(value: &[u8]) -> bool {
    value.len() == KEY_LENGTH && value.starts_with(PREFIX) && value[3..].iter().all(u8::is_ascii_hexdigit)
}
