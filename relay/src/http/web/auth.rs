//! Sign-in and sign-out for scripts: a token in the answer, and the same as a cookie.

use axum::extract::rejection::JsonRejection;
use axum::extract::{Extension, Request, State};
use axum::response::{IntoResponse, Response};
use axum::{Json, RequestExt};
use http::header::SET_COOKIE;
use http::{HeaderValue, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::rescue;
use crate::admin::session::{self, ChangePassword, Opened};
use crate::admin::{Admin, Error};
use crate::clock::Clock;
use crate::http::cookie::{self, Cookie};
use crate::model::problem::Problem;
use crate::secret::Secret;
use crate::state::{Shared, Switchyard};

type Reply = Result<Response, Response>;

#[derive(Deserialize)]
struct Login {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    new_username: Option<String>,
    #[serde(default)]
    current_password: String,
    #[serde(default)]
    new_password: String,
}

/// `{username, password}` → `{success, token, expiresIn, username}`; `expiresIn` in milliseconds.
pub(super) async fn login(State(shared): State<Shared>, request: Request) -> Reply {
    let visitor = super::visitor(&shared, request.extensions(), request.headers());
    let login: Login = body(request).await?;
    for (field, given) in [("username", &login.username), ("password", &login.password)] {
        if given.is_empty() {
            return Err(rescue::explain(&Error::field(field, Problem::Required)));
        }
    }
    let opened = session::sign_in(&shared, &login.username, Secret::new(login.password), &visitor).await;
    let opened = opened.map_err(explained)?;
    let mut reply = token(&shared, &opened);
    reply["username"] = json!(opened.signed_in.username);
    Ok(with_cookies(reply, cookie::opened(&shared, &opened)))
}

/// `{success, message}`.
pub(super) async fn logout(State(shared): State<Shared>, Extension(admin): Extension<Admin>) -> Reply {
    session::sign_out(&shared, &admin).await.map_err(explained)?;
    let reply = json!({ "success": true, "message": "signed out" });
    Ok(with_cookies(reply, cookie::remove(&shared, Cookie::Session)))
}

/// `{success, token, expiresIn}`; the old token is worth nothing any more.
pub(super) async fn refresh(State(shared): State<Shared>, Extension(admin): Extension<Admin>) -> Reply {
    let opened = session::refresh(&shared, &admin).await.map_err(explained)?;
    Ok(with_cookies(token(&shared, &opened), cookie::opened(&shared, &opened)))
}

/// `{newUsername?, currentPassword, newPassword}` → `{success, message, newUsername}`; all sessions end.
pub(super) async fn change_password(
    State(shared): State<Shared>,
    Extension(admin): Extension<Admin>,
    request: Request,
) -> Reply {
    let change: Change = body(request).await?;
    let change = ChangePassword {
        current: Secret::new(change.current_password),
        new: Secret::new(change.new_password),
        new_username: change.new_username,
    };
    let username = session::change_password(&shared, &admin, change).await.map_err(explained)?;
    let message = "password changed; sign in again";
    let reply = json!({ "success": true, "message": message, "newUsername": username });
    Ok(with_cookies(reply, cookie::remove(&shared, Cookie::Session)))
}

/// `{success, user: {username, loginTime, lastActivity}}`.
pub(super) async fn user(State(shared): State<Shared>, Extension(admin): Extension<Admin>) -> Reply {
    let signed_in = session::signed_in(&shared, &admin);
    let signed_in = signed_in.ok_or_else(|| explained(Error::whole(Problem::SignedOut)))?;
    let user = json!({
        "username": signed_in.username,
        "loginTime": Clock::rfc3339(signed_in.signed_in_ms),
        "lastActivity": session::last_used_ms(&admin).map(Clock::rfc3339),
    });
    Ok(Json(json!({ "success": true, "user": user })).into_response())
}

async fn body<T: DeserializeOwned + 'static>(request: Request) -> Result<T, Response> {
    let read: Result<Json<T>, JsonRejection> = request.extract().await;
    let refused = |rejection: JsonRejection| {
        // The rejection's own text may repeat what was sent.
        let message = match rejection.status() {
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "content-type must be application/json",
            StatusCode::PAYLOAD_TOO_LARGE => "the body is too large",
            _ => "the body is not the JSON that is wanted here",
        };
        rescue::refusal(rejection.status(), "bad_request", message)
    };
    Ok(read.map_err(refused)?.0)
}

fn token(shared: &Switchyard, opened: &Opened) -> Value {
    let expires_in = opened.signed_in.expires_ms - shared.clock.now_ms();
    json!({ "success": true, "token": opened.token.reveal(), "expiresIn": expires_in })
}

fn with_cookies(reply: Value, cookies: impl IntoIterator<Item = HeaderValue>) -> Response {
    let mut response = Json(reply).into_response();
    for cookie in cookies {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err takes")]
fn explained(error: Error) -> Response {
    rescue::explain(&error)
}
