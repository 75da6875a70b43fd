//! The way to the relay: every server function comes through here, and none gets past without an administrator.
//!
//! The layer in front of `/web` has turned the session into an [`Admin`] and put it into the request; the server
//! gives [`Shared`] to Leptos by context.

use http::request::Parts;
use leptos::prelude::*;
use leptos_axum::redirect;
use relay::admin::{self, Admin};
use relay::http::cookie::{self, Cookie};
use relay::model::figure::{Dashboard, GroupBy, Range};
use relay::model::problem::{FieldProblem, Problem};
use relay::model::session::SignedIn;
use relay::state::Shared;

use super::error::{Answer, ApiError};
use super::request;
use crate::room;

/// The relay, and proof that whoever asks may administer it.
pub(crate) struct Permitted {
    pub(crate) shared: Shared,
    pub(crate) admin: Admin,
}

/// The relay and the administrator of this request. Without one, the answer leads to sign-in.
pub(crate) fn permitted() -> Result<Permitted, ApiError> {
    let admin = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Admin>().cloned());
    match admin {
        Some(admin) => Ok(Permitted { shared: shared()?, admin }),
        None => signed_out(),
    }
}

/// The relay, for the few functions that are public.
pub(crate) fn shared() -> Result<Shared, ApiError> {
    use_context::<Shared>().ok_or(ApiError::Internal)
}

/// What an administrative act came to, as a form or page is told. Causes of failures go to the log alone.
pub(crate) fn answer<T>(result: Result<T, admin::Error>) -> Result<Answer<T>, ApiError> {
    let error = match result {
        Ok(value) => return Ok(Ok(value)),
        Err(error) => error,
    };
    match error.for_person() {
        FieldProblem { problem: Problem::SignedOut, .. } => signed_out(),
        FieldProblem { problem: Problem::Internal, .. } => {
            tracing::error!(cause = %error, "an administrative act failed");
            Err(ApiError::Internal)
        }
        problem if request::is_form_without_wasm() => Err(ApiError::Refused { problems: vec![problem] }),
        problem => Ok(Err(vec![problem])),
    }
}

/// What was read for a page. There is no form to show a problem in.
pub(crate) fn read<T>(result: Result<T, admin::Error>) -> Result<T, ApiError> {
    answer(result)?.map_err(|problems| ApiError::Refused { problems })
}

fn signed_out<T>() -> Result<T, ApiError> {
    redirect(room::SIGN_IN);
    Err(ApiError::SignedOut)
}

/// The IANA name of the time zone in which days start and times are shown.
pub(crate) fn time_zone() -> String {
    use_context::<Shared>().map_or_else(|| "UTC".to_owned(), |shared| shared.clock.zone_name())
}

/// Who is signed in.
pub(crate) async fn signed_in() -> Result<SignedIn, ApiError> {
    let Permitted { shared, admin } = permitted()?;
    admin::session::signed_in(&shared, &admin).map_or_else(signed_out, Ok)
}

/// Ends the session that the request came with, if any.
pub(crate) async fn sign_out() -> Result<(), ApiError> {
    let shared = shared()?;
    if let Ok(Permitted { shared, admin }) = permitted() {
        // A session that cannot be ended in the store is still forgotten by the browser.
        let _ = answer(admin::session::sign_out(&shared, &admin).await);
    }
    if let Some(cookie) = cookie::remove(&shared, Cookie::Session) {
        request::append(http::header::SET_COOKIE, cookie);
    }
    redirect(room::SIGN_IN);
    Ok(())
}

/// Everything that the overview shows.
pub(crate) async fn dashboard(range: Range, group: GroupBy) -> Result<Dashboard, ApiError> {
    let Permitted { shared, admin } = permitted()?;
    read(admin::figure::dashboard(&shared, &admin, range, group).await)
}
