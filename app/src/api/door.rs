//! The console's door, seen from a server function: who knocks, with which token, under which address.

use http::header::{HOST, SET_COOKIE};
use http::request::Parts;
use leptos::prelude::*;
use relay::admin::session::{Opened, Visitor};
use relay::admin::setup::SetupToken;
use relay::http::cookie::{self, Cookie};
use relay::http::web;
use relay::state::Shared;

use super::error::ApiError;
use super::request;

/// Who asks.
pub(crate) fn visitor(shared: &Shared) -> Result<Visitor, ApiError> {
    let parts = use_context::<Parts>().ok_or(ApiError::Internal)?;
    Ok(web::visitor(shared, &parts.extensions, &parts.headers))
}

/// The set-up token that the browser holds, if any.
pub(crate) fn setup_token(shared: &Shared) -> Option<SetupToken> {
    use_context::<Parts>().and_then(|parts| cookie::find(shared, &parts.headers, Cookie::Setup))
}

/// Keeps the session just begun in the browser, in place of the set-up token.
pub(crate) fn keep(shared: &Shared, opened: &Opened) {
    for cookie in cookie::opened(shared, opened).into_iter().chain(cookie::remove(shared, Cookie::Setup)) {
        request::append(SET_COOKIE, cookie);
    }
}

/// The address that clients use, without a slash at the end: the configured one, else the one that was asked.
pub(crate) fn address(shared: &Shared) -> String {
    let configured = shared.config.server.public_url.clone();
    configured.unwrap_or_else(|| format!("http://{}", request::header(HOST.as_str())))
}
