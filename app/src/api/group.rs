//! Groups of accounts.

use leptos::prelude::*;
use relay::model::group::GroupRow;
use relay::model::id::{AccountId, GroupId};

use super::error::{Answer, ApiError};

/// Every group.
#[server(prefix = "/web/fn", endpoint = "groups")]
pub async fn get_groups() -> Result<Vec<GroupRow>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    super::relay::read(relay::admin::group::list(&shared, &admin).await)
}

/// Makes a group where `id` is empty, else changes the one of that id; leads back to the list.
#[server(prefix = "/web/fn", endpoint = "put_group")]
pub async fn put_group(
    #[server(default)] id: String,
    name: String,
    #[server(default)] accounts: Vec<AccountId>,
) -> Result<Answer<()>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let form = super::typed::Form::typed(&[("name", &name)]);
    let id = (!id.is_empty()).then(|| GroupId::new(id));
    let put = form.answer(relay::admin::group::put(&shared, &admin, id, &name, accounts).await)?;
    Ok(put.map(|_| leptos_axum::redirect(crate::room::ACCOUNTS.path)))
}

/// Deletes a group, and leads back to the list; its accounts stay.
#[server(prefix = "/web/fn", endpoint = "delete_group")]
pub async fn delete_group(id: GroupId) -> Result<Answer<()>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let deleted = super::relay::answer(relay::admin::group::delete(&shared, &admin, &id).await)?;
    Ok(deleted.map(|()| leptos_axum::redirect(crate::room::ACCOUNTS.path)))
}
