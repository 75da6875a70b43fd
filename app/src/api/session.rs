//! Who is signed in.

use leptos::prelude::*;
use relay::model::session::SignedIn;

use super::error::{Answer, ApiError};

/// Who is signed in.
#[server(prefix = "/web/fn", endpoint = "session")]
pub async fn get_session() -> Result<SignedIn, ApiError> {
    super::relay::signed_in().await
}

/// Ends the session and leads to sign-in. Posted by the browser itself, so that no figure stays in memory.
#[server(prefix = "/web/fn", endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), ApiError> {
    super::relay::sign_out().await
}

/// Begins a session and leads to `next`, where the person wanted to go. Public.
#[server(prefix = "/web/fn", endpoint = "sign_in")]
pub async fn sign_in(
    username: String,
    password: String,
    #[server(default)] next: String,
) -> Result<Answer<()>, ApiError> {
    let shared = super::relay::shared()?;
    let visitor = super::door::visitor(&shared)?;
    let opened = relay::admin::session::sign_in(&shared, &username, password.into(), &visitor).await;
    let form = super::typed::Form::typed(&[("username", &username)]);
    let opened = match form.answer(opened)? {
        Ok(opened) => opened,
        Err(problems) => return Ok(Err(problems)),
    };
    super::door::keep(&shared, &opened);
    leptos_axum::redirect(crate::address::own(&next).unwrap_or(crate::room::OVERVIEW.path));
    Ok(Ok(()))
}
