//! Tickets in the place of tokens, for scripts that exchange a code in one step and make the account in another: they
//! stand for tokens on the server, are good once, and for ten minutes.

use super::{Admin, Error, begun, granted};
use crate::admin::account::Given;
use crate::model::problem::Problem;
use crate::secret::{Secret, random_hex};
use crate::state::Shared;

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

const PREFIX: &str = "ticket_";

/// Redeems a code and keeps the tokens here.
///
/// # Errors
/// As [`super::complete`].
pub async fn exchange(shared: &Shared, admin: &Admin, id: &str, pasted: &Secret) -> Result<Ticketed, Error> {
    let begun = begun(shared, admin, id)?;
    let granted = granted(shared, &begun, pasted).await?;
    shared.sign_ins.forget(id);
    let ticket = format!("{PREFIX}{}", random_hex::<32>());
    let ticketed = Ticketed {
        refresh: granted.tokens.refresh.as_ref().map(|_| Secret::new(format!("{ticket}_refresh"))),
        access: Secret::new(ticket.clone()),
        ends_ms: granted.tokens.ends_ms,
        scopes: granted.scopes.clone(),
        plan: granted.identity.plan.clone(),
    };
    shared.sign_ins.ticket(ticket, granted, shared.clock.now_ms());
    Ok(ticketed)
}

/// Whether a text is a ticket rather than a token.
pub fn is_ticket(text: &str) -> bool {
    text.starts_with(PREFIX)
}

/// The tokens that a ticket stands for; it is used up.
///
/// # Errors
/// It is none, was used, or is too old.
pub fn redeem(shared: &Shared, _admin: &Admin, ticket: &Secret) -> Result<Given, Error> {
    let ticket = ticket.reveal().trim();
    let ticket = ticket.strip_suffix("_refresh").unwrap_or(ticket);
    let granted = shared.sign_ins.redeem(ticket, shared.clock.now_ms());
    let granted = granted.ok_or_else(|| Error::field("tokens", Problem::TicketOver))?;
    Ok(Given { tokens: Some((granted.tokens, granted.identity)), ..Given::default() })
}
