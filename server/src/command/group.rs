//! What is done with groups of accounts.

use relay::admin::{self, Admin, Error};
use relay::model::group::GroupRow;
use relay::model::id::{AccountId, GroupId};
use relay::state::Shared;
use serde::{Deserialize, Serialize};

use super::{Reply, find, grouped};

/// About a group; groups and accounts may be named by id or name.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum GroupCommand {
    Create { name: String, accounts: Vec<String> },
    List,
    Set { id: String, name: Option<String>, accounts: Option<Vec<String>> },
    Delete { id: String },
}

/// A group with its accounts' names.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Grouped {
    #[serde(flatten)]
    pub(crate) group: GroupRow,
    pub(crate) names: Vec<String>,
}

pub(super) async fn execute(shared: &Shared, admin: &Admin, command: GroupCommand) -> Result<Reply, Error> {
    match command {
        GroupCommand::Create { name, accounts } => {
            let accounts = ids(shared, admin, accounts).await?;
            put(shared, admin, None, &name, accounts).await
        }
        GroupCommand::List => {
            let accounts = admin::account::list(shared, admin).await?;
            let groups = admin::group::list(shared, admin).await?;
            Ok(Reply::Groups(groups.into_iter().map(|group| grouped(group, &accounts)).collect()))
        }
        GroupCommand::Set { id, name, accounts } => {
            let group = find::group(shared, admin, &id).await?;
            let accounts = match accounts {
                Some(accounts) => ids(shared, admin, accounts).await?,
                None => group.accounts,
            };
            let name = name.unwrap_or(group.name);
            put(shared, admin, Some(group.id), &name, accounts).await
        }
        GroupCommand::Delete { id } => {
            let group = find::group(shared, admin, &id).await?;
            admin::group::delete(shared, admin, &group.id).await?;
            Ok(Reply::deleted(&group.id, group.name))
        }
    }
}

async fn put(
    shared: &Shared,
    admin: &Admin,
    id: Option<GroupId>,
    name: &str,
    accounts: Vec<AccountId>,
) -> Result<Reply, Error> {
    let group = admin::group::put(shared, admin, id, name, accounts).await?;
    let accounts = admin::account::list(shared, admin).await?;
    Ok(Reply::Group(grouped(group, &accounts)))
}

async fn ids(shared: &Shared, admin: &Admin, names: Vec<String>) -> Result<Vec<AccountId>, Error> {
    let mut ids = Vec::new();
    for name in names {
        ids.push(find::account(shared, admin, &name).await?.id);
    }
    Ok(ids)
}
