//! Owns how a behaviour becomes an HTTP answer: status, headers, pieces, delivery.
//! Promises that what is scripted is what is sent; the one place where content meets delivery.

use bytes::Bytes;
use http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, VARY,
};
use http::{Response, StatusCode};

use crate::anthropic::message::{Call, Message};
use crate::behaviour::{At, Before, Behaviour, Coding, Content, Framing};
use crate::body::{AnswerBody, BrokenOff, Faults, Paced, Via};
use crate::books::Ending;
use crate::endpoint::Dialect;
use crate::gemini::Form;
use crate::gemini::message::{self as gemini, Writing};
use crate::ledger::Entry;
use crate::piece::{self, Piece};
use crate::refusal::About;

const JSON: &str = "application/json";
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
const EVENT_STREAM: &str = "text/event-stream; charset=utf-8";

/// What an answer needs to know about its request.
pub(crate) struct Question<'a> {
    pub(crate) call: Call<'a>,
    pub(crate) dialect: Dialect,
    pub(crate) form: Form,
    pub(crate) now_seconds: i64,
    /// What stands for a message where the endpoint answers something else.
    pub(crate) instead: Option<Instead>,
    pub(crate) headers: &'a HeaderMap,
    /// The headers that come with every answer to this credential.
    pub(crate) usual: HeaderMap,
    pub(crate) bare: HeaderMap,
}

/// The body of an answer that is no message.
#[derive(Clone, Debug)]
pub(crate) struct Instead {
    status: StatusCode,
    content_type: &'static str,
    body: Bytes,
}

impl Instead {
    pub(crate) fn json(body: impl Into<Bytes>) -> Self {
        Self { status: StatusCode::OK, content_type: JSON, body: body.into() }
    }

    pub(crate) fn html(status: StatusCode, body: String) -> Self {
        Self { status, content_type: "text/html; charset=utf-8", body: body.into() }
    }
}

/// Answers a request with what a behaviour says, or breaks off.
pub(crate) async fn behave(
    behaviour: &Behaviour,
    question: Question<'_>,
    mut entry: Entry,
    via: Via,
) -> Result<Response<AnswerBody>, BrokenOff> {
    before_head(behaviour, &mut entry, &via).await?;
    let (content_type, mut pieces) = content(behaviour, &question);
    let coded = is_coded(behaviour, question.headers) && piece::gzip(&mut pieces).is_ok();
    let is_message = matches!(behaviour.content, Content::Message(_)) && question.instead.is_none();
    let status = match &question.instead {
        Some(instead) if matches!(behaviour.content, Content::Message(_)) => instead.status,
        _ => behaviour.status,
    };
    entry.answered(status.as_u16(), question.call.request_id, is_message.then_some(question.call.message_id));
    let streams =
        content_type.starts_with("text/event-stream") || (is_message && question.form == Form::Array);
    let refusal = matches!(behaviour.content, Content::Refusal(_)) || behaviour.status.is_client_error();
    let mut headers = if refusal { question.bare } else { question.usual };
    insert(&mut headers, CONTENT_TYPE, &content_type);
    if is_anthropic(question.dialect) {
        insert(&mut headers, REQUEST_ID, question.call.request_id);
    }
    if streams {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    }
    if coded {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    }
    script(&mut headers, &behaviour.headers);

    let body = deliver(behaviour, pieces, streams, entry, via);
    Ok(respond(status, headers, body))
}

/// What happens before the head of the answer.
async fn before_head(behaviour: &Behaviour, entry: &mut Entry, via: &Via) -> Result<(), BrokenOff> {
    match behaviour.delivery.before {
        Before::Nothing => Ok(()),
        Before::Delay(pause) => {
            tokio::time::sleep(pause).await;
            Ok(())
        }
        Before::Hang => std::future::pending().await,
        Before::Cut | Before::Lose => {
            if behaviour.delivery.reset {
                via.line.reset_on_close();
            }
            entry.end(Ending::Cut);
            Err(BrokenOff)
        }
    }
}

