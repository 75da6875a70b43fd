//! Client keys: what an administrator does with them. Each change is effective for the next request.

use std::collections::HashMap;

use uuid::Uuid;

use super::name;
use super::{Admin, Error};
use crate::model::figure::{GroupBy, Totals};
use crate::model::id::KeyId;
use crate::model::key::{Binding, Bound, CreatedKey, KeyRow, NewKey};
use crate::model::live::LiveEvent;
use crate::model::problem::Problem;
use crate::secret::random_hex;
use crate::state::Shared;
use crate::store::figure::{self, Filter, Part};
use crate::store::key::{self, StoredKey};

const HOUR_MS: i64 = 3_600_000;
const HOURS: usize = 24;
/// So much of a key is kept, to tell keys apart.
const SHOWN: usize = 9;

/// Every key with its figures, newest first.
///
/// # Errors
/// If the store fails.
pub async fn list(shared: &Shared, _admin: &Admin) -> Result<Vec<KeyRow>, Error> {
    shared.books.caught_up().await;
    let now_ms = shared.clock.now_ms();
    let day_ms = shared.clock.day_start_ms(now_ms, 0);
    let first_hour_ms = now_ms - HOUR_MS * 23;
    let today = sums(figure::by(&shared.store, Filter::since("d", day_ms), GroupBy::Key).await?);
    let ever = sums(figure::by(&shared.store, Filter::since("d", 0), GroupBy::Key).await?);
    let hours = Filter::since("h", first_hour_ms - HOUR_MS);
    let hours = figure::by_time(&shared.store, hours, GroupBy::Key).await?;
    let mut spark: HashMap<String, Vec<u32>> = HashMap::new();
    for part in hours {
        let at = usize::try_from((part.at_ms - first_hour_ms).div_euclid(HOUR_MS) + 1).unwrap_or(HOURS);
        if let Some(hour) = spark.entry(part.id).or_insert_with(|| vec![0; HOURS]).get_mut(at) {
            *hour = u32::try_from(part.totals.requests).unwrap_or(u32::MAX);
        }
    }
    let rows = key::all(&shared.store).await?.into_iter().map(|stored| {
        let id = stored.id.as_str();
        KeyRow {
            in_flight: shared.keys.by_id(&stored.id).map_or(0, |key| key.in_flight()),
            today: totals(&today, id),
            total: totals(&ever, id),
            hours: spark.remove(id).unwrap_or_else(|| vec![0; HOURS]),
            last_used_ms: ever.get(id).map(|part| part.last_ms),
            bound: bound(shared, &stored),
            name: stored.name,
            prefix: stored.prefix,
            enabled: stored.enabled,
            created_ms: stored.created_ms,
            id: stored.id,
        }
    });
    Ok(rows.collect())
}

/// Makes a key. Its text is in the answer and nowhere else.
///
/// # Errors
/// A problem with a field (`name`, `account`), or the store fails.
pub async fn create(shared: &Shared, admin: &Admin, new: NewKey) -> Result<CreatedKey, Error> {
    let name = name::title("name", &new.name)?;
    let is_there = match &new.binding {
        Binding::Any => true,
        Binding::Account(id) => shared.accounts.find(id).is_some(),
        Binding::Group(id) => shared.accounts.group(id).is_some(),
    };
    if !is_there {
        return Err(Error::field("account", Problem::NotFound));
    }
    let text = format!("cr_{}", random_hex::<32>());
    let stored = StoredKey {
        id: KeyId::new(Uuid::new_v4().to_string()),
        name: name.clone(),
        hash: shared.pepper.hash(text.as_bytes()),
        prefix: text[..SHOWN].to_owned(),
        enabled: true,
        binding: new.binding,
        created_ms: shared.clock.now_ms(),
    };
    key::insert(&shared.store, stored.clone()).await?;
    shared.keys.insert(&stored);
    tracing::info!(by = admin.name(), key = %stored.id, "key made");
    shared.live.tell(LiveEvent::Keys);
    Ok(CreatedKey { id: stored.id, name, key: text })
}

/// Renames a key.
///
/// # Errors
/// A problem with `name`, there is no such key, or the store fails.
pub async fn rename(shared: &Shared, admin: &Admin, id: &KeyId, name: &str) -> Result<(), Error> {
    let name = name::title("name", name)?;
    found(key::rename(&shared.store, id.clone(), name.clone()).await?)?;
    shared.keys.rename(id, &name);
    tracing::info!(by = admin.name(), key = %id, "key renamed");
    shared.live.tell(LiveEvent::Keys);
    Ok(())
}

/// Enables or disables a key. Calls under way go on.
///
/// # Errors
/// There is no such key, or the store fails.
pub async fn set_enabled(shared: &Shared, admin: &Admin, id: &KeyId, enabled: bool) -> Result<(), Error> {
    found(key::set_enabled(&shared.store, id.clone(), enabled).await?)?;
    shared.keys.set_enabled(id, enabled);
    tracing::info!(by = admin.name(), key = %id, enabled, "key enabled or disabled");
    shared.live.tell(LiveEvent::Keys);
    Ok(())
}

/// Deletes a key for good; its books stay.
///
/// # Errors
/// There is no such key, or the store fails.
pub async fn delete(shared: &Shared, admin: &Admin, id: &KeyId) -> Result<(), Error> {
    found(key::delete(&shared.store, id.clone(), shared.clock.now_ms()).await?)?;
    shared.keys.remove(id);
    tracing::info!(by = admin.name(), key = %id, "key deleted");
    shared.live.tell(LiveEvent::Keys);
    Ok(())
}

fn found(found: bool) -> Result<(), Error> {
    if found { Ok(()) } else { Err(Error::whole(Problem::NotFound)) }
}

fn bound(shared: &Shared, stored: &StoredKey) -> Option<Bound> {
    let binding = stored.binding.clone();
    let (name, sandbox) = match &binding {
        Binding::Any => return None,
        Binding::Account(id) => {
            let account = shared.accounts.find(id);
            let name = account.as_ref().map_or_else(String::new, |account| account.name.to_string());
            (name, account.is_some_and(|account| account.is_sandbox()))
        }
        Binding::Group(id) => {
            (shared.accounts.group(id).map_or_else(String::new, |group| group.name.clone()), false)
        }
    };
    Some(Bound { binding, name, sandbox })
}

fn sums(parts: Vec<Part>) -> HashMap<String, Part> {
    parts.into_iter().map(|part| (part.id.clone(), part)).collect()
}

fn totals(parts: &HashMap<String, Part>, id: &str) -> Totals {
    parts.get(id).map(|part| part.totals).unwrap_or_default()
}
