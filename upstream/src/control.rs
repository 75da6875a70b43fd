//! Owns the endpoints by which a program outside steers an upstream: `/_books`, `/_reset`, `/_script`.
//! Never counts them in the books.

use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde::Deserialize;

use crate::body::AnswerBody;
use crate::script::{Endpoint, Script};
use crate::service::Hub;

#[derive(Deserialize)]
struct Scripted {
    token: String,
    #[serde(default)]
    endpoint: On,
    /// The behaviour in words.
    words: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum On {
    #[default]
    Messages,
    CountTokens,
    Models,
}

impl From<On> for Endpoint {
    fn from(on: On) -> Self {
        match on {
            On::Messages => Self::Messages,
            On::CountTokens => Self::CountTokens,
            On::Models => Self::Models,
        }
    }
}

/// Answers a control request; `endpoint` is what follows `/_`.
pub(crate) async fn answer(
    hub: &Hub,
    method: &Method,
    endpoint: &str,
    body: Incoming,
) -> Response<AnswerBody> {
    match (method, endpoint) {
        (&Method::GET, "books") => json(hub.ledger.read(serde_json::to_vec)),
        (&Method::GET, "totals") => json(hub.ledger.read(|books| serde_json::to_vec(&books.totals))),
        (&Method::POST, "reset") => {
            hub.scripts.reset();
            hub.ledger.reset();
            respond(StatusCode::NO_CONTENT, Vec::new())
        }
        (&Method::POST, "script") => match script(hub, body).await {
            Ok(()) => respond(StatusCode::NO_CONTENT, Vec::new()),
            Err(message) => respond(StatusCode::BAD_REQUEST, message.into_bytes()),
        },
        _ => respond(StatusCode::NOT_FOUND, Vec::new()),
    }
}

async fn script(hub: &Hub, body: Incoming) -> Result<(), String> {
    let body = body.collect().await.map_err(|error| error.to_string())?.to_bytes();
    let Scripted { token, endpoint, words } =
        serde_json::from_slice(&body).map_err(|error| error.to_string())?;
    let script: Script = words.parse().map_err(|error: crate::UnknownWords| error.to_string())?;
    hub.scripts.set(endpoint.into(), &token, script);
    Ok(())
}

fn json(body: serde_json::Result<Vec<u8>>) -> Response<AnswerBody> {
    match body {
        Ok(body) => {
            let mut response = respond(StatusCode::OK, body);
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            response
        }
        Err(error) => respond(StatusCode::INTERNAL_SERVER_ERROR, error.to_string().into_bytes()),
    }
}

fn respond(status: StatusCode, body: Vec<u8>) -> Response<AnswerBody> {
    let mut response = Response::new(AnswerBody::aside(body));
    *response.status_mut() = status;
    response
}
