//! What is done with keys.

mod limits;

use std::time::Duration;

use relay::admin::{self, Admin, Error};
use relay::model::key::{Binding, KeyAbout, KeyChange, ManyKeys, NewKey};
use relay::state::Shared;
use serde::{Deserialize, Serialize};

use super::{Reply, find};
pub(crate) use limits::LimitChanges;

/// About a key; `id` may be its name.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeyCommand {
    Create { name: String, to: Bind, about: About, limits: LimitChanges, count: Option<u32>, csv: bool },
    List { tag: Option<String> },
    Show { id: String },
    Update { id: String, name: Option<String>, to: Option<Bind>, about: About, limits: LimitChanges },
    SetEnabled { id: String, enabled: bool, end_streams: bool },
    Rotate { id: String, grace: Duration },
    Delete { id: String, end_streams: bool },
}

/// What a key is to be bound to, by id or name.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Bind {
    Any,
    Account(String),
    Group(String),
}

/// What is for people; what is not given stays.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct About {
    pub(crate) note: Option<String>,
    pub(crate) owner: Option<String>,
    pub(crate) tags: Option<Vec<String>>,
}

pub(super) async fn execute(shared: &Shared, admin: &Admin, command: KeyCommand) -> Result<Reply, Error> {
    let id = match command {
        KeyCommand::Create { name, to, about, limits, count, csv } => {
            let new = NewKey {
                binding: binding(shared, admin, to).await?,
                about: about.whole(),
                limits: new_limits(shared, &limits)?,
                ..NewKey::new(name)
            };
            return create(shared, admin, new, count, csv).await;
        }
        KeyCommand::List { tag } => {
            let mut keys = admin::key::list(shared, admin).await?;
            keys.retain(|key| tag.as_ref().is_none_or(|tag| key.about.tags.contains(&tag.to_lowercase())));
            return Ok(Reply::Keys(keys));
        }
        KeyCommand::Show { id } => {
            return Ok(Reply::KeyShown(Box::new(find::key(shared, admin, &id).await?)));
        }
        KeyCommand::Update { id, name, to, about, limits } => {
            let key = find::key(shared, admin, &id).await?;
            let mut changed = key.limits.clone();
            limits.apply(&shared.clock, &mut changed)?;
            let binding = match to {
                Some(to) => Some(binding(shared, admin, to).await?),
                None => None,
            };
            let About { note, owner, tags } = about;
            let limits = (!limits.is_nothing()).then_some(changed);
            let change = KeyChange { name, note, owner, tags, binding, limits, ..KeyChange::default() };
            admin::key::update(shared, admin, &key.id, change).await?;
            key.id
        }
        KeyCommand::SetEnabled { id, enabled, end_streams } => {
            let key = find::key(shared, admin, &id).await?;
            let change = KeyChange { enabled: Some(enabled), end_streams, ..KeyChange::default() };
            admin::key::update(shared, admin, &key.id, change).await?;
            key.id
        }
        KeyCommand::Rotate { id, grace } => {
            let key = find::key(shared, admin, &id).await?;
            return Ok(Reply::CreatedKey(admin::key::rotate(shared, admin, &key.id, grace).await?));
        }
        KeyCommand::Delete { id, end_streams } => {
            let key = find::key(shared, admin, &id).await?;
            admin::key::many(shared, admin, vec![key.id.clone()], ManyKeys::Delete { end_streams }).await?;
            return Ok(Reply::deleted(&key.id, key.name));
        }
    };
    Ok(Reply::Key(Box::new(find::key(shared, admin, id.as_str()).await?)))
}

async fn create(
    shared: &Shared,
    admin: &Admin,
    new: NewKey,
    count: Option<u32>,
    csv: bool,
) -> Result<Reply, Error> {
    let keys = match count {
        None if !csv => return Ok(Reply::CreatedKey(admin::key::create(shared, admin, new).await?)),
        None => vec![admin::key::create(shared, admin, new).await?],
        Some(count) => admin::key::create_many(shared, admin, new, count).await?,
    };
    Ok(Reply::CreatedKeys { keys, csv })
}

/// The install's usual limits, unless others are given.
fn new_limits(
    shared: &Shared,
    changes: &LimitChanges,
) -> Result<Option<relay::model::limit::KeyLimits>, Error> {
    if changes.is_nothing() {
        return Ok(None);
    }
    let mut limits = shared.config.limits.key.clone();
    changes.apply(&shared.clock, &mut limits)?;
    Ok(Some(limits))
}

async fn binding(shared: &Shared, admin: &Admin, to: Bind) -> Result<Binding, Error> {
    Ok(match to {
        Bind::Any => Binding::Any,
        Bind::Account(id) => Binding::Account(find::account(shared, admin, &id).await?.id),
        Bind::Group(id) => Binding::Group(find::group(shared, admin, &id).await?.id),
    })
}

impl About {
    fn whole(self) -> KeyAbout {
        KeyAbout {
            note: self.note.unwrap_or_default(),
            owner: self.owner.unwrap_or_default(),
            tags: self.tags.unwrap_or_default(),
        }
    }
}
