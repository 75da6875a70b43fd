//! The first administrator, by a one-time link that only the machine's own operator can see.
//!
//! The token is new at each start until there is an administrator, is kept hashed, and is used up in the transaction
//! that makes the administrator: of any number of runs exactly one wins.

use std::io::ErrorKind;

use super::session::Opened;
use super::{Error, session};
use crate::folder::write_private;
use crate::model::problem::Problem;
use crate::model::session::SetupProgress;
use crate::secret::vault::digest;
use crate::secret::{Secret, random_hex};
use crate::state::{Shared, Switchyard};
use crate::store;
use crate::store::admin::{First, SETUP_TOKEN};

/// The file in the data folder that holds the link, readable by its owner alone.
const FILE: &str = "setup-link";

/// A set-up token, as a browser brings it.
pub type SetupToken = Secret;

/// While there is no administrator: makes a new token and gives the link to print, which `base` (the address that
/// browsers use) begins. It is kept in the data folder too.
///
/// # Errors
/// If the store fails, or the file cannot be written.
pub async fn announce(shared: &Switchyard, base: &str) -> Result<Option<Secret>, SetupError> {
    if store::admin::any(&shared.store).await? {
        forget_link(shared);
        return Ok(None);
    }
    let token = random_hex::<32>();
    store::meta::set(&shared.store, SETUP_TOKEN, hash(&token)).await?;
    let link = Secret::new(format!("{base}/web/setup?token={token}"));
    write_private(&shared.config.in_data(FILE), &format!("{}\n", link.reveal()))?;
    Ok(Some(link))
}

/// Why there is no set-up link.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// The file cannot be written.
    #[error("cannot write {FILE} in the data folder: {0}")]
    File(#[from] std::io::Error),
}

/// How far the set-up is for whoever holds this token, if any.
///
/// # Errors
/// If the store fails.
pub async fn progress(shared: &Shared, token: Option<&Secret>) -> Result<SetupProgress, Error> {
    if store::admin::any(&shared.store).await? {
        return Ok(SetupProgress::Done);
    }
    let kept = store::meta::get(&shared.store, SETUP_TOKEN).await?;
    let given = token.map(|token| hash(token.reveal()));
    // Hashes of random tokens: comparing them tells nothing about the token.
    Ok(if given.is_some() && given == kept { SetupProgress::Open } else { SetupProgress::OtherToken })
}

/// Makes the first administrator and signs him in.
///
/// # Errors
/// [`Problem::SetupLinkInvalid`], [`Problem::SetupDone`], or what is wrong with the name or the password.
pub async fn set_up(
    shared: &Shared,
    token: Option<&Secret>,
    username: &str,
    password: Secret,
) -> Result<Opened, Error> {
    // Looked at before the costly hash, decided in the transaction.
    match progress(shared, token).await? {
        SetupProgress::Open => {}
        SetupProgress::OtherToken => return Err(Error::whole(Problem::SetupLinkInvalid)),
        SetupProgress::Done => return Err(Error::whole(Problem::SetupDone)),
    }
    let admin = session::make(shared, username, password).await?;
    let (id, username) = (admin.id.clone(), admin.username.clone());
    let token = token.map(|token| hash(token.reveal())).unwrap_or_default();
    match store::admin::insert_first(&shared.store, admin, token).await? {
        First::Made => {}
        First::OtherToken => return Err(Error::whole(Problem::SetupLinkInvalid)),
        First::Late => return Err(Error::whole(Problem::SetupDone)),
    }
    forget_link(shared);
    tracing::info!(admin = username, "set-up is done");
    session::open(shared, &id, &username).await
}

/// Removes the file with the link, which is worth nothing any more.
pub(super) fn forget_link(shared: &Switchyard) {
    match std::fs::remove_file(shared.config.in_data(FILE)) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => {
            tracing::warn!(%error, "cannot remove {FILE} from the data folder; its link is used up")
        }
    }
}

fn hash(token: &str) -> String {
    hex::encode(digest(token.as_bytes()))
}
