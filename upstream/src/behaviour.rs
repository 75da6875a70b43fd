//! Owns what an upstream does with a request: the answer's content and how it is delivered.
//! Promises that a behaviour reads in a test as a sentence. Never holds state: sequences are `script`.

mod delivery;
mod google;
mod message;
mod refusal;
mod words;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};

use crate::anthropic::message::Message;
use crate::books::Usage;
use crate::gemini::fault::Fault;
use crate::refusal::Said;
use crate::script::Script;

pub(crate) use delivery::{At, Before, Coding, Delivery, Framing};
pub(crate) use words::LIST as WORD_LIST;
pub use words::UnknownWords;

/// What an upstream answers and how.
///
/// It starts with a constructor that says *what* ([`ok`](Self::ok), [`status`](Self::status),
/// [`replay`](Self::replay), …), and goes on with methods that say *how*. Methods about the stream's events act on
/// [`ok`](Self::ok) alone.
///
/// ```
/// use std::time::Duration;
/// use upstream::{Behaviour, Split, Usage};
///
/// let slow = Behaviour::ok().events(40).interval(Duration::from_millis(20));
/// let billed = Behaviour::ok().text("Hello, 世界!").usage(Usage::new(12, 34).cache_read(5000));
/// let busy = Behaviour::status(429).header("retry-after", "60");
/// let broken = Behaviour::ok().split(Split::Every(7)).cut_after_bytes(1000);
/// let recovering = Behaviour::overloaded().times(2).then(Behaviour::ok());
/// ```
#[derive(Clone, Debug)]
pub struct Behaviour {
    pub(crate) content: Content,
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) delivery: Delivery,
    /// A word in the names of the models that it is for.
    pub(crate) only_for: Option<String>,
}

/// What the body of an answer is made of.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// A message, streamed or not as the request asks.
    Message(Message),
    /// An error in the provider's shape.
    Refusal(Said),
    /// Bytes as given.
    Raw { content_type: String, body: Bytes, billed: Usage },
}

impl Behaviour {
    /// A message as the provider would answer, streamed or not as the request asks.
    #[must_use]
    pub fn ok() -> Self {
        Self::new(StatusCode::OK, Content::Message(Message::default()))
    }

    /// Bytes as given, with status 200 and as an event stream: a fixture, for example.
    #[must_use]
    pub fn replay(body: impl Into<Bytes>) -> Self {
        let content_type = "text/event-stream; charset=utf-8".to_owned();
        Self::new(StatusCode::OK, Content::Raw { content_type, body: body.into(), billed: Usage::default() })
    }

    /// The same as [`replay`](Self::replay), as a JSON body.
    #[must_use]
    pub fn replay_json(body: impl Into<Bytes>) -> Self {
        Self::replay(body).content_type("application/json")
    }

    /// A whole recorded answer: status line, headers, blank line, body. Its length is set anew.
    ///
    /// # Panics
    /// When it is not such an answer.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test writes it: a bad recording is its own mistake")]
    pub fn recorded(answer: &str) -> Self {
        let (head, body) = answer.split_once("\n\n").or(answer.split_once("\r\n\r\n")).expect("a head");
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).expect("a status line");
        let mut behaviour = Self::replay(body.to_owned());
        behaviour.status = status.parse().expect("a status");
        for line in lines {
            let (name, value) = line.split_once(':').expect("a header");
            match name.to_ascii_lowercase().as_str() {
                "content-length" => {}
                "content-type" => behaviour = behaviour.content_type(value.trim()),
                name => behaviour = behaviour.header(name, value.trim()),
            }
        }
        behaviour
    }

    /// So many bytes of garbage in an event stream: no UTF-8, no frames.
    #[must_use]
    pub fn garbage(length: usize) -> Self {
        let mut word = 0x9E37_79B9_u32;
        let noise = std::iter::repeat_with(|| {
            word ^= word << 13;
            word ^= word >> 17;
            word ^= word << 5;
            word.to_le_bytes()
        });
        Self::replay(noise.flatten().take(length).collect::<Vec<u8>>())
    }

    /// A web page with status 200.
    #[must_use]
    pub fn html() -> Self {
        let page = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body></body></html>";
        Self::replay(page).content_type("text/html; charset=utf-8")
    }

    pub(crate) fn new(status: StatusCode, content: Content) -> Self {
        Self { content, status, headers: Vec::new(), delivery: Delivery::default(), only_for: None }
    }

    /// It is for models with this in their names alone; calls to other models get what is usual. (In a sequence they
    /// count all the same.)
    #[must_use]
    pub fn only_for(self, model: &str) -> Self {
        Self { only_for: Some(model.to_owned()), ..self }
    }

    /// The content type, where the body is given as bytes.
    #[must_use]
    pub fn content_type(mut self, name: &str) -> Self {
        if let Content::Raw { content_type, .. } = &mut self.content {
            name.clone_into(content_type);
        }
        self
    }

    /// The body as given, instead of the one that the status would have.
    #[must_use]
    pub fn body(mut self, bytes: impl Into<Bytes>) -> Self {
        let content_type = "application/json".to_owned();
        self.content = Content::Raw { content_type, body: bytes.into(), billed: Usage::default() };
        self
    }

    /// What the books say was billed, where the body is given as bytes.
    #[must_use]
    pub fn bills(mut self, usage: Usage) -> Self {
        if let Content::Raw { billed, .. } = &mut self.content {
            *billed = usage;
        }
        self
    }

    /// One more header; it replaces what the upstream would send under this name.
    ///
    /// # Panics
    /// When the name or the value is not allowed in HTTP.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test writes it: a bad header is its own mistake")]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name: HeaderName = name.parse().expect("a header name");
        self.headers.push((name, value.parse().expect("a header value")));
        self
    }

    /// This behaviour for the first `calls` calls of a credential.
    #[must_use]
    pub fn times(self, calls: usize) -> Script {
        Script::first(calls, self)
    }

    /// Whether it does what the request asks, and does not refuse or break off before that.
    pub(crate) fn has_effect(&self) -> bool {
        let begins = !matches!(self.delivery.before, Before::Cut | Before::Hang);
        begins && matches!(self.content, Content::Message(_)) && self.status.is_success()
    }

    /// Whether it refuses the credential itself, and so at every endpoint.
    pub(crate) fn is_credential_refusal(&self) -> bool {
        let key_invalid = |said: &Said| said.fault.as_deref() == Some(&Fault::KeyInvalid);
        let key_invalid = matches!(&self.content, Content::Refusal(said) if key_invalid(said));
        self.only_for.is_none() && (self.status == StatusCode::UNAUTHORIZED || key_invalid)
    }
}