/// A JSON answer without a behaviour.
pub(crate) fn json(
    status: StatusCode,
    mut headers: HeaderMap,
    dialect: Dialect,
    request_id: &str,
    body: impl Into<Bytes>,
    entry: Entry,
) -> Response<AnswerBody> {
    entry.answered(status.as_u16(), request_id, None);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
    if is_anthropic(dialect) {
        insert(&mut headers, REQUEST_ID, request_id);
    }
    let body = body.into();
    let length = body.len() as u64;
    respond(status, headers, AnswerBody::plain(vec![Piece::plain(body)], entry, Some(length)))
}

fn respond(status: StatusCode, headers: HeaderMap, body: AnswerBody) -> Response<AnswerBody> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

fn content(behaviour: &Behaviour, question: &Question<'_>) -> (String, Vec<Piece>) {
    let call = &question.call;
    match &behaviour.content {
        Content::Message(_) if let Some(instead) = &question.instead => {
            (instead.content_type.to_owned(), vec![Piece::plain(instead.body.clone())])
        }
        Content::Message(message) => written(message, question),
        Content::Refusal(said) => {
            let about = About {
                request_id: call.request_id,
                model: call.model,
                array: question.form == Form::Array,
                now_seconds: question.now_seconds,
            };
            (JSON.to_owned(), vec![Piece::plain(said.body(question.dialect, behaviour.status, about))])
        }
        Content::Raw { content_type, body, billed } => {
            (content_type.clone(), vec![Piece::announcing(body.clone(), *billed)])
        }
    }
}

/// A message in the words of the endpoint.
fn written(message: &Message, question: &Question<'_>) -> (String, Vec<Piece>) {
    let Question { call, form, dialect, .. } = question;
    let wrapped = *dialect == Dialect::Assist;
    match (dialect, form) {
        (Dialect::Gemini | Dialect::Assist, Form::Events) => {
            let writing = Writing { form: Form::Events, wrapped };
            ("text/event-stream".to_owned(), gemini::pieces(message, call, writing))
        }
        (Dialect::Gemini | Dialect::Assist, _) => {
            let writing = Writing { form: *form, wrapped };
            ("application/json; charset=UTF-8".to_owned(), gemini::pieces(message, call, writing))
        }
        (_, Form::Whole) => (JSON.to_owned(), vec![message.whole(call)]),
        _ => (EVENT_STREAM.to_owned(), message.stream(call)),
    }
}

/// Google has no ids of requests in its headers.
fn is_anthropic(dialect: Dialect) -> bool {
    matches!(dialect, Dialect::Anthropic | Dialect::AnthropicToken)
}

fn deliver(behaviour: &Behaviour, pieces: Vec<Piece>, streams: bool, entry: Entry, via: Via) -> AnswerBody {
    let delivery = &behaviour.delivery;
    let whole = pieces.iter().map(|piece| piece.bytes.len() as u64).sum();
    let length = match delivery.framing {
        Framing::Usual => (!streams).then_some(whole),
        Framing::Chunked => None,
        Framing::Sized => Some(whole),
    };
    let mut pieces = piece::split(pieces, &delivery.split);
    if delivery.is_plain() {
        return AnswerBody::plain(pieces, entry, length);
    }
    let stall = place(delivery.stall, &mut pieces);
    let cut = place(delivery.cut, &mut pieces);
    AnswerBody::paced(Paced::new(pieces, delivery.clone(), Faults { stall, cut }, entry, via), length)
}

/// The place of a fault in pieces; bytes after it are dropped, so that it can be in the middle of one.
fn place(at: Option<At>, pieces: &mut Vec<Piece>) -> Option<usize> {
    match at? {
        At::Pieces(count) => Some(count.min(pieces.len())),
        At::Bytes(length) => {
            piece::truncate(pieces, length);
            Some(pieces.len())
        }
    }
}

fn is_coded(behaviour: &Behaviour, headers: &HeaderMap) -> bool {
    match behaviour.delivery.coding {
        Coding::Identity => false,
        Coding::GzipUninvited => true,
        Coding::Gzip => accepts_gzip(headers),
    }
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    let lists = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        named && parts.all(|parameter| parameter != "q=0")
    })
}

/// Puts scripted headers in the place of the usual ones; the same name twice is two lines.
fn script(headers: &mut HeaderMap, scripted: &[(HeaderName, HeaderValue)]) {
    for (name, _) in scripted {
        headers.remove(name);
    }
    for (name, value) in scripted {
        headers.append(name.clone(), value.clone());
    }
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
