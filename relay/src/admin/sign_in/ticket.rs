//! Tickets in the place of tokens, for scripts that exchange a code in one step and make the account in another: they
//! stand for tokens on the server, are good once, and for ten minutes.

use super::{Admin, Error, begun, create, exchanged, grant, link, owner, renew};
use crate::admin::account;
use crate::gate::sign_ins::{Begun, Granted, LASTS_MS, Ticket};
use crate::model::account::{AccountKind, AccountRow, AccountSettings, NewAccount};
use crate::model::id::AccountId;
use crate::model::problem::Problem;
use crate::model::proxy::ProxyAddress;
use crate::model::sign_in::{SignIn, SignInFlow};
use crate::provider::oauth::{Pkce, random_state};
use crate::secret::{Secret, random_hex};
use crate::state::{Shared, Switchyard};

/// What a script gets for a code.
#[derive(Clone, Debug)]
pub struct Ticketed {
    /// Stands for the access token.
    pub access: Secret,
    /// Stands for the refresh token, where there is one.
    pub refresh: Option<Secret>,
    /// When the access token ends, milliseconds since 1970.
    pub ends_ms: Option<i64>,
    /// What the tokens are good for.
    pub scopes: Vec<String>,
    /// The plan's name, where it is known.
    pub plan: Option<String>,
}

/// What a script begins a sign-in with: the account is described only when its tokens are there.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Of a kind that is signed in to.
    pub kind: AccountKind,
    /// How.
    pub flow: SignInFlow,
    /// Through what the code is redeemed.
    pub proxy: Option<ProxyAddress>,
    /// The password of that proxy.
    pub proxy_password: Option<Secret>,
    /// The script's own state, to come back with the code; a random one if nothing.
    pub state: Option<String>,
}

const PREFIX: &str = "ticket_";
const REFRESH: &str = "_refresh";
const STATE_MAX: usize = 512;

/// Begins a sign-in that ends in a ticket.
///
/// # Errors
/// A problem with the proxy or the state, or a setting is missing.
pub async fn open(shared: &Shared, admin: &Admin, opening: Opening) -> Result<SignIn, Error> {
    let Opening { kind, flow, proxy, proxy_password, state } = opening;
    let now_ms = shared.clock.now_ms();
    let proxy = proxy.map(|proxy| account::checked_proxy(&proxy)).transpose()?;
    let state = state.map_or_else(|| Ok(random_state()), checked_state)?;
    let pkce = Pkce::new();
    let shown = SignIn {
        id: random_hex::<16>(),
        kind,
        flow,
        name: String::new(),
        settings: AccountSettings { proxy, ..AccountSettings::default() },
        account: None,
        url: link(shared, kind, flow, &pkce, &state)?,
        is_granted: false,
        ends_ms: now_ms + LASTS_MS,
    };
    let begun =
        Begun { shown: shown.clone(), owner: owner(admin), pkce, state, proxy_password, granted: None };
    shared.sign_ins.put(begun, now_ms);
    tracing::info!(by = admin.name(), kind = kind.name(), "sign-in begun for a ticket");
    Ok(shown)
}

fn checked_state(state: String) -> Result<String, Error> {
    match state.len() {
        0 => Err(Error::field("state", Problem::Required)),
        length if length > STATE_MAX => Err(Error::field("state", Problem::TooLong { max: 512 })),
        _ if !state.bytes().all(|byte| byte.is_ascii_graphic()) => {
            Err(Error::field("state", Problem::BadCharacters))
        }
        _ => Ok(state),
    }
}

/// Redeems a code and keeps the tokens here.
///
/// # Errors
/// A problem with `code`, or with the way to the provider; it is over, or another session's.
pub async fn exchange(shared: &Shared, admin: &Admin, id: &str, pasted: &Secret) -> Result<Ticketed, Error> {
    let begun = begun(shared, admin, id)?;
    let way = grant::Way::of_sign_in(shared, &begun)?;
    let granted = exchanged(shared, &begun, &way, pasted).await?;
    let granted = way.whose(granted).await?;
    shared.sign_ins.forget(id);
    let ticket = format!("{PREFIX}{}", random_hex::<32>());
    let ticketed = Ticketed {
        refresh: granted.tokens.refresh.as_ref().map(|_| Secret::new(format!("{ticket}{REFRESH}"))),
        access: Secret::new(ticket.clone()),
        ends_ms: granted.tokens.ends_ms,
        scopes: granted.scopes.clone(),
        plan: granted.identity.plan.clone(),
    };
    let now_ms = shared.clock.now_ms();
    shared.sign_ins.put_ticket(
        ticket,
        Ticket { kind: begun.shown.kind, ends_ms: now_ms + LASTS_MS, granted },
        now_ms,
    );
    Ok(ticketed)
}

/// Whether a text is a ticket rather than a token.
pub fn is_ticket(text: &str) -> bool {
    text.trim().starts_with(PREFIX)
}

/// Makes an account of the tokens behind a ticket.
pub(super) async fn redeem(
    shared: &Shared,
    admin: &Admin,
    new: NewAccount,
    ticket: &Secret,
    proxy_password: Option<Secret>,
) -> Result<AccountRow, Error> {
    let way = grant::Way::new(shared, new.kind, new.settings.proxy.clone(), proxy_password.clone())?;
    let held = Held::take(shared, ticket, new.kind)?;
    let granted = way.identified(held.granted()?, &new.settings.project).await?;
    let made = create(shared, admin, new, proxy_password, granted).await?;
    held.used();
    Ok(made)
}

/// Puts the tokens behind a ticket into an account that exists.
pub(super) async fn redeem_into(
    shared: &Shared,
    admin: &Admin,
    id: &AccountId,
    kind: AccountKind,
    ticket: &Secret,
) -> Result<AccountRow, Error> {
    let way = grant::Way::of(shared, id)?;
    let held = Held::take(shared, ticket, kind)?;
    let project = shared.accounts.find(id).map(|account| account.project.clone()).unwrap_or_default();
    let granted = way.identified(held.granted()?, &project).await?;
    let row = renew(shared, admin, id, granted).await?;
    held.used();
    Ok(row)
}

/// A ticket taken out, so that nobody else can use it. It goes back unless it was used: a name that is taken must not
/// cost a sign-in.
struct Held<'a> {
    relay: &'a Switchyard,
    name: String,
    ticket: Option<Ticket>,
}

impl<'a> Held<'a> {
    fn take(shared: &'a Shared, ticket: &Secret, kind: AccountKind) -> Result<Self, Error> {
        let name = ticket.reveal().trim();
        let name = name.strip_suffix(REFRESH).unwrap_or(name).to_owned();
        let taken = shared.sign_ins.take_ticket(&name, kind, shared.clock.now_ms());
        let ticket = Some(taken.ok_or_else(over)?);
        Ok(Self { relay: shared, name, ticket })
    }

    fn granted(&self) -> Result<Granted, Error> {
        self.ticket.as_ref().map(|ticket| ticket.granted.clone()).ok_or_else(over)
    }

    fn used(mut self) {
        self.ticket = None;
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if let Some(ticket) = self.ticket.take() {
            self.relay.sign_ins.put_ticket(std::mem::take(&mut self.name), ticket, self.relay.clock.now_ms());
        }
    }
}

fn over() -> Error {
    Error::field("tokens", Problem::TicketOver)
}
