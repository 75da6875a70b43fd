//! Owns the texts that must be unique and unguessable to a reader: codes, tokens, ids.
//! Promises that no two are alike, within an upstream and among upstreams.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Makes texts.
pub(crate) struct Mint {
    seed: u64,
    made: AtomicU64,
}

impl Mint {
    pub(crate) fn new() -> Self {
        Self { seed: RandomState::new().hash_one(std::process::id()), made: AtomicU64::new(0) }
    }

    /// A new text of 43 characters out of `A-Z a-z 0-9 - _`.
    pub(crate) fn text(&self) -> String {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let digest = Sha256::digest([self.seed.to_be_bytes(), number.to_be_bytes()].concat());
        URL_SAFE_NO_PAD.encode(digest)
    }
}

/// The id that a name always has, in the form of a UUID.
pub(crate) fn uuid_of(kind: &str, name: &str) -> String {
    let digest = Sha256::digest(format!("{kind}:{name}"));
    let hex = hex::encode(digest);
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("{}-{}-4{}-8{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

/// What proves a verifier: base64url of its SHA-256, without padding (RFC 7636, S256).
pub(crate) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenge_is_that_of_the_rfc() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

        assert_eq!(challenge(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn no_two_texts_are_alike() {
        let (one, other) = (Mint::new(), Mint::new());

        assert_ne!(one.text(), one.text());
        assert_ne!(one.text(), other.text());
    }

    #[test]
    fn an_id_has_the_form_of_a_uuid() {
        let id = uuid_of("account", "alice");

        assert_eq!(id.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
        assert_eq!(id, uuid_of("account", "alice"));
    }
}
