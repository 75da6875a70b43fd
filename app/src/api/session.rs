//! Who is signed in.

use leptos::prelude::*;
use relay::model::session::SignedIn;

use super::error::ApiError;

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
