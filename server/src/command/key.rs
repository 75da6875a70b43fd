//! What is done with keys.

use relay::admin::{self, Admin, Error};
use relay::model::key::{Binding, NewKey};
use relay::state::Shared;
use serde::{Deserialize, Serialize};

use super::{Reply, find};

/// About a key; `id` may be its name.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeyCommand {
    Create { name: String, to: Bind },
    List,
    SetEnabled { id: String, enabled: bool },
    Rename { id: String, name: String },
    Delete { id: String },
}

/// What a key is to be bound to, by id or name.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Bind {
    Any,
    Account(String),
    Group(String),
}

pub(super) async fn execute(shared: &Shared, admin: &Admin, command: KeyCommand) -> Result<Reply, Error> {
    let id = match command {
        KeyCommand::Create { name, to } => {
            let binding = match to {
                Bind::Any => Binding::Any,
                Bind::Account(id) => Binding::Account(find::account(shared, admin, &id).await?.id),
                Bind::Group(id) => Binding::Group(find::group(shared, admin, &id).await?.id),
            };
            return Ok(Reply::CreatedKey(
                admin::key::create(shared, admin, NewKey::new(name).bound(binding)).await?,
            ));
        }
        KeyCommand::List => return Ok(Reply::Keys(admin::key::list(shared, admin).await?)),
        KeyCommand::SetEnabled { id, enabled } => {
            let key = find::key(shared, admin, &id).await?;
            admin::key::set_enabled(shared, admin, &key.id, enabled).await?;
            key.id
        }
        KeyCommand::Rename { id, name } => {
            let key = find::key(shared, admin, &id).await?;
            admin::key::rename(shared, admin, &key.id, &name).await?;
            key.id
        }
        KeyCommand::Delete { id } => {
            let key = find::key(shared, admin, &id).await?;
            admin::key::delete(shared, admin, &key.id).await?;
            return Ok(Reply::deleted(&key.id, key.name));
        }
    };
    Ok(Reply::Key(Box::new(find::key(shared, admin, id.as_str()).await?)))
}
