//! Administrators and their passwords. A change of password ends every session of its administrator.

use super::super::{Admin, Error, name};
use super::admit;
use crate::gate::throttle::Bucket;
use crate::model::problem::Problem;
use crate::secret::Secret;
use crate::secret::password::Lane;
use crate::state::Shared;
use crate::store::admin::StoredAdmin;
use crate::store::{self, StoreError};

/// What a change of password needs. Fields are named in problems as JSON and forms name them.
#[derive(Clone, Debug)]
pub struct ChangePassword {
    /// `currentPassword`.
    pub current: Secret,
    /// `newPassword`, at least 10 characters and not the name.
    pub new: Secret,
    /// `newUsername`, if the name is to change too.
    pub new_username: Option<String>,
}

/// Changes the password, and the name if asked for, of the administrator who is signed in. Says the name.
///
/// # Errors
/// [`Problem::WrongPassword`] for the present one; several of these slow down. Problems with the new ones by field.
pub async fn change_password(
    shared: &Shared,
    admin: &Admin,
    change: ChangePassword,
) -> Result<String, Error> {
    let session = admin.session.as_ref().ok_or_else(|| Error::whole(Problem::SignedOut))?;
    let kept = store::admin::by_id(&shared.store, &session.admin_id).await?;
    let kept = kept.ok_or_else(|| Error::whole(Problem::SignedOut))?;
    let asked = change.new_username.as_deref().map(str::trim).filter(|asked| !asked.is_empty());
    let renamed = asked.map(|asked| name::username("newUsername", asked)).transpose()?;
    let username = renamed.clone().unwrap_or(kept.username);
    name::password("newPassword", &change.new, &username)?;

    let bucket = [Bucket::session(session.hash)];
    admit(shared, &bucket)?;
    if !shared.door.passwords.verify(Lane::Known, change.current, Some(kept.password)).await? {
        return Err(Error::field("currentPassword", Problem::WrongPassword));
    }
    shared.door.throttle.forgive(&bucket);
    let password = shared.door.passwords.hash(change.new).await?;
    let changed = store::admin::set_password(&shared.store, kept.id, password, renamed).await;
    if !changed.map_err(|error| taken("newUsername", error))? {
        return Err(Error::whole(Problem::SignedOut));
    }
    shared.door.session_ended();
    tracing::info!(admin = username, "password changed");
    Ok(username)
}

/// Gives an administrator another password without asking for the present one.
///
/// # Errors
/// [`Problem::NotFound`], or what is wrong with the password.
pub async fn reset_password(
    shared: &Shared,
    by: &Admin,
    username: &str,
    password: Secret,
) -> Result<(), Error> {
    let not_found = || Error::field("username", Problem::NotFound);
    let kept = store::admin::by_name(&shared.store, username.trim()).await?.ok_or_else(not_found)?;
    name::password("password", &password, &kept.username)?;
    let password = shared.door.passwords.hash(password).await?;
    if !store::admin::set_password(&shared.store, kept.id, password, None).await? {
        return Err(not_found());
    }
    shared.door.throttle.forgive(&[Bucket::name(&kept.username)]);
    shared.door.session_ended();
    tracing::info!(by = by.name(), admin = kept.username, "password reset");
    Ok(())
}

/// Makes an administrator; the set-up link, if one is open, ends with it.
///
/// # Errors
/// What is wrong with the name or the password.
pub async fn create_admin(
    shared: &Shared,
    by: &Admin,
    username: &str,
    password: Secret,
) -> Result<(), Error> {
    let admin = make(shared, username, password).await?;
    let username = admin.username.clone();
    let inserted = store::admin::insert(&shared.store, admin).await;
    inserted.map_err(|error| taken("username", error))?;
    super::super::setup::forget_link(shared);
    tracing::info!(by = by.name(), admin = username, "administrator created");
    Ok(())
}

/// Checks name and password and hashes; nothing is kept yet.
pub(in super::super) async fn make(
    shared: &Shared,
    username: &str,
    password: Secret,
) -> Result<StoredAdmin, Error> {
    let username = name::username("username", username)?;
    name::password("password", &password, &username)?;
    Ok(StoredAdmin {
        id: uuid::Uuid::new_v4().to_string(),
        password: shared.door.passwords.hash(password).await?,
        username,
        created_ms: shared.clock.now_ms(),
    })
}

fn taken(field: &str, error: StoreError) -> Error {
    if error.is_taken() { Error::field(field, Problem::Taken) } else { Error::Store(error) }
}
