//! Client keys.

pub(crate) mod form;

use form::KeyForm;
use leptos::prelude::*;
use relay::model::id::KeyId;
use relay::model::key::{CreatedKey, KeyRow};
use relay::model::limit::KeyLimits;
use serde::{Deserialize, Serialize};

use super::error::{Answer, ApiError};

/// Keys just made, and where they are used.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MadeKeys {
    /// The first, with its text, this once.
    pub key: CreatedKey,
    /// The others, in the same way.
    pub more: Vec<CreatedKey>,
    /// The account they are bound to is a sandbox.
    pub sandbox: bool,
    /// The address that clients use, without a slash at the end.
    pub address: String,
}

/// Every key.
#[server(prefix = "/web/fn", endpoint = "keys")]
pub async fn get_keys() -> Result<Vec<KeyRow>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    super::relay::read(relay::admin::key::list(&shared, &admin).await)
}

/// What new keys may do if nobody says otherwise.
#[server(prefix = "/web/fn", endpoint = "usual_limits")]
pub async fn get_usual_limits() -> Result<KeyLimits, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, .. } = super::relay::permitted()?;
    Ok(shared.config.limits.key.clone())
}

/// One key, if it is there, and the address that clients use.
#[server(prefix = "/web/fn", endpoint = "key")]
pub async fn get_key(id: KeyId) -> Result<Option<(KeyRow, String)>, ApiError> {
    use relay::model::problem::Problem;

    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let address = super::door::address(&shared);
    match relay::admin::key::find(&shared, &admin, &id).await {
        Err(error) if error.for_person().problem == Problem::NotFound => Ok(None),
        read => super::relay::read(read).map(|row| Some((row, address))),
    }
}

/// Makes a key, or `count` of them. A form posted without WASM leaves them for the next page, `back`, to show.
#[server(prefix = "/web/fn", endpoint = "create_key")]
pub async fn create_key(
    #[server(default)] count: String,
    #[server(default)] back: String,
    #[server(flatten)] form: KeyForm,
) -> Result<Answer<MadeKeys>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let keys = match form.typed(&count).answer(create(&shared, &admin, &count, &form).await)? {
        Ok(keys) => keys,
        Err(problems) => return Ok(Err(problems)),
    };
    show_once(&shared, &admin, keys, &back).await
}

/// Changes all of a key that its form holds, and leads back to it.
#[server(prefix = "/web/fn", endpoint = "edit_key")]
pub async fn edit_key(id: KeyId, #[server(flatten)] form: KeyForm) -> Result<Answer<()>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let changed = match form.change(&|text| shared.clock.named_ms(text)) {
        Ok(change) => relay::admin::key::update(&shared, &admin, &id, change).await,
        Err(problem) => Err(problem.into()),
    };
    let changed = form.typed("").answer(changed)?;
    if changed.is_ok() {
        leptos_axum::redirect(&crate::address::key::one(&id));
    }
    Ok(changed)
}

/// Gives a key another text; the former one is taken for so many seconds more. A form posted without WASM leads to the
/// page of the key, which shows the new one.
#[server(prefix = "/web/fn", endpoint = "rotate_key")]
pub async fn rotate_key(id: KeyId, #[server(default)] grace_s: u64) -> Result<Answer<MadeKeys>, ApiError> {
    use std::time::Duration;

    use super::relay::Permitted;
    use crate::address::key::{MADE, with_panel};

    let Permitted { shared, admin } = super::relay::permitted()?;
    let grace = Duration::from_secs(grace_s);
    match super::relay::answer(relay::admin::key::rotate(&shared, &admin, &id, grace).await)? {
        Ok(key) => show_once(&shared, &admin, vec![key], &with_panel(&id, MADE)).await,
        Err(problems) => Ok(Err(problems)),
    }
}

/// The keys that a form posted without WASM made just now, if this session made any. Gives them once.
#[server(prefix = "/web/fn", endpoint = "made_keys")]
pub async fn take_made_keys() -> Result<Option<MadeKeys>, ApiError> {
    use relay::admin::flash;

    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let Some(keys) = flash::take_keys(&shared, &admin) else { return Ok(None) };
    with_use(&shared, &admin, keys).await
}

