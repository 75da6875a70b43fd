//! Owns the endpoints by which a program outside steers an upstream: all that begin with `/_`.
//! Never counts them in the books.

mod proxies;

use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::body::AnswerBody;
use crate::endpoint::Endpoint;
use crate::script::Script;
use crate::service::Hub;

pub(crate) use proxies::Proxies;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scripted {
    /// A credential, an account's name, or `*`.
    token: String,
    /// Without one, all where models write.
    endpoint: Option<Endpoint>,
    /// The behaviour in words.
    words: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Authorize {
    /// The whole address of the authorize page.
    url: String,
    account: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whose {
    account: String,
    scope: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_seconds: u64,
}

/// What a control request is answered with; the error is what is wrong with it.
type Answered = Result<Option<Vec<u8>>, String>;

/// Answers a control request; `endpoint` is what follows `/_`.
pub(crate) async fn answer(
    hub: &Hub,
    method: &Method,
    endpoint: &str,
    body: Incoming,
) -> Response<AnswerBody> {
    let body = match body.collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) => return respond(StatusCode::BAD_REQUEST, error.to_string().into_bytes()),
    };
    match act(hub, method, endpoint, &body) {
        None => respond(StatusCode::NOT_FOUND, Vec::new()),
        Some(Ok(None)) => respond(StatusCode::NO_CONTENT, Vec::new()),
        Some(Ok(Some(json))) => {
            let mut response = respond(StatusCode::OK, json);
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            response
        }
        Some(Err(message)) => respond(StatusCode::BAD_REQUEST, message.into_bytes()),
    }
}

/// Does what an endpoint is for; `None` if there is no such endpoint.
fn act(hub: &Hub, method: &Method, endpoint: &str, body: &[u8]) -> Option<Answered> {
    if let Some(rest) = endpoint.strip_prefix("proxies") {
        return hub.proxies.answer(method, rest, body);
    }
    Some(match (method, endpoint) {
        (&Method::GET, "books") => hub.ledger.read(json_of),
        (&Method::GET, "totals") => hub.ledger.read(|books| json_of(&books.totals)),
        (&Method::POST, "script") => script(hub, body),
        (&Method::GET, "accounts") => json_of(&accounts(hub)),
        (&Method::POST, "accounts") => change_account(hub, body),
        (&Method::POST, "oauth/authorize") => authorize(hub, body),
        (&Method::POST, "oauth/account") => with(body, |it: Whose| hub.accounts.sign_in_as(&it.account)),
        (&Method::POST, "oauth/tokens") => issue(hub, body),
        (&Method::POST, "oauth/expire") => with(body, |it: Whose| hub.expire(&it.account)),
        (&Method::POST, "oauth/revoke") => with(body, |it: Whose| hub.revoke(&it.account)),
        (&Method::POST, "clock") => advance(hub, body),
        (&Method::POST, "reset") => {
            hub.reset();
            Ok(None)
        }
        (&Method::DELETE, "books") => {
            hub.ledger.reset();
            Ok(None)
        }
        _ => return None,
    })
}

fn script(hub: &Hub, body: &[u8]) -> Answered {
    let Scripted { token, endpoint, words } = read(body)?;
    let script: Script = words.parse().map_err(|error: crate::UnknownWords| error.to_string())?;
    match endpoint {
        Some(endpoint) => hub.scripts.set(endpoint, &token, script),
        None => hub.scripts.set_inference(&token, &script),
    }
    Ok(None)
}

fn authorize(hub: &Hub, body: &[u8]) -> Answered {
    let Authorize { url, account } = read(body)?;
    json_of(&hub.authorize(&url, account.as_deref())?)
}

fn issue(hub: &Hub, body: &[u8]) -> Answered {
    let Whose { account, scope } = read(body)?;
    json_of(&hub.issue(&account, scope.as_deref())?)
}

fn accounts(hub: &Hub) -> Value {
    let now = hub.clock.now_seconds();
    let claude = hub.accounts.claudes().into_iter().map(|mut account| {
        account.windows = hub.accounts.windows(&account.name, now);
        account
    });
    json!({
        "claude": claude.collect::<Vec<_>>(),
        "google": hub.accounts.googles(),
        "sign_in": {"claude": hub.accounts.claude_signs_in(), "google": hub.accounts.google_signs_in()},
    })
}

/// Changes the fields that the body names, in the account that it names, or makes one.
fn change_account(hub: &Hub, body: &[u8]) -> Answered {
    let mut change: Value = read(body)?;
    let fields = change.as_object_mut().ok_or("an account is an object")?;
    let provider = fields.remove("provider");
    let name = fields.get("name").and_then(Value::as_str).ok_or("name is missing")?.to_owned();
    match provider.as_ref().and_then(Value::as_str) {
        None | Some("claude") => json_of(&hub.accounts.change_claude(&name, &change)?),
        Some("google") => json_of(&hub.accounts.change_google(&name, &change)?),
        Some(other) => Err(format!("provider {other} is unknown")),
    }
}

fn advance(hub: &Hub, body: &[u8]) -> Answered {
    let Advance { advance_seconds } = read(body)?;
    hub.clock.advance(std::time::Duration::from_secs(advance_seconds));
    json_of(&json!({"now_ms": hub.clock.now_ms()}))
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    serde_json::from_slice(body).map_err(|error| error.to_string())
}

fn json_of<T: Serialize + ?Sized>(value: &T) -> Answered {
    serde_json::to_vec(value).map(Some).map_err(|error| error.to_string())
}

/// Does what the body says.
fn with<T: DeserializeOwned>(body: &[u8], act: impl FnOnce(T)) -> Answered {
    act(read(body)?);
    Ok(None)
}

fn respond(status: StatusCode, body: Vec<u8>) -> Response<AnswerBody> {
    let mut response = Response::new(AnswerBody::aside(body));
    *response.status_mut() = status;
    response
}
