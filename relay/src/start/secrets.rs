//! The install's secrets: given from outside, or made once for an empty store and kept in a 0600 file.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::Path;

use super::StartError;

use crate::config::Config;
use crate::folder::{FolderError, FolderLock, write_private};
use crate::secret::vault::{Place, Vault};
use crate::secret::{Secret, random_hex};
use crate::store::{Store, meta};

const FILE: &str = "secrets.env";
const KEY: &str = "ENCRYPTION_KEY";
/// The key that is about to take the other's place. Which of them is in force, the store's fingerprint says: it is
/// changed in one step with everything that is sealed.
const NEXT_KEY: &str = "ENCRYPTION_KEY_NEXT";
pub(super) const FINGERPRINT: &str = "encryption_key_fingerprint";
const PEPPER: &str = "pepper";

pub(super) struct Secrets {
    pub(super) encryption_key: Secret,
    pub(super) jwt: Secret,
}

/// Settings first, then the file, then new ones: but never a new encryption key for a store that holds sealed texts.
pub(super) async fn load(config: &Config, lock: &FolderLock, store: &Store) -> Result<Secrets, StartError> {
    let path = lock.path(FILE);
    let mut kept = read(&path)?;
    let fingerprint = meta::get(store, FINGERPRINT).await?;
    let mut made = settle(&mut kept, fingerprint.as_deref());
    let mut pick = |given: &Option<Secret>, name: &str, may_make: bool| -> Result<Secret, StartError> {
        if let Some(secret) = given {
            return Ok(secret.clone());
        }
        if let Some(text) = kept.get(name) {
            return Ok(Secret::new(text.clone()));
        }
        if !may_make {
            return Err(StartError::Secrets(format!(
                "{name} is not set and {} has none, but the store is sealed under one: give that one back",
                path.display()
            )));
        }
        let text = random_hex::<32>();
        kept.insert(name.to_owned(), text.clone());
        made = true;
        Ok(Secret::new(text))
    };
    let encryption_key = pick(&config.secrets.encryption_key, KEY, fingerprint.is_none())?;
    let jwt = pick(&config.secrets.jwt, "JWT_SECRET", true)?;
    if made {
        write(&path, &kept)?;
    }
    check(store, fingerprint, &Vault::new(&encryption_key)).await?;
    Ok(Secrets { encryption_key, jwt })
}

/// Keeps the next key beside the one in force. From here on it is safe to seal under it.
pub(super) fn announce(lock: &FolderLock, next: &Secret) -> Result<(), StartError> {
    let path = lock.path(FILE);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._~+/=:@%^,-".contains(&byte);
    if !next.reveal().bytes().all(plain) {
        return Err(StartError::Secrets(format!(
            "a key that is kept in {} may have letters, digits and . _ ~ + / = : @ % ^ , -",
            path.display()
        )));
    }
    let mut kept = read(&path)?;
    kept.insert(NEXT_KEY.to_owned(), next.reveal().to_owned());
    write(&path, &kept)
}

/// Puts the next key into the place of the one before, once the store is sealed under it.
pub(super) fn finish(lock: &FolderLock, fingerprint: &str) -> Result<(), StartError> {
    let path = lock.path(FILE);
    let mut kept = read(&path)?;
    if settle(&mut kept, Some(fingerprint)) { write(&path, &kept) } else { Ok(()) }
}

/// Ends a rotation that was begun, one way or the other; whether there was one.
fn settle(kept: &mut HashMap<String, String>, fingerprint: Option<&str>) -> bool {
    let Some(next) = kept.remove(NEXT_KEY) else { return false };
    let next = Secret::new(next);
    if Some(Vault::new(&next).fingerprint()) == fingerprint {
        kept.insert(KEY.to_owned(), next.reveal().to_owned());
    }
    true
}

/// The pepper of client keys: made once, sealed, so that a change of the encryption key costs no client its key.
pub(super) async fn pepper(store: &Store, vault: &Vault) -> Result<Secret, StartError> {
    let place = Place { kind: "meta", id: PEPPER, field: "value" };
    match meta::get(store, PEPPER).await? {
        Some(sealed) => vault.open(place, &sealed).map_err(|error| {
            StartError::Secrets(format!("the pepper of the client keys does not open: {error}"))
        }),
        None => {
            let pepper = Secret::new(random_hex::<32>());
            meta::set(store, PEPPER, vault.seal(place, &pepper)).await?;
            Ok(pepper)
        }
    }
}

async fn check(store: &Store, known: Option<String>, vault: &Vault) -> Result<(), StartError> {
    match known {
        None => Ok(meta::set(store, FINGERPRINT, vault.fingerprint().to_owned()).await?),
        Some(known) if known == vault.fingerprint() => Ok(()),
        Some(known) => Err(StartError::Secrets(format!(
            "ENCRYPTION_KEY is not the one that this data folder was sealed under (fingerprint {}, stored {known}); \
             start with that one",
            vault.fingerprint()
        ))),
    }
}

fn write(path: &Path, kept: &HashMap<String, String>) -> Result<(), StartError> {
    let mut lines: Vec<_> = kept.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
    lines.sort();
    let failed = |cause| FolderError::Unusable { path: path.display().to_string(), cause };
    Ok(write_private(path, &lines.concat()).map_err(failed)?)
}

fn read(path: &Path) -> Result<HashMap<String, String>, StartError> {
    match dotenvy::from_path_iter(path) {
        Ok(lines) => lines
            .collect::<Result<_, _>>()
            .map_err(|_| StartError::Secrets(format!("{} has a line that cannot be read", path.display()))),
        Err(dotenvy::Error::Io(error)) if error.kind() == ErrorKind::NotFound => Ok(HashMap::new()),
        Err(_) => Err(StartError::Secrets(format!("{} cannot be read", path.display()))),
    }
}
