//! Upstream accounts.

#[cfg(feature = "ssr")]
mod edit;
pub(crate) mod form;

use form::AccountForm;
use leptos::prelude::*;
use relay::model::account::{AccountDetail, AccountKind, AccountRow, TestStep};
use relay::model::id::AccountId;
#[cfg(feature = "ssr")]
use relay::model::problem::Problem;
use serde::{Deserialize, Serialize};

use super::error::{Answer, ApiError};

/// Every account.
#[server(prefix = "/web/fn", endpoint = "accounts")]
pub async fn get_accounts() -> Result<Vec<AccountRow>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    super::relay::read(relay::admin::account::list(&shared, &admin).await)
}

/// One account, if it is there.
#[server(prefix = "/web/fn", endpoint = "account")]
pub async fn get_account(id: AccountId) -> Result<Option<AccountRow>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let rows = super::relay::read(relay::admin::account::list(&shared, &admin).await)?;
    Ok(rows.into_iter().find(|row| row.id == id))
}

/// Everything that an account's own page shows, if the account is there.
#[server(prefix = "/web/fn", endpoint = "account_detail")]
pub async fn get_detail(id: AccountId) -> Result<Option<AccountDetail>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    match relay::admin::account::detail(&shared, &admin, &id).await {
        Err(error) if error.for_person().problem == Problem::NotFound => Ok(None),
        read => super::relay::read(read).map(Some),
    }
}

/// Changes how an account is set, or tries the proxy that the form holds. A secret that is left out stays.
#[server(prefix = "/web/fn", endpoint = "edit_account")]
pub async fn edit_account(
    id: AccountId,
    #[server(default)] deed: Deed,
    #[server(flatten)] form: AccountForm,
) -> Result<Answer<Vec<TestStep>>, ApiError> {
    use relay::admin::flash;

    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let typed = form.typed("");
    let come = match deed {
        Deed::TestProxy => edit::test_proxy(&shared, &admin, &id, &form).await,
        Deed::GoOn => edit::save(&shared, &admin, &id, &form).await,
    };
    if let (Ok(steps), Deed::TestProxy, true) = (&come, deed, super::request::is_form_without_wasm()) {
        typed.keep();
        flash::leave_proxy_test(&shared, &admin, steps.clone());
    }
    typed.answer(come)
}

/// Renews an account's tokens now.
#[server(prefix = "/web/fn", endpoint = "refresh_account")]
pub async fn refresh_account(id: AccountId) -> Result<Answer<()>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    super::relay::answer(relay::admin::account::refresh(&shared, &admin, &id).await.map(drop))
}

/// Adds an account that needs no sign-in, and leads to `back`.
#[server(prefix = "/web/fn", endpoint = "create_account")]
pub async fn create_account(
    kind: AccountKind,
    #[server(default)] back: String,
    #[server(flatten)] form: AccountForm,
) -> Result<Answer<()>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let created = form.typed(kind.name()).answer(create(&shared, &admin, kind, &form).await)?;
    Ok(created.map(|account| {
        let own = crate::address::account::one(&account.id);
        leptos_axum::redirect(crate::address::own(&back).unwrap_or(&own));
    }))
}

/// Takes the settings of an account to be: tries its proxy, or goes on to the next step of the wizard. `sign_in` is
/// the one that they are for, if one is under way.
#[server(prefix = "/web/fn", endpoint = "set_up_account")]
pub async fn set_up_account(
    kind: AccountKind,
    #[server(default)] deed: Deed,
    #[server(default)] sign_in: String,
    #[server(flatten)] form: AccountForm,
) -> Result<Answer<Vec<TestStep>>, ApiError> {
    use relay::admin::flash;

    use super::relay::Permitted;
    use super::sign_in::steps;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let typed = form.typed(kind.name());
    let come = match deed {
        Deed::TestProxy => steps::test_proxy(&shared, &admin, kind, &sign_in, &form).await,
        Deed::GoOn => steps::go_on(&shared, &admin, kind, &sign_in, &form).await.map(|step| {
            leptos_axum::redirect(&step.href());
            Vec::new()
        }),
    };
    if let (Ok(steps), Deed::TestProxy, true) = (&come, deed, super::request::is_form_without_wasm()) {
        typed.keep();
        flash::leave_proxy_test(&shared, &admin, steps.clone());
    }
    typed.answer(come)
}

/// How the test of a proxy went that a form posted without WASM asked for just now. Says it once.
#[server(prefix = "/web/fn", endpoint = "tested_proxy")]
pub async fn take_proxy_test() -> Result<Option<Vec<TestStep>>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    Ok(relay::admin::flash::take_proxy_test(&shared, &admin))
}

/// Which button of a form of settings was pressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// The one that saves them.
    #[default]
    GoOn,
    /// The one that tries the proxy.
    TestProxy,
}

#[cfg(feature = "ssr")]
pub(crate) async fn create(
    shared: &relay::state::Shared,
    admin: &relay::admin::Admin,
    kind: AccountKind,
    form: &AccountForm,
) -> Result<AccountRow, relay::admin::Error> {
    use relay::admin::account::{self, Given};
    use relay::model::account::NewAccount;

    let name = account::name_or_kind(shared, &form.name, kind);
    let given = Given { secret: form.secret(), proxy_password: form.proxy_password(), ..Given::default() };
    account::create(shared, admin, NewAccount { name, kind, settings: form.settings()? }, given).await
}

/// Tries an account with a real message of one token. A form posted without WASM leads to the account, which shows how
/// it went.
#[server(prefix = "/web/fn", endpoint = "test_account")]
pub async fn test_account(id: AccountId) -> Result<Answer<Vec<TestStep>>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let steps = super::relay::answer(relay::admin::account::test(&shared, &admin, &id).await)?;
    if let (Ok(steps), true) = (&steps, super::request::is_form_without_wasm()) {
        leptos_axum::redirect(&crate::address::account::one(&id));
        relay::admin::flash::leave_test(&shared, &admin, id, steps.clone());
    }
    Ok(steps)
}

/// How the test of an account went that a form posted without WASM began just now, if this session did. Says it once.
#[server(prefix = "/web/fn", endpoint = "tested_account")]
pub async fn take_test(id: AccountId) -> Result<Option<Vec<TestStep>>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    Ok(relay::admin::flash::take_test(&shared, &admin, &id))
}

/// Gives an account no new calls.
#[server(prefix = "/web/fn", endpoint = "pause_account")]
pub async fn pause_account(id: AccountId) -> Result<Answer<()>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    super::relay::answer(relay::admin::account::pause(&shared, &admin, &id).await.map(drop))
}

/// Takes an account back into service.
#[server(prefix = "/web/fn", endpoint = "resume_account")]
pub async fn resume_account(id: AccountId) -> Result<Answer<()>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    super::relay::answer(relay::admin::account::resume(&shared, &admin, &id).await.map(drop))
}

/// Ends an account's cooldowns: it gets calls at once.
#[server(prefix = "/web/fn", endpoint = "clear_cooldowns")]
pub async fn clear_cooldowns(id: AccountId) -> Result<Answer<()>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    super::relay::answer(relay::admin::account::clear_cooldowns(&shared, &admin, &id).await.map(drop))
}

/// Deletes an account for good, and leads back to the list.
#[server(prefix = "/web/fn", endpoint = "delete_account")]
pub async fn delete_account(id: AccountId) -> Result<Answer<()>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let deleted = super::relay::answer(relay::admin::account::delete(&shared, &admin, &id).await)?;
    if deleted.is_ok() {
        leptos_axum::redirect(crate::room::ACCOUNTS.path);
    }
    Ok(deleted)
}
