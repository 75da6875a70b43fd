//! Signing in to providers: the steps of the wizard.

#[cfg(feature = "ssr")]
pub(crate) mod steps;

use leptos::prelude::*;
use relay::model::id::AccountId;
use relay::model::sign_in::{SignIn, SignInFlow};
use serde::{Deserialize, Serialize};

use super::error::{Answer, ApiError};

/// How a sign-in stands that was begun here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Standing {
    /// It waits for its code.
    Open {
        /// What is known of it.
        sign_in: SignIn,
        /// Its end, in milliseconds from now: the browser's clock may be another.
        left_ms: i64,
    },
    /// It is over, was another session's, or never was. What it was begun with, if that is remembered.
    Over(Option<SignIn>),
}

impl Standing {
    /// What it was begun with.
    pub(crate) fn sign_in(&self) -> Option<&SignIn> {
        match self {
            Self::Open { sign_in, .. } => Some(sign_in),
            Self::Over(known) => known.as_ref(),
        }
    }
}

/// How a sign-in stands.
#[server(prefix = "/web/fn", endpoint = "provider_sign_in")]
pub async fn get_sign_in(id: String) -> Result<Standing, ApiError> {
    use relay::admin::sign_in;

    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let found = super::relay::answer(sign_in::find(&shared, &admin, &id).await);
    Ok(match found {
        Ok(Ok(sign_in)) => Standing::Open { left_ms: sign_in.ends_ms - crate::moment::now_ms(), sign_in },
        Err(ApiError::SignedOut | ApiError::Internal) => return found.map(|_| Standing::Over(None)),
        _ => Standing::Over(sign_in::find_over(&shared, &admin, &id)),
    })
}

/// Begins a sign-in to an account that exists, and leads to its page.
#[server(prefix = "/web/fn", endpoint = "sign_in_to_account")]
pub async fn sign_in_to_account(account: AccountId) -> Result<Answer<()>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let begun = super::relay::answer(steps::begin_to(&shared, &admin, account).await)?;
    Ok(begun.map(|step| leptos_axum::redirect(&step.href())))
}

/// Begins a sign-in anew with all that was set for it, and leads to its page.
#[server(prefix = "/web/fn", endpoint = "sign_in_again")]
pub async fn sign_in_again(id: String, #[server(default)] flow: SignInFlow) -> Result<Answer<()>, ApiError> {
    use crate::address::account::Step;

    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let begun = super::relay::answer(relay::admin::sign_in::again(&shared, &admin, &id, flow).await)?;
    Ok(begun.map(|sign_in| leptos_axum::redirect(&Step::Authorise(sign_in.id).href())))
}

/// Ends a sign-in with what the person pasted, and leads to the account. `project` is given where it turned out to be
/// missing.
#[server(prefix = "/web/fn", endpoint = "complete_sign_in")]
pub async fn complete_sign_in(
    id: String,
    #[server(default)] code: String,
    #[server(default)] project: Option<String>,
) -> Result<Answer<()>, ApiError> {
    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let made = super::relay::answer(steps::complete(&shared, &admin, &id, code, project).await)?;
    Ok(made.map(|step| leptos_axum::redirect(&step.href())))
}

/// Ends a sign-in with tokens that the person has already, and leads to the account.
#[server(prefix = "/web/fn", endpoint = "complete_with_tokens")]
pub async fn complete_with_tokens(
    id: String,
    #[server(default)] tokens: String,
) -> Result<Answer<()>, ApiError> {
    use crate::address::account::Step;

    use super::relay::Permitted;

    let Permitted { shared, admin } = super::relay::permitted()?;
    let made = relay::admin::sign_in::complete_with_tokens(&shared, &admin, &id, &tokens.into()).await;
    let made = super::relay::answer(made)?;
    Ok(made.map(|account| leptos_axum::redirect(&Step::Done(account.id).href())))
}
