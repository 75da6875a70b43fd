//! Owns how a request's body is read: to its end, or to just past the limit.

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use sha2::{Digest, Sha256};

/// The largest body that the provider takes.
pub(super) const BODY_LIMIT: usize = 32 << 20;

/// Reads a body, to just past the limit at most, with its hash if that is wanted.
pub(super) async fn read(mut body: Incoming, hashed: bool) -> Result<(Bytes, Option<String>), hyper::Error> {
    let mut hasher = hashed.then(Sha256::new);
    let mut whole = BytesMut::new();
    let mut first = Bytes::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        if let Some(hasher) = &mut hasher {
            hasher.update(&data);
        }
        if first.is_empty() && whole.is_empty() {
            first = data;
        } else {
            if whole.is_empty() {
                whole.extend_from_slice(&first);
            }
            whole.extend_from_slice(&data);
        }
        if whole.len() > BODY_LIMIT {
            return Ok((whole.freeze(), None));
        }
    }
    let body = if whole.is_empty() { first } else { whole.freeze() };
    Ok((body, hasher.map(|hasher| hex::encode(hasher.finalize()))))
}
