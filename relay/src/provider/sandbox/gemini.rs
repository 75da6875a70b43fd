//! The sandbox in Google's dialects: the same answers and faults, asked for and written as Gemini's clients do. Facts:
//! reference/gemini.md, sections 2 to 7.

mod request;
mod wire;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderValue, StatusCode};
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use super::body::SandboxBody;
use super::pace::{self, BETWEEN, FIRST, break_off, pieces, slow_down, step};
use super::request::Call;
use super::tool;
use super::turn::{self, Part, Turn};
use super::word::{Break, Words};
use super::{Replier, SandboxReply};
use crate::provider::google::verb::Verb;
use wire::{Chunk, Form};

/// What is asked of the sandbox by a client of Google's.
#[derive(Clone, Copy, Debug)]
pub struct GeminiAsk<'a> {
    /// What is to be done.
    pub verb: Verb,
    /// The model that the client names.
    pub model: &'a str,
    /// The client speaks Code Assist's dialect: messages in a wrapper.
    pub wrapped: bool,
    /// A stream comes as server-sent events; else as an array.
    pub events: bool,
}

pub(super) fn answer(replier: &Replier, ask: GeminiAsk<'_>, body: &[u8]) -> SandboxReply {
    let request = match request::object(body, ask.wrapped) {
        Ok(request) => request,
        Err(refusal) => return refuse(replier, StatusCode::BAD_REQUEST, &refusal.0, None),
    };
    match ask.verb {
        Verb::Generate | Verb::Stream => match request::message(&request, ask) {
            Ok(call) => message(replier, ask, &call, request::json_schema(&request), body),
            Err(refusal) => refuse(replier, StatusCode::BAD_REQUEST, &refusal.0, None),
        },
        Verb::Count => replier.json(StatusCode::OK, &json!({ "totalTokens": turn::prompt_tokens(body) })),
        Verb::Embed => {
            let values = embedding(body, &request);
            replier.json(StatusCode::OK, &json!({ "embedding": { "values": values } }))
        }
        Verb::EmbedBatch => {
            let requests = request["requests"].as_array().map_or(&[][..], Vec::as_slice);
            let one =
                |request: &Value| json!({ "values": embedding(request.to_string().as_bytes(), request) });
            let all: Vec<_> = requests.iter().map(one).collect();
            replier.json(StatusCode::OK, &json!({ "embeddings": all }))
        }
    }
}

/// The list of models.
pub(super) fn models(replier: &Replier) -> SandboxReply {
    replier.json(StatusCode::OK, &json!({ "models": wire::models() }))
}

fn message(
    replier: &Replier,
    ask: GeminiAsk<'_>,
    call: &Call,
    schema: Option<Value>,
    body: &[u8],
) -> SandboxReply {
    let words = Words::find(&call.asked.text);
    if let Some(asked) = words.refuse {
        return refuse(replier, asked.status, asked.message, asked.retry_after_s);
    }
    let mut turn = turn::compose(call, &words, body, &replier.mark);
    if let Some(schema) = schema {
        turn = turn.saying(tool::arguments(&schema).to_string());
    }
    let mut dice = SmallRng::seed_from_u64(replier.seed);
    if ask.verb == Verb::Stream {
        return stream(replier, ask, &turn, &words, &mut dice);
    }
    if matches!(words.broken, Some(Break::ErrorEvent | Break::ErrorFirst)) {
        return refuse(replier, StatusCode::SERVICE_UNAVAILABLE, wire::OVERLOADED, None);
    }
    let bytes = Chunk::whole(&turn).bytes(ask.wrapped);
    let mut headers = replier.headers("application/json; charset=UTF-8");
    headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    let steps = pace::whole(&turn, bytes, &words, &mut dice);
    SandboxReply { status: StatusCode::OK, headers, body: SandboxBody::new(steps) }
}

fn stream(
    replier: &Replier,
    ask: GeminiAsk<'_>,
    turn: &Turn,
    words: &Words,
    dice: &mut SmallRng,
) -> SandboxReply {
    let chunks = chunks(turn, dice);
    let mut form = Form::new(ask.events);
    let mut steps = Vec::with_capacity(chunks.len() + 1);
    for chunk in &chunks {
        let pace = if steps.is_empty() { FIRST } else { BETWEEN };
        steps.push(step(dice.random_range(pace), form.next(&chunk.bytes(ask.wrapped))));
    }
    let is_first = words.broken == Some(Break::ErrorFirst);
    if let Some(end) = form.end() {
        steps.push(step(0, end));
    }
    if is_first {
        // An error in the place of the first chunk.
        steps.clear();
    }
    let broken = if is_first { Some(Break::ErrorEvent) } else { words.broken };
    break_off(&mut steps, broken, || Form::alone(ask.events, is_first, &wire::overloaded()));
    slow_down(&mut steps, words);
    let kind = if ask.events { "text/event-stream" } else { "application/json; charset=UTF-8" };
    SandboxReply { status: StatusCode::OK, headers: replier.headers(kind), body: SandboxBody::new(steps) }
}

/// The answer in pieces; the last one has the reason of its end and all usage.
fn chunks<'a>(turn: &'a Turn, dice: &mut SmallRng) -> Vec<Chunk<'a>> {
    let mut chunks = Vec::new();
    for part in &turn.parts {
        match part {
            Part::Thinking(text) => {
                pieces(text, dice, |text, _| chunks.push(Chunk::thought(turn, text.to_owned())));
            }
            Part::Text(text) => {
                pieces(text, dice, |text, _| chunks.push(Chunk::text(turn, text.to_owned())));
            }
            Part::Tool { id, name, input } => chunks.push(Chunk::call(turn, id, name, input)),
        }
    }
    match chunks.last_mut() {
        Some(last) => last.finish(),
        None => chunks.push(Chunk::whole(turn)),
    }
    chunks
}

fn refuse(replier: &Replier, status: StatusCode, message: &str, retry_after_s: Option<u32>) -> SandboxReply {
    let (status, error) = wire::failure(status, message, retry_after_s);
    replier.json(status, &error)
}

/// Values that are the same for the same text, of length 1 together.
fn embedding(seed: &[u8], request: &Value) -> Vec<f64> {
    const USUAL: u64 = 768;
    let given = request["outputDimensionality"].as_u64().or(request["output_dimensionality"].as_u64());
    let length = usize::try_from(given.unwrap_or(USUAL).clamp(1, 3072)).unwrap_or(768);
    let mut dice = SmallRng::seed_from_u64(u64::from(crc32fast::hash(seed)));
    let values: Vec<f64> = (0..length).map(|_| dice.random_range(-1.0..1.0)).collect();
    let norm = values.iter().map(|value| value * value).sum::<f64>().sqrt().max(f64::MIN_POSITIVE);
    values.into_iter().map(|value| value / norm).collect()
}

impl Form {
    /// An error: alone, or behind what was sent.
    fn alone(events: bool, is_first: bool, error: &Bytes) -> Bytes {
        let mut form = if is_first { Self::new(events) } else { Self::begun(events) };
        let mut bytes = form.next(error).to_vec();
        bytes.extend_from_slice(&form.end().unwrap_or_default());
        bytes.into()
    }
}
