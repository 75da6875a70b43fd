//! Changing keys, one or many.

use super::{apply, field};
use crate::admin::{Admin, Error, name};
use crate::model::id::KeyId;
use crate::model::key::{KeyChange, ManyKeys};
use crate::model::problem::Problem;
use crate::state::Shared;
use crate::store::key::StoredKey;

const MOST_AT_ONCE: usize = 10_000;

/// Changes a key. What it used so far counts towards its new limits, too.
///
/// # Errors
/// A problem with a field, there is no such key, or the store fails.
pub async fn update(shared: &Shared, admin: &Admin, id: &KeyId, change: KeyChange) -> Result<(), Error> {
    let KeyChange { name, note, owner, tags, enabled, binding, limits, end_streams } = change;
    let name = name.map(|name| name::title("name", &name)).transpose()?;
    let note = note.map(|note| field::note(&note)).transpose()?;
    let owner = owner.map(|owner| field::owner(&owner)).transpose()?;
    let tags = tags.map(|tags| field::tags("tags", &tags)).transpose()?;
    let binding = binding.map(|binding| field::binding(shared, binding)).transpose()?;
    let limits = limits.map(field::limits).transpose()?;
    let new_limits = limits.clone();
    let work = move |key: &mut StoredKey| {
        set(&mut key.name, name.as_ref());
        set(&mut key.about.note, note.as_ref());
        set(&mut key.about.owner, owner.as_ref());
        set(&mut key.about.tags, tags.as_ref());
        set(&mut key.enabled, enabled.as_ref());
        set(&mut key.binding, binding.as_ref());
        set(&mut key.limits, limits.as_ref());
    };
    let changed = match new_limits {
        Some(limits) => apply::change_limits(shared, id.clone(), limits, work).await?,
        None => apply::change(shared, vec![id.clone()], work).await?,
    };
    found(changed.len())?;
    if enabled == Some(false) && end_streams {
        apply::end_streams(shared, std::slice::from_ref(id));
    }
    tracing::info!(by = admin.name(), key = %id, "key changed");
    Ok(())
}

/// Renames a key.
///
/// # Errors
/// A problem with `name`, there is no such key, or the store fails.
pub async fn rename(shared: &Shared, admin: &Admin, id: &KeyId, name: &str) -> Result<(), Error> {
    update(shared, admin, id, KeyChange { name: Some(name.to_owned()), ..KeyChange::default() }).await
}

/// Enables or disables a key. Calls under way go on.
///
/// # Errors
/// There is no such key, or the store fails.
pub async fn set_enabled(shared: &Shared, admin: &Admin, id: &KeyId, enabled: bool) -> Result<(), Error> {
    update(shared, admin, id, KeyChange { enabled: Some(enabled), ..KeyChange::default() }).await
}

/// Deletes a key for good; its books stay. Calls under way go on.
///
/// # Errors
/// There is no such key, or the store fails.
pub async fn delete(shared: &Shared, admin: &Admin, id: &KeyId) -> Result<(), Error> {
    found(many(shared, admin, vec![id.clone()], ManyKeys::Delete { end_streams: false }).await?)
}

/// Does one thing with several keys, all or none of them. Returns how many there were.
///
/// # Errors
/// A problem with a tag, too many keys, or the store fails.
pub async fn many(shared: &Shared, admin: &Admin, ids: Vec<KeyId>, what: ManyKeys) -> Result<usize, Error> {
    if ids.len() > MOST_AT_ONCE {
        return Err(Error::field("ids", Problem::OutOfRange { min: 0, max: 10_000 }));
    }
    let done = match &what {
        ManyKeys::Enable => apply::change(shared, ids.clone(), |key| key.enabled = true).await?.len(),
        ManyKeys::Disable { .. } => {
            apply::change(shared, ids.clone(), |key| key.enabled = false).await?.len()
        }
        ManyKeys::Delete { end_streams } => return apply::delete(shared, admin, ids, *end_streams).await,
        ManyKeys::AddTags(tags) => add_tags(shared, ids.clone(), field::tags("tags", tags)?).await?,
        ManyKeys::RemoveTags(tags) => {
            let tags = field::tags("tags", tags)?;
            apply::change(shared, ids.clone(), move |key| key.about.tags.retain(|tag| !tags.contains(tag)))
                .await?
                .len()
        }
    };
    if what == (ManyKeys::Disable { end_streams: true }) {
        apply::end_streams(shared, &ids);
    }
    tracing::info!(by = admin.name(), keys = done, ?what, "keys changed");
    Ok(done)
}

async fn add_tags(shared: &Shared, ids: Vec<KeyId>, tags: Vec<String>) -> Result<usize, Error> {
    let sum = move |key: &StoredKey| {
        let mut sum = [key.about.tags.clone(), tags.clone()].concat();
        sum.sort_unstable();
        sum.dedup();
        sum
    };
    for key in crate::store::key::all(&shared.store).await?.iter().filter(|key| ids.contains(&key.id)) {
        field::bounded("tags", &sum(key))?;
    }
    Ok(apply::change(shared, ids, move |key| key.about.tags = sum(key)).await?.len())
}

fn set<T: Clone>(field: &mut T, given: Option<&T>) {
    if let Some(given) = given {
        field.clone_from(given);
    }
}

fn found(count: usize) -> Result<(), Error> {
    if count > 0 { Ok(()) } else { Err(Error::whole(Problem::NotFound)) }
}
