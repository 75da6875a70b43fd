//! From settings to a running Switchyard: the data folder, its secrets, the store.

pub mod folder;
mod secrets;

use std::sync::Arc;

use crate::clock::Clock;
use crate::config::Config;
use crate::gate::door::Door;
use crate::secret::vault::{Pepper, Vault};
use crate::state::{Shared, Switchyard};
use crate::store::{Store, StoreError};
use folder::FolderLock;

/// Why it does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another process has the data folder.
    #[error("{0} is in use by another Switchyard; stop that one, or set SWITCHYARD_DATA to another folder")]
    InUse(String),
    /// The data folder cannot be used.
    #[error("cannot use {path}: {cause}")]
    Folder {
        /// Which file or folder.
        path: String,
        /// Why.
        cause: std::io::Error,
    },
    /// The secrets file was edited by hand, or is missing while the store is not empty.
    #[error("{0}")]
    Secrets(String),
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Opens everything in a data folder that is already locked.
///
/// # Errors
/// See [`StartError`].
pub async fn open(config: Config, clock: Clock, lock: &FolderLock) -> Result<Shared, StartError> {
    let store = Store::open(&lock.path("switchyard.db"))?;
    let secrets = secrets::load(&config, lock, &store).await?;
    let vault = Vault::new(&secrets.encryption_key);
    let pepper = Pepper::new(&secrets::pepper(&store, &vault).await?);
    Ok(Arc::new(Switchyard {
        config,
        clock,
        store,
        vault,
        pepper,
        jwt_secret: secrets.jwt,
        door: Door::default(),
    }))
}
