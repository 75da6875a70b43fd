//! Groups of accounts: what an administrator does with them.

use uuid::Uuid;

use super::name;
use super::{Admin, Error};
use crate::model::group::GroupRow;
use crate::model::id::{AccountId, GroupId};
use crate::model::live::LiveEvent;
use crate::model::problem::Problem;
use crate::state::Shared;
use crate::store::group::{self, Deleted};

/// Every group, by name.
///
/// # Errors
/// If the store fails.
pub async fn list(shared: &Shared, _admin: &Admin) -> Result<Vec<GroupRow>, Error> {
    Ok(group::all(&shared.store).await?)
}

/// One group.
///
/// # Errors
/// There is none, or the store fails.
pub async fn find(shared: &Shared, admin: &Admin, id: &GroupId) -> Result<GroupRow, Error> {
    let groups = list(shared, admin).await?;
    groups.into_iter().find(|group| group.id == *id).ok_or_else(|| Error::whole(Problem::NotFound))
}

/// Puts an account into these groups, and takes it out of all others.
///
/// # Errors
/// There is no such account, or the store fails. Groups that do not exist are passed over.
pub async fn set_of(
    shared: &Shared,
    admin: &Admin,
    account: &AccountId,
    groups: &[GroupId],
) -> Result<(), Error> {
    for group in list(shared, admin).await? {
        let (is_in, shall_be) = (group.accounts.contains(account), groups.contains(&group.id));
        let mut accounts = group.accounts;
        match (is_in, shall_be) {
            (false, true) => accounts.push(account.clone()),
            (true, false) => accounts.retain(|member| member != account),
            _ => continue,
        }
        put(shared, admin, Some(group.id), &group.name, accounts).await?;
    }
    Ok(())
}

/// Makes a group (`id` is nothing), or gives one another name and other accounts.
///
/// # Errors
/// A problem with `name` or `accounts`, there is no such group, or the store fails.
pub async fn put(
    shared: &Shared,
    admin: &Admin,
    id: Option<GroupId>,
    name: &str,
    accounts: Vec<AccountId>,
) -> Result<GroupRow, Error> {
    let name = name::title("name", name)?;
    if id.as_ref().is_some_and(|id| shared.accounts.group(id).is_none()) {
        return Err(Error::whole(Problem::NotFound));
    }
    let is_real = |id: &AccountId| shared.accounts.find(id).is_some_and(|account| !account.is_sandbox());
    if !accounts.iter().all(is_real) {
        return Err(Error::field("accounts", Problem::NotFound));
    }
    let id = id.unwrap_or_else(|| GroupId::new(Uuid::new_v4().to_string()));
    let put = group::put(&shared.store, id.clone(), name, accounts, shared.clock.now_ms()).await;
    put.map_err(|error| match error.is_taken() {
        true => Error::field("name", Problem::Taken),
        false => Error::Store(error),
    })?;
    let groups = reload(shared).await?;
    tracing::info!(by = admin.name(), group = %id, "group made or changed");
    groups.into_iter().find(|group| group.id == id).ok_or_else(|| Error::whole(Problem::NotFound))
}

/// Deletes a group; its accounts stay.
///
/// # Errors
/// There is no such group, keys are bound to it, or the store fails.
pub async fn delete(shared: &Shared, admin: &Admin, id: &GroupId) -> Result<(), Error> {
    match group::delete(&shared.store, id.clone()).await? {
        Deleted::Missing => return Err(Error::whole(Problem::NotFound)),
        Deleted::StillBound(keys) => {
            let why = format!("{keys} key(s) are bound to it: delete them first");
            return Err(Error::whole(Problem::Conflict { why }));
        }
        Deleted::Done => {}
    }
    reload(shared).await?;
    tracing::info!(by = admin.name(), group = %id, "group deleted");
    Ok(())
}

async fn reload(shared: &Shared) -> Result<Vec<GroupRow>, Error> {
    let groups = group::all(&shared.store).await?;
    shared.accounts.set_groups(groups.clone());
    shared.live.tell(LiveEvent::Accounts);
    Ok(groups)
}
