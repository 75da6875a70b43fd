//! Signing in by OAuth with a code that a person pastes: what is the same at every provider.
//!
//! It knows protocols and nothing of accounts: whoever calls keeps verifier, state and tokens.

mod grant;
mod paste;
mod token;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use oauth2::url::form_urlencoded::Serializer;
use oauth2::{PkceCodeChallenge, PkceCodeVerifier};

pub use grant::{Grant, GrantError};
pub use paste::{PasteError, Pasted};
pub use token::TokenPasteError;
pub(in crate::provider) use token::{CODE, REFRESH, Stored, request};

use crate::secret::{Secret, random};

/// Proof that who redeems a code is who asked for it (RFC 7636, method S256).
#[derive(Clone, Debug)]
pub struct Pkce {
    /// Kept until the code comes.
    pub verifier: Secret,
    /// Goes into the address that the person opens.
    pub challenge: String,
}

impl Pkce {
    /// A new one of 32 random bytes.
    pub fn new() -> Self {
        Self::of(BASE64_URL_SAFE_NO_PAD.encode(random::<32>()))
    }

    /// One whose verifier was kept; nothing if its length is none that a verifier has (43 to 128).
    pub fn from_verifier(verifier: &Secret) -> Option<Self> {
        let verifier = verifier.reveal();
        (43..=128).contains(&verifier.len()).then(|| Self::of(verifier.to_owned()))
    }

    /// The length has been seen to.
    fn of(verifier: String) -> Self {
        let verifier = PkceCodeVerifier::new(verifier);
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier).as_str().to_owned();
        Self { verifier: Secret::new(verifier.into_secret()), challenge }
    }
}

impl Default for Pkce {
    fn default() -> Self {
        Self::new()
    }
}

/// A new state, 32 random bytes: the answer must carry it, so that nobody can slip in a code of theirs.
pub fn random_state() -> String {
    BASE64_URL_SAFE_NO_PAD.encode(random::<32>())
}

/// `name=value&…`, encoded for a query or a form.
pub(in crate::provider) fn form(pairs: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// An address with more in its query.
pub(in crate::provider) fn with_query(url: &str, pairs: &[(&str, &str)]) -> String {
    let join = if url.contains('?') { '&' } else { '?' };
    format!("{url}{join}{}", form(pairs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_the_one_of_rfc_7636() {
        let verifier = Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");

        let pkce = Pkce::from_verifier(&verifier).unwrap();

        assert_eq!(pkce.challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert_eq!(pkce.verifier.reveal(), verifier.reveal());
    }

    #[test]
    fn a_new_verifier_is_long_enough_and_never_the_same() {
        let (one, other) = (Pkce::new(), Pkce::new());

        assert_eq!(one.verifier.reveal().len(), 43);
        assert_ne!(one.verifier.reveal(), other.verifier.reveal());
        assert_ne!(random_state(), random_state());
    }

    #[test]
    fn a_verifier_of_a_wrong_length_is_none() {
        assert!(Pkce::from_verifier(&Secret::new("short")).is_none());
        assert!(Pkce::from_verifier(&Secret::new("x".repeat(129))).is_none());
    }
}
