//! Another encryption key: everything that is sealed is sealed anew under it, in one step.
//!
//! Promises: whenever the process dies, all is sealed under the one key or all under the other, and the data folder's
//! own file has the one that it is. Client keys go on working: their pepper is sealed anew, not changed.

use super::{StartError, secrets};
use crate::config::{Config, is_strong_key};
use crate::folder::FolderLock;
use crate::secret::vault::Vault;
use crate::secret::{Secret, random_hex};
use crate::store::{Store, sealed};

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotated {
    /// So many texts were sealed anew.
    pub sealed: usize,
    /// The key is not the data folder's: whoever gave the old one has to give the new one from now on.
    pub is_given: bool,
}

/// Seals everything under another key: the one given, or else a new one that is kept in the data folder. That the
/// folder is ours proves that no server has the old key in use.
///
/// # Errors
/// If the key in force comes from outside and no new one is given, if the new one is weak or the same, or if something
/// does not open; nothing is changed then.
pub async fn rotate(config: &Config, lock: &FolderLock, next: Option<Secret>) -> Result<Rotated, StartError> {
    let refused = |why: &str| StartError::Secrets(why.to_owned());
    let is_given = config.secrets.encryption_key.is_some();
    let next = match next {
        Some(next) if is_strong_key(next.reveal()) => next,
        Some(_) => return Err(refused("the new key must have at least 32 characters, not all the same")),
        None if is_given => {
            return Err(refused("ENCRYPTION_KEY is given from outside: give the new one, too"));
        }
        None => Secret::new(random_hex::<32>()),
    };
    let store = Store::open(&lock.path(super::STORE))?;
    let old = Vault::new(&secrets::load(config, lock, &store).await?.encryption_key);
    let new = Vault::new(&next);
    if old.fingerprint() == new.fingerprint() {
        return Err(refused("the new key is the one in force"));
    }
    if !is_given {
        secrets::announce(lock, &next)?;
    }
    let fingerprint = new.fingerprint().to_owned();
    let anew = move |place: crate::secret::vault::Place<'_>, text: &str| {
        old.open(place, text).map(|secret| new.seal(place, &secret))
    };
    let sealed = sealed::reseal(&store, (secrets::FINGERPRINT, fingerprint.clone()), anew).await?;
    if !is_given {
        secrets::finish(lock, &fingerprint)?;
    }
    // What was sealed under the old key shall not stay in the log of the store.
    store.checkpoint().await?;
    Ok(Rotated { sealed, is_given })
}
