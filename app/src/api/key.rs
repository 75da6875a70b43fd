//! Client keys.

use leptos::prelude::*;
use relay::model::id::KeyId;
use relay::model::key::{CreatedKey, KeyRow};
use serde::{Deserialize, Serialize};

use super::error::{Answer, ApiError};

/// Stands before the id of a group, to tell it from an account's.
pub(crate) const GROUP: &str = "group:";

/// A key just made, and where it is used.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MadeKey {
    /// With its text, this once.
    pub key: CreatedKey,
    /// The account it is bound to is a sandbox.
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

/// Makes a key. A form posted without WASM leaves it for the next page, `back`, to show.
#[server(prefix = "/web/fn", endpoint = "create_key")]
pub async fn create_key(
    name: String,
    #[server(default)] account: String,
    #[server(default)] back: String,
) -> Result<Answer<MadeKey>, ApiError> {
    use relay::admin::{flash, key};
    use relay::model::id::{AccountId, GroupId};
    use relay::model::key::{Binding, NewKey};

    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let form = super::typed::Form::typed(&[("name", &name), ("account", &account)]);
    let binding = match (account.as_str(), account.strip_prefix(GROUP)) {
        ("", _) => Binding::Any,
        (_, Some(group)) => Binding::Group(GroupId::new(group)),
        (id, None) => Binding::Account(AccountId::new(id)),
    };
    let new = NewKey::new(name).bound(binding);
    let key = match form.answer(key::create(&shared, &admin, new).await)? {
        Ok(key) => key,
        Err(problems) => return Ok(Err(problems)),
    };
    if super::request::is_form_without_wasm() {
        flash::leave_key(&shared, &admin, key.clone());
        leptos_axum::redirect(crate::address::own(&back).unwrap_or(crate::room::KEYS.path));
    }
    Ok(Ok(with_use(&shared, &admin, key).await?))
}

/// The key that a form posted without WASM made just now, if this session made one. Gives it once.
#[server(prefix = "/web/fn", endpoint = "made_key")]
pub async fn take_made_key() -> Result<Option<MadeKey>, ApiError> {
    use relay::admin::flash;

    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let Some(made) = flash::take_key(&shared, &admin) else { return Ok(None) };
    Ok(Some(with_use(&shared, &admin, made).await?))
}

/// Renames a key.
#[server(prefix = "/web/fn", endpoint = "rename_key")]
pub async fn rename_key(id: KeyId, name: String) -> Result<Answer<()>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let form = super::typed::Form::typed(&[("name", &name)]);
    form.answer(relay::admin::key::rename(&shared, &admin, &id, &name).await)
}

/// Enables or disables a key.
#[server(prefix = "/web/fn", endpoint = "set_key_enabled")]
pub async fn set_key_enabled(id: KeyId, enabled: bool) -> Result<Answer<()>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    super::relay::answer(relay::admin::key::set_enabled(&shared, &admin, &id, enabled).await)
}

/// Deletes a key for good, and leads back to the list.
#[server(prefix = "/web/fn", endpoint = "delete_key")]
pub async fn delete_key(id: KeyId) -> Result<Answer<()>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let deleted = super::relay::answer(relay::admin::key::delete(&shared, &admin, &id).await)?;
    if deleted.is_ok() {
        leptos_axum::redirect(crate::room::KEYS.path);
    }
    Ok(deleted)
}

#[cfg(feature = "ssr")]
async fn with_use(
    shared: &relay::state::Shared,
    admin: &relay::admin::Admin,
    key: CreatedKey,
) -> Result<MadeKey, ApiError> {
    let rows = super::relay::read(relay::admin::key::list(shared, admin).await)?;
    let bound = rows.into_iter().find(|row| row.id == key.id).and_then(|row| row.bound);
    let sandbox = bound.is_some_and(|bound| bound.sandbox);
    Ok(MadeKey { key, sandbox, address: super::door::address(shared) })
}