/// Enables or disables a key; its answers under way end too if that is said.
#[server(prefix = "/web/fn", endpoint = "set_key_enabled")]
pub async fn set_key_enabled(
    id: KeyId,
    enabled: bool,
    #[server(default)] end_streams: String,
) -> Result<Answer<()>, ApiError> {
    use relay::model::key::KeyChange;

    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let end_streams = !end_streams.is_empty();
    let change = KeyChange { enabled: Some(enabled), end_streams, ..KeyChange::default() };
    super::relay::answer(relay::admin::key::update(&shared, &admin, &id, change).await)
}

/// Deletes a key for good, and leads back to the list.
#[server(prefix = "/web/fn", endpoint = "delete_key")]
pub async fn delete_key(id: KeyId, #[server(default)] end_streams: String) -> Result<Answer<()>, ApiError> {
    use relay::model::key::ManyKeys;

    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let what = ManyKeys::Delete { end_streams: !end_streams.is_empty() };
    let deleted = relay::admin::key::many(&shared, &admin, vec![id], what).await;
    let deleted = super::relay::answer(deleted)?.map(drop);
    if deleted.is_ok() {
        leptos_axum::redirect(crate::room::KEYS.path);
    }
    Ok(deleted)
}

/// What is done with several keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// They can be used again.
    Enable,
    /// They are refused from now on.
    Disable,
    /// They are deleted.
    Delete,
}

/// Does one thing with several keys. Gives back with how many.
#[server(prefix = "/web/fn", endpoint = "many_keys")]
pub async fn many_keys(
    #[server(default)] ids: Vec<KeyId>,
    deed: Deed,
    #[server(default)] end_streams: String,
) -> Result<Answer<usize>, ApiError> {
    use relay::model::key::ManyKeys;

    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let end_streams = !end_streams.is_empty();
    let what = match deed {
        Deed::Enable => ManyKeys::Enable,
        Deed::Disable => ManyKeys::Disable { end_streams },
        Deed::Delete => ManyKeys::Delete { end_streams },
    };
    super::relay::answer(relay::admin::key::many(&shared, &admin, ids, what).await)
}

#[cfg(feature = "ssr")]
async fn create(
    shared: &relay::state::Shared,
    admin: &relay::admin::Admin,
    count: &str,
    form: &KeyForm,
) -> Result<Vec<CreatedKey>, relay::admin::Error> {
    use relay::admin::key;
    use relay::model::problem::{FieldProblem, Problem};

    const MOST: i64 = 1000;

    let new = form.new_key(&|text| shared.clock.named_ms(text))?;
    match count.trim() {
        "" | "1" => Ok(vec![key::create(shared, admin, new).await?]),
        count => {
            let wrong = || FieldProblem::at("count", Problem::OutOfRange { min: 1, max: MOST });
            let count = count.parse().ok().filter(|count| (1..=MOST).contains(&i64::from(*count)));
            key::create_many(shared, admin, new, count.ok_or_else(wrong)?).await
        }
    }
}

/// Gives back keys with their texts; those of a form posted without WASM are left for the page `back`.
#[cfg(feature = "ssr")]
async fn show_once(
    shared: &relay::state::Shared,
    admin: &relay::admin::Admin,
    keys: Vec<CreatedKey>,
    back: &str,
) -> Result<Answer<MadeKeys>, ApiError> {
    if super::request::is_form_without_wasm() {
        relay::admin::flash::leave_keys(shared, admin, keys.clone());
        leptos_axum::redirect(crate::address::own(back).unwrap_or(crate::room::KEYS.path));
    }
    with_use(shared, admin, keys).await?.map(Ok).ok_or(ApiError::Internal)
}

#[cfg(feature = "ssr")]
async fn with_use(
    shared: &relay::state::Shared,
    admin: &relay::admin::Admin,
    keys: Vec<CreatedKey>,
) -> Result<Option<MadeKeys>, ApiError> {
    let mut keys = keys.into_iter();
    let Some(key) = keys.next() else { return Ok(None) };
    let row = super::relay::read(relay::admin::key::find(shared, admin, &key.id).await)?;
    let sandbox = row.bound.is_some_and(|bound| bound.sandbox);
    Ok(Some(MadeKeys { key, more: keys.collect(), sandbox, address: super::door::address(shared) }))
}
