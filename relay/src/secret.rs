//! Secrets: how they are held, sealed at rest, and hashed. Nothing here prints or serialises one.

pub mod password;
pub mod vault;

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

/// A text that must not be seen. Prints as `[redacted]`, cannot be serialised, wiped when dropped.
#[derive(Clone)]
pub struct Secret(Arc<Zeroizing<String>>);

impl Secret {
    /// Takes the text over.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Arc::new(Zeroizing::new(text.into())))
    }

    /// The text, at the one place that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

/// Bytes from the system's generator.
///
/// # Panics
/// If the system has no randomness to give: nothing safe could be done without it.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(clippy::expect_used, reason = "without the system's randomness nothing safe can be done")]
    rand::TryRng::try_fill_bytes(&mut rand::rngs::SysRng, &mut bytes).expect("system randomness");
    bytes
}

/// `N` random bytes as hex digits.
pub fn random_hex<const N: usize>() -> String {
    hex::encode(random::<N>())
}
