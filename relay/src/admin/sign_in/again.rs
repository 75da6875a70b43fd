//! What the console's wizard does in the middle of a sign-in: begins it again with what was set before, names the
//! project that turned out to be missing, ends it with tokens in the place of a code.

use super::{Admin, Error, begun, grant, link, owner, settle};
use crate::admin::account;
use crate::gate::sign_ins::{Begun, LASTS_MS};
use crate::model::account::{AccountRow, TestStep};
use crate::model::problem::Problem;
use crate::model::proxy::ProxyAddress;
use crate::model::sign_in::{SignIn, SignInFlow};
use crate::provider::oauth::{Pkce, random_state};
use crate::secret::{Secret, random_hex};
use crate::state::Shared;

/// A sign-in of this session's that ended unfinished and can be begun [`again`], if it is still remembered.
pub fn find_over(shared: &Shared, admin: &Admin, id: &str) -> Option<SignIn> {
    let begun = shared.sign_ins.remembered(id, &owner(admin))?;
    (begun.shown.ends_ms <= shared.clock.now_ms()).then_some(begun.shown)
}

/// Begins a sign-in anew, over or not, with all that was set for it and a link of its own. The old one is over.
///
/// # Errors
/// It is not remembered, or another session's, or a setting is missing.
pub async fn again(shared: &Shared, admin: &Admin, id: &str, flow: SignInFlow) -> Result<SignIn, Error> {
    let old = shared.sign_ins.remembered(id, &owner(admin)).ok_or(Error::whole(Problem::SignInOver))?;
    let now_ms = shared.clock.now_ms();
    let (pkce, state) = (Pkce::new(), random_state());
    let shown = SignIn {
        id: random_hex::<16>(),
        flow,
        url: link(shared, old.shown.kind, flow, &pkce, &state)?,
        is_granted: false,
        ends_ms: now_ms + LASTS_MS,
        ..old.shown
    };
    shared.sign_ins.put(Begun { shown: shown.clone(), pkce, state, granted: None, ..old }, now_ms);
    shared.sign_ins.forget(id);
    tracing::info!(by = admin.name(), kind = shown.kind.name(), "sign-in begun again");
    Ok(shown)
}

/// Names the project that Code Assist shall use, for an account to be and for one that exists.
///
/// # Errors
/// A problem with `project`; it is over, or another session's.
pub async fn set_project(shared: &Shared, admin: &Admin, id: &str, project: &str) -> Result<(), Error> {
    let mut begun = begun(shared, admin, id)?;
    begun.shown.settings.project = account::checked_project(project)?;
    shared.sign_ins.put(begun, shared.clock.now_ms());
    Ok(())
}

/// Tries a proxy for a sign-in. Without a password it is the one that was given before, if the proxy is the same.
///
/// # Errors
/// A problem with one of its fields; it is over, or another session's. What the test met is in its steps.
pub async fn test_proxy(
    shared: &Shared,
    admin: &Admin,
    id: &str,
    address: &ProxyAddress,
    password: Option<Secret>,
) -> Result<Vec<TestStep>, Error> {
    let Begun { shown, proxy_password, .. } = begun(shared, admin, id)?;
    let known = proxy_password.filter(|_| shown.settings.proxy.as_ref() == Some(address));
    account::test_proxy(shared, admin, shown.kind, address, password.or(known)).await
}

/// Ends a sign-in with tokens that the person has already, in the place of a code.
///
/// # Errors
/// A problem with `tokens`, with the way to the provider, or with what it says; it is over, or another session's.
pub async fn complete_with_tokens(
    shared: &Shared,
    admin: &Admin,
    id: &str,
    pasted: &Secret,
) -> Result<AccountRow, Error> {
    let begun = begun(shared, admin, id)?;
    let way = grant::Way::of_sign_in(shared, &begun)?;
    let granted = way.pasted(pasted, &begun.shown.settings.project).await?;
    settle(shared, admin, begun, granted).await
}
