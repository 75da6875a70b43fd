//! Who comes in: the set-up link becomes a cookie, a token becomes an administrator, all others are shown the door.

use std::fmt::Write as _;

use axum::response::{IntoResponse, Redirect, Response};
use http::header::{ACCEPT, SET_COOKIE};
use http::request::Parts;
use http::{Method, StatusCode};

use crate::admin::{Admin, Error, session, setup};
use crate::http::cookie;
use crate::http::web::{self, rescue};
use crate::model::session::SetupProgress;
use crate::secret::Secret;
use crate::state::Shared;

const SETUP: &str = "/web/setup";
const SIGN_IN: &str = "/web/sign-in";

/// Paths that need no session, beside those that the pages list.
const PUBLIC: &[&str] = &[SETUP, SIGN_IN, "/web/auth/login"];

/// `/web/setup?token=…` puts the token into a cookie and leads on, so that it stays in no address bar and no history.
pub(super) async fn swap_setup_link(shared: &Shared, request: &Parts) -> Result<(), Box<Response>> {
    let query = request.uri.query().unwrap_or_default();
    let token = query.split('&').find_map(|pair| pair.strip_prefix("token="));
    let (SETUP, Some(token)) = (request.uri.path(), token) else { return Ok(()) };
    let token = Secret::new(token);
    let mut response = Redirect::to(SETUP).into_response();
    let progress = setup::progress(shared, Some(&token)).await;
    let cookie = match progress.map_err(|error| Box::new(rescue::explain(&error)))? {
        SetupProgress::Open => cookie::setup(shared, &token),
        SetupProgress::OtherToken | SetupProgress::Done => cookie::remove(shared, cookie::Cookie::Setup),
    };
    response.headers_mut().extend(cookie.map(|cookie| (SET_COOKIE, cookie)));
    Err(Box::new(response))
}

/// Lets in who has a session, and puts the administrator into the request. Without one only public paths go on.
pub(super) async fn need_session(
    shared: &Shared,
    public: &[&str],
    request: &mut Parts,
) -> Result<(), Box<Response>> {
    let path = request.uri.path();
    if !is_below("/web", path) && !is_below("/admin", path) {
        return Ok(());
    }
    let is_public = PUBLIC.contains(&path) || public.contains(&path);
    let is_sign_in = path == SIGN_IN && request.method == Method::GET;
    match administrator(shared, request).await {
        Ok(_) if is_sign_in => return Err(Box::new(Redirect::to("/web").into_response())),
        Ok(admin) => drop(request.extensions.insert(admin)),
        Err(_) if is_public => {}
        Err(Error::Problem(_)) => return Err(Box::new(lead_away(shared, request).await)),
        Err(error) => return Err(Box::new(rescue::explain(&error))),
    }
    Ok(())
}

async fn administrator(shared: &Shared, request: &Parts) -> Result<Admin, Error> {
    let token = web::token(&request.headers);
    let token = token.or_else(|| cookie::find(shared, &request.headers, cookie::Cookie::Session));
    let token = token.unwrap_or_else(|| Secret::new(""));
    session::authenticate(shared, token.reveal()).await
}

fn is_below(root: &str, path: &str) -> bool {
    path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A person is led to where one gets in; a program is told.
async fn lead_away(shared: &Shared, request: &Parts) -> Response {
    let path = request.uri.path();
    let reads = matches!(request.method, Method::GET | Method::HEAD);
    let is_data =
        ["/web/fn/", "/web/auth/", "/web/live", "/web/download/"].iter().any(|data| path.starts_with(data));
    let accepts = request.headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let is_for_programs = is_below("/admin", path) || !reads && !is_data;
    if is_for_programs || is_data && !accepts.contains("text/html") {
        let message = "sign in again";
        return rescue::refusal(StatusCode::UNAUTHORIZED, "signed_out", message);
    }
    match setup::progress(shared, None).await {
        Ok(SetupProgress::Done) if reads && !is_data && path != "/web" => {
            let back = request.uri.path_and_query().map_or(path, |whole| whole.as_str());
            Redirect::to(&format!("{SIGN_IN}?next={}", encoded(back))).into_response()
        }
        Ok(SetupProgress::Done) => Redirect::to(SIGN_IN).into_response(),
        Ok(SetupProgress::Open | SetupProgress::OtherToken) => Redirect::to(SETUP).into_response(),
        Err(error) => rescue::explain(&error),
    }
}

fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a text cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
