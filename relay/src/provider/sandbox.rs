//! The sandbox: an upstream inside the relay that speaks Anthropic's dialect and Google's. It owns the made-up answers, their pace
//! and the faults that a prompt can ask for; it promises the same answer and pace for the same body; it never opens a
//! connection and never claims to be a model.
//!
//! Facts of the dialect: reference/anthropic.md, sections 3 to 7 and 9. For operators: docs/sandbox.md.

mod body;
mod gemini;
mod model;
mod pace;
mod request;
mod tool;
mod turn;
mod wire;
mod word;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use rand::SeedableRng;
use rand::rngs::SmallRng;

use body::Step;
pub use body::{SandboxBody, SandboxCut};
pub use gemini::GeminiAsk;
use request::{Call, Refusal};
use word::{Break, Refuse, Words};

/// What the sandbox is asked.
#[derive(Clone, Copy, Debug)]
pub enum SandboxPath<'a> {
    /// `POST /v1/messages`.
    Messages,
    /// `POST /v1/messages/count_tokens`.
    CountTokens,
    /// `GET /v1/models` with the query as it came, without the question mark.
    Models(Option<&'a str>),
    /// What a client of Google's asks.
    Gemini(GeminiAsk<'a>),
    /// `GET /v1beta/models`.
    GeminiModels,
}

/// One request to the sandbox.
#[derive(Clone, Copy, Debug)]
pub struct SandboxRequest<'a> {
    /// Which endpoint.
    pub path: SandboxPath<'a>,
    /// The body's bytes; empty for the list of models.
    pub body: &'a [u8],
    /// Milliseconds since 1970: makes the ids of equal requests differ, and nothing else.
    pub now_ms: i64,
}

/// The sandbox's answer. Its body paces itself by tokio's timers.
#[derive(Debug)]
pub struct SandboxReply {
    /// As the provider would choose it.
    pub status: StatusCode,
    /// `content-type`, `request-id`, and `retry-after` where a provider would name one.
    pub headers: HeaderMap,
    /// The bytes.
    pub body: SandboxBody,
}

/// Answers. Never fails: what is wrong with the request is in the reply, as a provider would put it.
pub fn answer(request: &SandboxRequest<'_>) -> SandboxReply {
    let replier = Replier::new(request);
    let replied = match request.path {
        SandboxPath::Messages => replier.message(request.body),
        SandboxPath::CountTokens => replier.count(request.body),
        SandboxPath::Gemini(ask) => Ok(gemini::answer(&replier, ask, request.body)),
        SandboxPath::GeminiModels => Ok(gemini::models(&replier)),
        SandboxPath::Models(query) => {
            Ok(replier.json(StatusCode::OK, &model::list(query.unwrap_or_default())))
        }
    };
    replied.unwrap_or_else(|refusal| replier.refuse(&refusal))
}

/// What one reply is made with.
struct Replier {
    seed: u64,
    mark: String,
    request_id: String,
}

impl Replier {
    fn new(request: &SandboxRequest<'_>) -> Self {
        let seed = crc32fast::hash(request.body);
        let mark = format!("{:012x}{seed:08x}", request.now_ms);
        Self { seed: u64::from(seed), request_id: format!("req_sandbox{mark}"), mark }
    }

    fn message(&self, body: &[u8]) -> Result<SandboxReply, Refusal> {
        let call = request::message(body)?;
        let words = Words::find(&call.asked.text);
        if let Some(refuse) = words.refuse {
            return Ok(self.refuse_as_asked(refuse));
        }
        Ok(if call.stream { self.stream(&call, &words, body) } else { self.whole(&call, &words, body) })
    }

    fn stream(&self, call: &Call, words: &Words, body: &[u8]) -> SandboxReply {
        let turn = turn::compose(call, words, body, &self.mark);
        let mut dice = SmallRng::seed_from_u64(self.seed);
        let steps = pace::stream(&turn, words, &mut dice, &self.request_id);
        let mut headers = self.headers("text/event-stream; charset=utf-8");
        headers.insert(http::header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        SandboxReply { status: StatusCode::OK, headers, body: SandboxBody::new(steps) }
    }

    fn whole(&self, call: &Call, words: &Words, body: &[u8]) -> SandboxReply {
        if matches!(words.broken, Some(Break::ErrorEvent | Break::ErrorFirst)) {
            return self.refuse_as_asked(Refuse::OVERLOADED);
        }
        let turn = turn::compose(call, words, body, &self.mark);
        let mut dice = SmallRng::seed_from_u64(self.seed);
        let bytes = wire::to_bytes(&turn.message());
        let mut headers = self.headers("application/json");
        headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        let steps = pace::whole(&turn, bytes, words, &mut dice);
        SandboxReply { status: StatusCode::OK, headers, body: SandboxBody::new(steps) }
    }

    fn count(&self, body: &[u8]) -> Result<SandboxReply, Refusal> {
        request::count(body)?;
        let counted = wire::Counted { input_tokens: turn::prompt_tokens(body) };
        Ok(self.json(StatusCode::OK, &counted))
    }

    fn refuse(&self, refusal: &Refusal) -> SandboxReply {
        let error = wire::Failure::new("invalid_request_error", &refusal.0, &self.request_id);
        self.json(StatusCode::BAD_REQUEST, &error)
    }

    fn refuse_as_asked(&self, refuse: Refuse) -> SandboxReply {
        let error = wire::Failure::new(refuse.kind, refuse.message, &self.request_id);
        let mut reply = self.json(refuse.status, &error);
        if let Some(seconds) = refuse.retry_after_s {
            reply.headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        reply
    }

    fn json(&self, status: StatusCode, value: &impl serde::Serialize) -> SandboxReply {
        let bytes: Bytes = wire::to_bytes(value);
        let mut headers = self.headers("application/json");
        headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        SandboxReply { status, headers, body: SandboxBody::new([Step::at_once(bytes)]) }
    }

    fn headers(&self, content_type: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        if let Ok(id) = HeaderValue::from_str(&self.request_id) {
            headers.insert(HeaderName::from_static("request-id"), id);
        }
        headers
    }
}
