//! An account's tokens: put in by a new sign-in, renewed on a person's wish.

use std::sync::Arc;

use super::{clear, find_row, forget_cooldowns, missing};
use crate::admin::{Admin, Error};
use crate::model::account::{AccountRow, RefreshRow};
use crate::model::id::AccountId;
use crate::model::identity::Identity;
use crate::model::live::LiveEvent;
use crate::model::problem::Problem;
use crate::provider::credential::{Credential, Tokens};
use crate::quota;
use crate::schedule::account::Account;
use crate::state::{Shared, sealed};
use crate::store::token;

/// Puts the tokens of a new sign-in into an account: it can serve at once.
///
/// # Errors
/// There is no such account, or the store fails.
pub(in crate::admin) async fn sign_in(
    shared: &Shared,
    admin: &Admin,
    account: &Arc<Account>,
    tokens: Tokens,
    identity: Identity,
) -> Result<AccountRow, Error> {
    let (id, version) = (&account.id, account.credential().tokens().map_or(0, |tokens| tokens.version));
    let tokens = Tokens { version: version + 1, ..tokens };
    let stored = sealed::seal_tokens(&shared.vault, id, &tokens);
    if !token::sign_in(&shared.store, id.clone(), stored, identity.clone()).await? {
        return Err(missing());
    }
    account.set_credential(Credential::Tokens(tokens));
    account.set_identity(identity);
    account.renewal().succeeded();
    account.set_parked(None);
    forget_cooldowns(shared, account);
    quota::ask_first(shared, account).await;
    tracing::info!(by = admin.name(), account = %id, "signed in anew");
    shared.live.tell(LiveEvent::Accounts);
    find_row(shared, id).await
}

/// Renews an account's tokens now.
///
/// # Errors
/// There is no such account, it has no tokens, or they could not be renewed (the cause is in the problem).
pub async fn refresh(shared: &Shared, admin: &Admin, id: &AccountId) -> Result<AccountRow, Error> {
    let account = shared.accounts.find(id).ok_or_else(missing)?;
    let version = account.credential().tokens().map(|tokens| tokens.version);
    let Some(version) = version else {
        let why = "it has no tokens to renew".to_owned();
        return Err(Error::whole(Problem::Conflict { why }));
    };
    // A person's wish does not wait for the end of a pause after failures.
    account.renewal().succeeded();
    let renewed = crate::token::renew(shared, &account, version).await;
    tracing::info!(by = admin.name(), account = %id, renewed = renewed.is_ok(), "refresh asked for");
    renewed.map_err(|stale| Error::whole(Problem::ProviderFailed { cause: stale.to_string() }))?;
    if account.needs_sign_in() {
        clear(shared, &account).await?;
    }
    find_row(shared, id).await
}

/// An account's latest refreshes, newest first.
///
/// # Errors
/// If the store fails.
pub async fn refreshes(shared: &Shared, _admin: &Admin, id: &AccountId) -> Result<Vec<RefreshRow>, Error> {
    Ok(token::history(&shared.store, id.clone()).await?)
}
