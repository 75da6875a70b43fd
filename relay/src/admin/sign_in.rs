//! Signing in to providers: begun with a link, ended with a pasted code, on the way kept for the session that began
//! it. No token ever leaves the server.

mod again;
mod grant;
mod ticket;

pub use again::{again, complete_with_tokens, find_over, set_project, test_proxy};
pub use ticket::{Opening, Ticketed, exchange, is_ticket, open};

use super::account::{self, Given, missing};
use super::{Admin, Error};
use crate::gate::sign_ins::{Begun, Granted, LASTS_MS, Owner};
use crate::model::account::{AccountKind, AccountRow, NewAccount};
use crate::model::id::AccountId;
use crate::model::problem::{FieldProblem, Problem};
use crate::model::sign_in::{NewSignIn, SignIn, SignInFlow};
use crate::provider::anthropic::oauth::{self as claude, Flow};
use crate::provider::google::oauth as google;
use crate::provider::oauth::{PasteError, Pasted, Pkce, random_state};
use crate::secret::{Secret, random_hex};
use crate::state::Shared;

/// Begins a sign-in: its link is to be opened by a person.
///
/// # Errors
/// A problem with a field, no such account, or a setting is missing.
pub async fn begin(
    shared: &Shared,
    admin: &Admin,
    new: NewSignIn,
    proxy_password: Option<Secret>,
) -> Result<SignIn, Error> {
    let now_ms = shared.clock.now_ms();
    let kind = new.kind;
    let (name, settings) = match &new.account {
        None => account::checked(shared, &new.name, kind, &new.settings)?,
        Some(id) => {
            let own = shared.accounts.find(id).filter(|own| own.kind == kind).ok_or_else(missing)?;
            (own.name.to_string(), account::settings_of(&own))
        }
    };
    let (pkce, state) = (Pkce::new(), random_state());
    let shown = SignIn {
        id: random_hex::<16>(),
        kind,
        flow: new.flow,
        name,
        settings,
        account: new.account,
        url: link(shared, kind, new.flow, &pkce, &state)?,
        is_granted: false,
        ends_ms: now_ms + LASTS_MS,
    };
    let begun =
        Begun { shown: shown.clone(), owner: owner(admin), pkce, state, proxy_password, granted: None };
    shared.sign_ins.put(begun, now_ms);
    tracing::info!(by = admin.name(), kind = kind.name(), "sign-in begun");
    Ok(shown)
}

/// A sign-in on its way, as after a reload in the middle.
///
/// # Errors
/// It is over, or another session's.
pub async fn find(shared: &Shared, admin: &Admin, id: &str) -> Result<SignIn, Error> {
    Ok(begun(shared, admin, id)?.shown)
}

/// Changes what the account is to be like, in the middle of a sign-in: its project, its proxy.
///
/// # Errors
/// A problem with a field; it is over, or another session's.
pub async fn change(
    shared: &Shared,
    admin: &Admin,
    id: &str,
    new: NewSignIn,
    proxy_password: Option<Secret>,
) -> Result<SignIn, Error> {
    let mut begun = begun(shared, admin, id)?;
    let (name, settings) = account::checked(shared, &new.name, begun.shown.kind, &new.settings)?;
    if settings.proxy != begun.shown.settings.proxy || proxy_password.is_some() {
        begun.proxy_password = proxy_password;
    }
    begun.shown.name = name;
    begun.shown.settings = settings;
    let shown = begun.shown.clone();
    shared.sign_ins.put(begun, shared.clock.now_ms());
    Ok(shown)
}

