//! Sending a call on a Google account. A client of the Gemini API may be served by a sign-in, whose backend wants the
//! messages wrapped; a client of Code Assist may be served by another account than the one its project is of.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};

use super::Asked;
use crate::gate::query;
use crate::model::account::AccountKind;
use crate::pipeline::call::Call;
use crate::pipeline::road::{Road, Verb};
use crate::provider::google::unwrap::{Form, UnwrappedBody};
use crate::provider::google::{headers, wrap};
use crate::provider::outgoing::{self, Outgoing};
use crate::provider::reply::{Reply, ReplyBody, SendError};
use crate::schedule::account::Account;
use crate::state::Shared;
use crate::stream::decode::Coding;

/// Asks Google on one account, at most for `patience` until the answer's headers.
///
/// # Errors
/// See [`SendError`].
pub(crate) async fn gemini(
    relay: &Shared,
    account: &Account,
    asked: Asked<'_>,
    patience: Duration,
) -> Result<Reply, SendError> {
    let via = relay.via(&account.base_url);
    let outgoing = Outgoing {
        method: asked.method,
        base_url: &account.base_url,
        path: asked.path,
        query: asked.query,
        headers: headers::request(asked.headers, &account.credential(), asked.stream, via),
        body: asked.body,
        proxy: account.proxy.as_deref(),
    };
    outgoing::send(&relay.outbound, outgoing, patience).await
}

/// Asks a model for one token, for a test that should cost next to nothing.
///
/// # Errors
/// See [`SendError`].
pub(crate) async fn ping(
    relay: &Shared,
    account: &Account,
    model: &str,
    patience: Duration,
) -> Result<Reply, SendError> {
    let body = Bytes::from_static(
        br#"{"contents":[{"role":"user","parts":[{"text":"."}]}],"generationConfig":{"maxOutputTokens":1}}"#,
    );
    let (path, body) = match account.kind {
        AccountKind::GeminiOauth => {
            let path = format!("/v1internal:{}", Verb::Generate.name());
            (path, wrap::wrap(&body, model, project(account).as_deref()))
        }
        _ => (format!("/v1beta/models/{model}:{}", Verb::Generate.name()), body),
    };
    let headers = HeaderMap::new();
    let asked =
        Asked { method: Method::POST, path: &path, query: None, headers: &headers, stream: true, body };
    gemini(relay, account, asked, patience).await
}

/// The project that calls of a signed-in account name: the administrator's, else the one that was found.
pub(crate) fn project(account: &Account) -> Option<String> {
    let own = Some(account.project.trim()).filter(|project| !project.is_empty());
    own.map(str::to_owned).or_else(|| account.identity().project.clone())
}

/// What goes up for a call.
struct Way<'a> {
    path: String,
    query: Option<&'a str>,
    body: Bytes,
    /// The form in which the client gets what comes back in a wrapper.
    unwrapped: Option<Form>,
}

pub(super) async fn send(
    relay: &Shared,
    call: &Call,
    account: &Account,
    patience: Duration,
) -> Result<Reply, SendError> {
    let way = way(call, account);
    let asked = Asked {
        method: Method::POST,
        path: &way.path,
        query: way.query,
        headers: &call.headers,
        stream: call.facts.stream || way.unwrapped.is_some(),
        body: way.body,
    };
    let reply = gemini(relay, account, asked, patience).await?;
    Ok(match way.unwrapped {
        Some(form) if reply.status.is_success() => unwrapped(reply, form),
        _ => reply,
    })
}

fn way<'a>(call: &'a Call, account: &Account) -> Way<'a> {
    let (body, query) = (call.bytes(), call.query.as_deref());
    match (&call.road, account.kind) {
        (Road::Gemini { model, verb, .. }, AccountKind::GeminiOauth) => {
            let path = format!("/v1internal:{}", verb.name());
            match verb {
                Verb::Count => {
                    Way { path, query: None, body: wrap::wrap_count(&body, model), unwrapped: None }
                }
                _ => {
                    let body = wrap::wrap(&body, model, project(account).as_deref());
                    let (query, form) = form(*verb, query);
                    Way { path, query, body, unwrapped: Some(form) }
                }
            }
        }
        (Road::Gemini { version, model, verb }, _) => {
            let collection = if model.contains('/') { "" } else { "models/" };
            let path = format!("/{version}/{collection}{model}:{}", verb.name());
            Way { path, query, body, unwrapped: None }
        }
        (Road::CodeAssist(verb), _) => {
            let path = format!("/v1internal:{}", verb.name());
            let may_add = *verb != Verb::Count;
            let body = wrap::with_project(&body, project(account).as_deref(), may_add);
            Way { path, query, body, unwrapped: None }
        }
        (Road::Claude { path, .. }, _) => Way { path: (*path).to_owned(), query, body, unwrapped: None },
    }
}

/// Upstream streams events whatever form the client asked for.
fn form(verb: Verb, query: Option<&str>) -> (Option<&'static str>, Form) {
    match verb {
        Verb::Stream if wants_events(query) => (Some("alt=sse"), Form::Events),
        Verb::Stream => (Some("alt=sse"), Form::Array),
        _ => (None, Form::Single),
    }
}

/// Whether a stream shall come as events; without that word it is an array.
pub(super) fn wants_events(query: Option<&str>) -> bool {
    query::says(query, "alt", "sse") || query::says(query, "$alt", "sse")
}

fn unwrapped(mut reply: Reply, form: Form) -> Reply {
    let lines = reply.headers.get_all(CONTENT_ENCODING).iter();
    let coding =
        lines.map(|line| line.to_str().map_or(Cow::Borrowed("?"), Cow::Borrowed)).collect::<Vec<_>>();
    let coding = Coding::of(Some(&coding.join(",")));
    let is_stream = is_event_stream(&reply.headers);
    // What did not come as events is one reply, whatever was asked for.
    let form = if is_stream { form } else { Form::Single };
    reply.headers.remove(CONTENT_LENGTH);
    reply.headers.remove(CONTENT_ENCODING);
    if form == Form::Array {
        reply.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=UTF-8"));
    }
    reply.body = ReplyBody::Unwrapped(UnwrappedBody::new(reply.body, form, coding));
    reply
}

fn is_event_stream(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/event-stream"))
}
