//! What the wizard's forms ask of the relay, and to which step that leads.

use relay::admin::{self, Admin, Error, account, sign_in};
use relay::model::account::{AccountKind, TestStep};
use relay::model::id::AccountId;
use relay::model::problem::Problem;
use relay::model::sign_in::{NewSignIn, SignInFlow};
use relay::state::Shared;

use crate::address::account::Step;
use crate::api::account::form::AccountForm;

/// Tries the proxy that a form holds. `id` is the sign-in that it is for, empty if none is under way.
pub(crate) async fn test_proxy(
    shared: &Shared,
    admin: &Admin,
    kind: AccountKind,
    id: &str,
    form: &AccountForm,
) -> Result<Vec<TestStep>, Error> {
    let Some(proxy) = form.proxy()? else {
        return Err(Error::field("proxy_kind", Problem::Required));
    };
    let password = form.proxy_password();
    match id {
        "" => account::test_proxy(shared, admin, kind, &proxy, password).await,
        id => sign_in::test_proxy(shared, admin, id, &proxy, password).await,
    }
}

/// Takes the settings that a form holds: the account is made, or its sign-in begins or goes on.
pub(crate) async fn go_on(
    shared: &Shared,
    admin: &Admin,
    kind: AccountKind,
    id: &str,
    form: &AccountForm,
) -> Result<Step, Error> {
    if !kind.is_oauth() {
        let made = crate::api::account::create(shared, admin, kind, form).await?;
        return Ok(Step::Done(made.id));
    }
    let new = NewSignIn {
        kind,
        flow: SignInFlow::default(),
        name: account::name_or_kind(shared, &form.name, kind),
        settings: form.settings()?,
        account: None,
    };
    let sign_in = match id {
        "" => sign_in::begin(shared, admin, new, form.proxy_password()).await?,
        id => sign_in::change(shared, admin, id, new, form.proxy_password()).await?,
    };
    Ok(Step::Authorise(sign_in.id))
}

/// Begins a sign-in to an account that exists.
pub(crate) async fn begin_to(shared: &Shared, admin: &Admin, id: AccountId) -> Result<Step, Error> {
    let account = account::find(shared, admin, &id).await?;
    let new = NewSignIn {
        kind: account.kind,
        flow: SignInFlow::default(),
        name: account.name,
        settings: account::settings(shared, admin, &id).await?,
        account: Some(id),
    };
    Ok(Step::Authorise(sign_in::begin(shared, admin, new, None).await?.id))
}

/// Ends a sign-in with what was pasted, with the project that was named on the way.
pub(crate) async fn complete(
    shared: &Shared,
    admin: &Admin,
    id: &str,
    pasted: String,
    project: Option<String>,
) -> Result<Step, admin::Error> {
    if let Some(project) = project {
        sign_in::set_project(shared, admin, id, &project).await?;
    }
    Ok(Step::Done(sign_in::complete(shared, admin, id, &pasted.into()).await?.id))
}
