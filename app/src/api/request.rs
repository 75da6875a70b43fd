//! The request behind a server function or a page, and its answer's head. Outside of a request (when the list
//! of routes is made) everything is empty and nothing is set.

use http::header::{ACCEPT, COOKIE, HeaderName, REFERER, SET_COOKIE};
use http::request::Parts;
use http::{HeaderValue, StatusCode, Uri};
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

/// The page of ours that a form was posted from.
pub(crate) fn came_from() -> Option<String> {
    let address = header(REFERER.as_str()).parse::<Uri>().ok()?;
    let page = address.path_and_query()?.as_str();
    page.starts_with("/web").then(|| page.to_owned())
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

#[cfg(test)]
mod tests {
    use super::*;

    fn with_request<T>(headers: &[(&str, &str)], ask: impl FnOnce() -> T) -> T {
        let request = headers
            .iter()
            .fold(http::Request::builder(), |request, (name, value)| request.header(*name, *value));
        let (parts, ()) = request.body(()).unwrap().into_parts();
        Owner::new().with(|| {
            provide_context(parts);
            ask()
        })
    }

    #[test]
    fn a_cookie_is_found_among_others_and_over_several_lines() {
        let headers = [("cookie", "other=1; theme=dark"), ("cookie", "lang=zh")];

        assert_eq!(with_request(&headers, || cookie("theme")).as_deref(), Some("dark"));
        assert_eq!(with_request(&headers, || cookie("lang")).as_deref(), Some("zh"));
        assert_eq!(with_request(&headers, || cookie("heme")), None);
    }

    #[test]
    fn only_pages_of_ours_are_led_back_to() {
        let back = |address| with_request(&[("referer", address)], came_from);

        assert_eq!(back("http://127.0.0.1:3000/web/keys?find=a").as_deref(), Some("/web/keys?find=a"));
        assert_eq!(back("https://elsewhere.example/"), None);
        assert_eq!(back("not an address"), None);
    }

    #[test]
    fn outside_of_a_request_there_is_nothing() {
        assert_eq!(Owner::new().with(|| cookie("theme")), None);
        assert!(!Owner::new().with(is_form_without_wasm));
    }
}
