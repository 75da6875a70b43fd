//! Upstream accounts.

use leptos::prelude::*;
use relay::model::account::{AccountKind, AccountRow, TestStep};
use relay::model::id::AccountId;

use super::error::{Answer, ApiError};

/// Every account.
#[server(prefix = "/web/fn", endpoint = "accounts")]
pub async fn get_accounts() -> Result<Vec<AccountRow>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    super::relay::read(relay::admin::account::list(&shared, &admin).await)
}

/// Adds an account and leads to `back`, or to the account itself.
#[server(prefix = "/web/fn", endpoint = "create_account")]
pub async fn create_account(
    name: String,
    kind: AccountKind,
    #[server(default)] base_url: String,
    #[server(default)] secret: String,
    #[server(default)] priority: String,
    #[server(default)] back: String,
) -> Result<Answer<AccountRow>, ApiError> {
    use relay::model::account::NewAccount;
    use relay::model::problem::{FieldProblem, Problem};

    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    // What stands before an @ may be a password.
    let address = if base_url.contains('@') { "" } else { &*base_url };
    let fields = [("name", &*name), ("kind", kind.name()), ("base_url", address), ("priority", &*priority)];
    let form = super::typed::Form::typed(&fields);
    let priority = match priority.trim() {
        "" => Ok(1),
        given => given.parse(),
    };
    let Ok(priority) = priority else {
        let problem = FieldProblem::at("priority", Problem::OutOfRange { min: 1, max: 100 });
        return form.answer(Err(problem.into()));
    };
    let name = match (name.trim(), kind) {
        ("", AccountKind::ClaudeApiKey | AccountKind::ClaudeOauth) => "claude".to_owned(),
        ("", AccountKind::GeminiApiKey | AccountKind::GeminiOauth) => "gemini".to_owned(),
        ("", AccountKind::Sandbox) => "sandbox".to_owned(),
        _ => name,
    };
    let mut new = NewAccount::new(name, kind);
    new.settings.base_url = base_url;
    new.settings.priority = priority;
    let created = relay::admin::account::create(&shared, &admin, new, secret).await;
    let created = form.answer(created)?;
    if let Ok(account) = &created {
        let own = crate::address::Address::new(crate::room::ACCOUNTS.path);
        let own = own.with("account", account.id.as_str()).text();
        leptos_axum::redirect(crate::address::own(&back).unwrap_or(&own));
    }
    Ok(created)
}

/// Tries an account with a real message of one token. A form posted without WASM leads to the account, which shows how
/// it went.
#[server(prefix = "/web/fn", endpoint = "test_account")]
pub async fn test_account(id: AccountId) -> Result<Answer<Vec<TestStep>>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let steps = super::relay::answer(relay::admin::account::test(&shared, &admin, &id).await)?;
    if let (Ok(steps), true) = (&steps, super::request::is_form_without_wasm()) {
        let account = crate::address::Address::new(crate::room::ACCOUNTS.path);
        leptos_axum::redirect(&account.with("account", id.as_str()).text());
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