/// Ends a sign-in with what the person pasted: the account is made, or has its new tokens. After a failure the sign-in
/// goes on: another code can be pasted, or none where the last one was good.
///
/// # Errors
/// A problem with `code`, with the way to the provider, or with what it says; it is over, or another session's.
pub async fn complete(
    shared: &Shared,
    admin: &Admin,
    id: &str,
    pasted: &Secret,
) -> Result<AccountRow, Error> {
    let made = match granted(shared, &begun(shared, admin, id)?, pasted).await {
        // What was set may have been changed while the provider was asked.
        Ok(granted) => settle(shared, admin, begun(shared, admin, id)?, granted).await,
        Err(error) => Err(error),
    };
    if let Err(Error::Problem(FieldProblem { field, .. })) = &made
        && field == "code"
        && let Ok(begun) = begun(shared, admin, id)
    {
        // What it was good for is of no use here: another code is needed.
        let shown = SignIn { is_granted: false, ..begun.shown };
        shared.sign_ins.put(Begun { shown, granted: None, ..begun }, shared.clock.now_ms());
    }
    made
}

/// Makes an account of tokens that a person has already: a long-lived one, another program's file, a refresh token
/// alone, or a ticket.
///
/// # Errors
/// A problem with a field (`tokens` among them), or with the way to the provider.
pub async fn paste(
    shared: &Shared,
    admin: &Admin,
    new: NewAccount,
    pasted: &Secret,
    proxy_password: Option<Secret>,
) -> Result<AccountRow, Error> {
    let (name, settings) = account::checked(shared, &new.name, new.kind, &new.settings)?;
    let new = NewAccount { name, kind: new.kind, settings };
    if is_ticket(pasted.reveal()) {
        return ticket::redeem(shared, admin, new, pasted, proxy_password).await;
    }
    let way = grant::Way::new(shared, new.kind, new.settings.proxy.clone(), proxy_password.clone())?;
    let granted = way.pasted(pasted, &new.settings.project).await?;
    create(shared, admin, new, proxy_password, granted).await
}

/// Signs in to an account anew with tokens that a person has already, in any of the forms that [`paste`] takes.
///
/// # Errors
/// A problem with `tokens` or with the way to the provider, somebody else's tokens, or no such account.
pub async fn paste_into(
    shared: &Shared,
    admin: &Admin,
    id: &AccountId,
    pasted: &Secret,
) -> Result<AccountRow, Error> {
    let own = shared.accounts.find(id).ok_or_else(missing)?;
    if is_ticket(pasted.reveal()) {
        return ticket::redeem_into(shared, admin, id, own.kind, pasted).await;
    }
    let granted = grant::Way::of(shared, id)?.pasted(pasted, &own.project).await?;
    renew(shared, admin, id, granted).await
}

/// What a sign-in comes to in the end. A failure leaves it as it was.
async fn settle(shared: &Shared, admin: &Admin, begun: Begun, granted: Granted) -> Result<AccountRow, Error> {
    let Begun { shown, proxy_password, .. } = begun;
    let made = match &shown.account {
        Some(account) => {
            renew(shared, admin, account, granted).await?;
            set_own_project(shared, admin, account, &shown.settings.project).await?
        }
        None => {
            let new = NewAccount { name: shown.name, kind: shown.kind, settings: shown.settings };
            create(shared, admin, new, proxy_password, granted).await?
        }
    };
    shared.sign_ins.forget(&shown.id);
    Ok(made)
}

/// Gives an account the project that turned out to be missing on the way, if it is another than it had.
async fn set_own_project(
    shared: &Shared,
    admin: &Admin,
    id: &AccountId,
    project: &str,
) -> Result<AccountRow, Error> {
    let mut settings = account::settings(shared, admin, id).await?;
    if settings.project == project {
        return account::find_row(shared, id).await;
    }
    settings.project = project.to_owned();
    let change = account::Change { settings: Some(settings), ..account::Change::default() };
    account::update(shared, admin, id, change, None).await
}

async fn create(
    shared: &Shared,
    admin: &Admin,
    new: NewAccount,
    proxy_password: Option<Secret>,
    granted: Granted,
) -> Result<AccountRow, Error> {
    let tokens = Some((granted.tokens, granted.identity));
    account::create(shared, admin, new, Given { secret: None, proxy_password, tokens }).await
}

