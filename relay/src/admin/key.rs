//! Client keys: what an administrator does with them. Each change is effective for the next request.

mod apply;
mod change;
mod field;
mod make;

use std::collections::HashMap;

pub use change::{delete, many, rename, set_enabled, update};
pub use make::{create, create_many, rotate};

use super::{Admin, Error};
use crate::gate::keys::Key;
use crate::model::figure::{GroupBy, Totals};
use crate::model::id::KeyId;
use crate::model::key::{Binding, Bound, KeyRow};
use crate::model::limit::KeyUse;
use crate::model::problem::Problem;
use crate::state::Shared;
use crate::store::figure::{self, Filter, Part};
use crate::store::key;

const HOUR_MS: i64 = 3_600_000;
const HOURS: usize = 24;

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
        let live = shared.keys.by_id(&stored.id);
        let first_used_ms = live.as_ref().and_then(|key| key.live.first_used_ms()).or(stored.first_used_ms);
        KeyRow {
            in_flight: live.as_ref().map_or(0, |key| key.in_flight()),
            usage: live.as_ref().map_or_else(KeyUse::default, |key| key.live.usage()),
            expires_ms: live.as_deref().and_then(Key::expires_ms),
            first_used_ms,
            former_until_ms: stored
                .former
                .map(|former| former.until_ms)
                .filter(|until_ms| *until_ms > now_ms),
            about: stored.about,
            limits: stored.limits,
            today: totals(&today, id),
            total: totals(&ever, id),
            hours: spark.remove(id).unwrap_or_else(|| vec![0; HOURS]),
            last_used_ms: ever.get(id).map(|part| part.last_ms),
            bound: bound(shared, &stored.binding),
            name: stored.name,
            prefix: stored.prefix,
            enabled: stored.enabled,
            created_ms: stored.created_ms,
            id: stored.id,
        }
    });
    Ok(rows.collect())
}

/// One key with its figures.
///
/// # Errors
/// There is no such key, or the store fails.
pub async fn find(shared: &Shared, admin: &Admin, id: &KeyId) -> Result<KeyRow, Error> {
    let found = list(shared, admin).await?.into_iter().find(|key| key.id == *id);
    found.ok_or_else(|| Error::whole(Problem::NotFound))
}

fn bound(shared: &Shared, binding: &Binding) -> Option<Bound> {
    let (name, sandbox) = match binding {
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
    Some(Bound { binding: binding.clone(), name, sandbox })
}

fn sums(parts: Vec<Part>) -> HashMap<String, Part> {
    parts.into_iter().map(|part| (part.id.clone(), part)).collect()
}

fn totals(parts: &HashMap<String, Part>, id: &str) -> Totals {
    parts.get(id).map(|part| part.totals).unwrap_or_default()
}
