//! The vault: keys derived from `ENCRYPTION_KEY`, sealing of credentials, and the keyed hash of client keys.
//!
//! A sealed text is `v1.<key id>.<nonce and ciphertext in base64url>`, AES-256-GCM; its associated data name the
//! record and field, so that a ciphertext moved elsewhere does not open.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use super::{Secret, random};

const NONCE: usize = 12;

/// Why a sealed text does not open. Says nothing of its content.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// Not in the sealed form.
    #[error("the sealed text is damaged")]
    Damaged,
    /// Sealed under another `ENCRYPTION_KEY`.
    #[error("it was sealed under another ENCRYPTION_KEY")]
    OtherKey,
    /// The cipher refused: wrong record, wrong field, or changed.
    #[error("it does not belong here, or was changed")]
    Refused,
}

/// Where a sealed text belongs.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The noun (`account`, `meta`).
    pub kind: &'a str,
    /// Which one.
    pub id: &'a str,
    /// The field.
    pub field: &'a str,
}

impl Place<'_> {
    fn bytes(&self) -> Vec<u8> {
        // Lengths in front, so that no two places spell the same.
        let mut bytes = Vec::new();
        for part in [self.kind, self.id, self.field] {
            bytes.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes
    }
}

/// Seals and opens credentials.
#[derive(Clone)]
pub struct Vault {
    cipher: Aes256Gcm,
    key_id: String,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}

impl Vault {
    /// Derives the sealing key from `ENCRYPTION_KEY`.
    pub fn new(encryption_key: &Secret) -> Self {
        let sealing = derive(encryption_key, b"switchyard credentials v1");
        let naming = derive(encryption_key, b"switchyard key id v1");
        Self { cipher: Aes256Gcm::new(&sealing.into()), key_id: hex::encode(&naming[..8]) }
    }

    /// Names the encryption key without telling it: what the store keeps to notice another one.
    pub fn fingerprint(&self) -> &str {
        &self.key_id
    }

    /// Seals a text for one place.
    pub fn seal(&self, place: Place<'_>, secret: &Secret) -> String {
        let nonce = random::<NONCE>();
        let aad = place.bytes();
        let payload = Payload { msg: secret.reveal().as_bytes(), aad: &aad };
        #[expect(clippy::expect_used, reason = "AES-GCM refuses only texts of 64 GiB and more")]
        let sealed = self.cipher.encrypt(&Nonce::from(nonce), payload).expect("a text that fits");
        let mut bytes = nonce.to_vec();
        bytes.extend_from_slice(&sealed);
        format!("v1.{}.{}", self.key_id, URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Opens what was sealed for this very place.
    ///
    /// # Errors
    /// See [`VaultError`].
    pub fn open(&self, place: Place<'_>, sealed: &str) -> Result<Secret, VaultError> {
        let mut parts = sealed.splitn(3, '.');
        let (Some("v1"), Some(key_id), Some(text)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(VaultError::Damaged);
        };
        if key_id != self.key_id {
            return Err(VaultError::OtherKey);
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| VaultError::Damaged)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>().ok_or(VaultError::Damaged)?;
        let aad = place.bytes();
        let opened = self
            .cipher
            .decrypt(&Nonce::from(*nonce), Payload { msg: sealed, aad: &aad })
            .map_err(|_| VaultError::Refused)?;
        String::from_utf8(opened).map(Secret::new).map_err(|_| VaultError::Damaged)
    }
}

/// The keyed hash under which client keys are stored: HMAC-SHA-256 with the install's pepper.
#[derive(Clone)]
pub struct Pepper(Hmac<Sha256>);

impl Pepper {
    /// Takes the pepper itself.
    pub fn new(pepper: &Secret) -> Self {
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
        Self(<Hmac<Sha256> as hmac::KeyInit>::new_from_slice(pepper.reveal().as_bytes()).expect("any length"))
    }

    /// The hash of a client key.
    pub fn hash(&self, key: &[u8]) -> [u8; 32] {
        let mut mac = self.0.clone();
        mac.update(key);
        mac.finalize().into_bytes().into()
    }
}

/// A plain hash, for tokens that are random enough by themselves (session ids, set-up tokens).
pub fn digest(token: &[u8]) -> [u8; 32] {
    Sha256::digest(token).into()
}

fn derive(encryption_key: &Secret, label: &[u8]) -> [u8; 32] {
    let mut key = [0; 32];
    #[expect(clippy::expect_used, reason = "HKDF refuses only more than 255 blocks")]
    Hkdf::<Sha256>::new(None, encryption_key.reveal().as_bytes()).expand(label, &mut key).expect("one block");
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place<'_> = Place { kind: "account", id: "a", field: "secret" };

    fn vault() -> Vault {
        Vault::new(&Secret::new("0123456789abcdef0123456789abcdef"))
    }

    #[test]
    fn a_sealed_text_opens_where_it_was_sealed() {
        let sealed = vault().seal(HERE, &Secret::new("sk-ant-1"));

        let opened = vault().open(HERE, &sealed).unwrap();

        assert_eq!(opened.reveal(), "sk-ant-1");
        assert!(!sealed.contains("sk-ant-1"));
    }

    #[test]
    fn a_sealed_text_moved_to_another_record_does_not_open() {
        let sealed = vault().seal(HERE, &Secret::new("sk-ant-1"));

        let moved = vault().open(Place { id: "b", ..HERE }, &sealed);

        assert!(matches!(moved, Err(VaultError::Refused)));
    }

    #[test]
    fn another_encryption_key_is_named_as_the_cause() {
        let sealed = vault().seal(HERE, &Secret::new("sk-ant-1"));
        let other = Vault::new(&Secret::new("another key of thirty-two letters"));

        assert!(matches!(other.open(HERE, &sealed), Err(VaultError::OtherKey)));
    }
}