/// Puts new tokens into an account that exists. Its books are its owner's: nobody else may take it over.
async fn renew(
    shared: &Shared,
    admin: &Admin,
    id: &AccountId,
    granted: Granted,
) -> Result<AccountRow, Error> {
    let own = shared.accounts.find(id).ok_or_else(missing)?;
    let known = own.identity();
    if !known.may_be(&granted.identity) {
        let (wanted, found) = (grant::owner_name(&known), grant::owner_name(&granted.identity));
        return Err(Error::field("code", Problem::OtherOwner { wanted, found }));
    }
    let identity = granted.identity.or(Clone::clone(&known));
    account::sign_in(shared, admin, &own, granted.tokens, identity).await
}

/// What a sign-in was granted: for the code, or before for an earlier one.
async fn granted(shared: &Shared, begun: &Begun, pasted: &Secret) -> Result<Granted, Error> {
    let way = grant::Way::of_sign_in(shared, begun)?;
    let granted = exchanged(shared, begun, &way, pasted).await?;
    way.identified(granted, &begun.shown.settings.project).await
}

/// The tokens for the code, or those that an earlier one brought.
async fn exchanged(
    shared: &Shared,
    begun: &Begun,
    way: &grant::Way<'_>,
    pasted: &Secret,
) -> Result<Granted, Error> {
    if let (Some(granted), "") = (&begun.granted, pasted.reveal().trim()) {
        return Ok(granted.clone());
    }
    let pasted = Pasted::parse(pasted.reveal()).map_err(|error| bad_paste(&error))?;
    if !pasted.is_for(&begun.state) {
        return Err(Error::field("code", Problem::OtherSignIn));
    }
    let granted = way.exchange(&pasted.code, begun).await?;
    // From here on the code is used up: whatever fails below must not cost the person another one.
    let mut kept = begun.clone();
    kept.granted = Some(granted.clone());
    kept.shown.is_granted = true;
    shared.sign_ins.put(kept, shared.clock.now_ms());
    Ok(granted)
}

fn begun(shared: &Shared, admin: &Admin, id: &str) -> Result<Begun, Error> {
    let found = shared.sign_ins.find(id, &owner(admin), shared.clock.now_ms());
    found.ok_or_else(|| Error::whole(Problem::SignInOver))
}

fn owner(admin: &Admin) -> Owner {
    admin.session.as_ref().map(|session| session.hash)
}

fn link(
    shared: &Shared,
    kind: AccountKind,
    flow: SignInFlow,
    pkce: &Pkce,
    state: &str,
) -> Result<String, Error> {
    let config = &shared.config;
    match (kind, flow) {
        (AccountKind::ClaudeOauth, flow) => {
            Ok(claude::authorize_url(&config.anthropic, pkce, state, claude_flow(flow)))
        }
        (AccountKind::GeminiOauth, SignInFlow::Session) if config.google.client_secret.is_none() => {
            let cause =
                "SWITCHYARD_GOOGLE_CLIENT_SECRET is not set: Google's sign-in needs the secret of its client";
            Err(Error::whole(Problem::Misconfigured { cause: cause.to_owned() }))
        }
        (AccountKind::GeminiOauth, SignInFlow::Session) => {
            Ok(google::authorize_url(&config.google, pkce, state))
        }
        _ => Err(Error::field("kind", Problem::NotFound)),
    }
}

fn claude_flow(flow: SignInFlow) -> Flow {
    match flow {
        SignInFlow::Session => Flow::SignIn,
        SignInFlow::LongLived => Flow::SetupToken,
    }
}

fn bad_paste(error: &PasteError) -> Error {
    Error::field(
        "code",
        match error {
            PasteError::Empty => Problem::Required,
            PasteError::Denied => Problem::AccessDenied,
            PasteError::Unopened => Problem::LinkPasted,
            PasteError::Provider(_) | PasteError::NoCode | PasteError::Unusable => {
                Problem::NotPasted { why: error.to_string() }
            }
        },
    )
}
