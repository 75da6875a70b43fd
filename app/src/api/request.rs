//! The request behind a server function or a page, and its answer's head. Outside of a request (when the list
//! of routes is made) everything is empty and nothing is set.

use http::header::{ACCEPT, COOKIE, HeaderName, SET_COOKIE};
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;

/// The value of a header, or nothing.
pub(crate) fn header(name: &str) -> String {
    let Some(parts) = use_context::<Parts>() else { return String::new() };
    parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}

/// The value of a cookie.
pub(crate) fn cookie(name: &str) -> Option<String> {
    let parts = use_context::<Parts>()?;
    let lines = parts.headers.get_all(COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value.to_owned())
}

/// A form that the browser posted by itself: its answer must be a page.
pub(crate) fn is_form_without_wasm() -> bool {
    header(ACCEPT.as_str()).contains("text/html")
}

/// Adds a cookie to the answer. What is not allowed in a header is left out rather than answered with an error.
pub(crate) fn set_cookie(cookie: &str) {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        append(SET_COOKIE, cookie);
    }
}

/// Sets the answer's status.
pub(crate) fn set_status(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}

/// Adds a header to the answer.
pub(crate) fn append(name: HeaderName, value: HeaderValue) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.append_header(name, value);
    }
}
