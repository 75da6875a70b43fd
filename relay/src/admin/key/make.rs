//! Making keys, and giving them another text.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::{apply, field};
use crate::admin::{Admin, Error, name};
use crate::model::id::KeyId;
use crate::model::key::{CreatedKey, NewKey};
use crate::model::live::LiveEvent;
use crate::model::problem::Problem;
use crate::secret::random_hex;
use crate::state::Shared;
use crate::store::key::{self, Former, StoredKey};

/// So much of a key is kept, to tell keys apart.
const SHOWN: usize = 9;
const MOST_AT_ONCE: u32 = 1_000;
const LONGEST_GRACE: Duration = Duration::from_secs(30 * 86_400);

/// Makes a key. Its text is in the answer and nowhere else.
///
/// # Errors
/// A problem with a field (`name`, `account`, `note`, `owner`, `tags`, one of `limits`), or the store fails.
pub async fn create(shared: &Shared, admin: &Admin, new: NewKey) -> Result<CreatedKey, Error> {
    let mut made = make(shared, admin, new, |name| vec![name]).await?;
    made.pop().ok_or_else(|| Error::whole(Problem::Internal))
}

/// Makes so many keys alike, all or none, with numbers behind the name.
///
/// # Errors
/// As [`create`], or `count` is not between 1 and 1000.
pub async fn create_many(
    shared: &Shared,
    admin: &Admin,
    new: NewKey,
    count: u32,
) -> Result<Vec<CreatedKey>, Error> {
    if !(1..=MOST_AT_ONCE).contains(&count) {
        return Err(Error::field("count", Problem::OutOfRange { min: 1, max: MOST_AT_ONCE.into() }));
    }
    let width = count.to_string().len();
    let names = move |name: String| (1..=count).map(|number| format!("{name} {number:0width$}")).collect();
    make(shared, admin, new, names).await
}

async fn make(
    shared: &Shared,
    admin: &Admin,
    new: NewKey,
    names: impl FnOnce(String) -> Vec<String>,
) -> Result<Vec<CreatedKey>, Error> {
    let name = name::title("name", &new.name)?;
    let binding = field::binding(shared, new.binding)?;
    let about = field::about(&new.about)?;
    let limits = field::limits(new.limits.unwrap_or_else(|| shared.config.limits.key.clone()))?;
    let created_ms = shared.clock.now_ms();
    let mut made = Vec::new();
    let mut stored = Vec::new();
    for name in names(name) {
        let name = name::title("name", &name)?;
        let text = text();
        let key = StoredKey {
            id: KeyId::new(Uuid::new_v4().to_string()),
            name: name.clone(),
            hash: shared.pepper.hash(text.as_bytes()),
            prefix: text[..SHOWN].to_owned(),
            enabled: true,
            binding: binding.clone(),
            about: about.clone(),
            limits: limits.clone(),
            created_ms,
            first_used_ms: None,
            former: None,
        };
        made.push(CreatedKey { id: key.id.clone(), name, key: text });
        stored.push(key);
    }
    let relay = Arc::clone(shared);
    apply::to_the_end(shared, async move {
        key::insert(&relay.store, stored.clone()).await?;
        relay.keys.insert(&stored);
        Ok(())
    })
    .await?;
    for key in &made {
        tracing::info!(by = admin.name(), key = %key.id, "key made");
    }
    shared.live.tell(LiveEvent::Keys);
    Ok(made)
}

/// Gives a key another text. The former one is taken for `grace` longer, at most 30 days.
///
/// # Errors
/// `grace` is too long, there is no such key, or the store fails.
pub async fn rotate(
    shared: &Shared,
    admin: &Admin,
    id: &KeyId,
    grace: Duration,
) -> Result<CreatedKey, Error> {
    if grace > LONGEST_GRACE {
        return Err(Error::field("grace", Problem::OutOfRange { min: 0, max: 30 * 86_400 }));
    }
    let text = text();
    let (hash, prefix) = (shared.pepper.hash(text.as_bytes()), text[..SHOWN].to_owned());
    let grace_ms = i64::try_from(grace.as_millis()).unwrap_or(0);
    let until_ms = shared.clock.now_ms().saturating_add(grace_ms);
    let change = move |key: &mut StoredKey| {
        key.former = (grace_ms > 0).then_some(Former { hash: key.hash, until_ms });
        key.hash = hash;
        key.prefix.clone_from(&prefix);
    };
    let mut changed = apply::change(shared, vec![id.clone()], change).await?;
    let key = changed.pop().ok_or_else(|| Error::whole(Problem::NotFound))?;
    tracing::info!(by = admin.name(), key = %id, grace_s = grace.as_secs(), "key has another text");
    Ok(CreatedKey { id: key.id, name: key.name, key: text })
}

fn text() -> String {
    format!("cr_{}", random_hex::<32>())
}
