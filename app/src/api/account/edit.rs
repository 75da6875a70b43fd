//! What the form of an account's settings asks of the relay.

use relay::admin::account::{self, Change, Given};
use relay::admin::{Admin, Error};
use relay::model::account::TestStep;
use relay::model::id::AccountId;
use relay::model::problem::Problem;
use relay::state::Shared;

use super::form::AccountForm;

/// Tries the proxy that a form holds, with the account's own password where none is given.
pub(super) async fn test_proxy(
    shared: &Shared,
    admin: &Admin,
    id: &AccountId,
    form: &AccountForm,
) -> Result<Vec<TestStep>, Error> {
    let Some(proxy) = form.proxy()? else {
        return Err(Error::field("proxy_kind", Problem::Required));
    };
    account::test_own_proxy(shared, admin, id, &proxy, form.proxy_password()).await
}

/// Saves what a form holds.
pub(super) async fn save(
    shared: &Shared,
    admin: &Admin,
    id: &AccountId,
    form: &AccountForm,
) -> Result<Vec<TestStep>, Error> {
    let change = Change { name: Some(form.name.clone()), settings: Some(form.settings()?) };
    let given = Given { secret: form.secret(), proxy_password: form.proxy_password(), ..Given::default() };
    account::update(shared, admin, id, change, given).await?;
    Ok(Vec::new())
}
