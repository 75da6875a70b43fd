//! Owns the road of a request through the upstream: recorded, read, routed, answered.
//! Promises an entry in the books for every request but those to the control endpoints.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use http::header::{AUTHORIZATION, HeaderMap};
use http::request::Parts;
use http::{Method, Request, Response, StatusCode, Version};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use sha2::{Digest, Sha256};

use crate::answer::{self, Question};
use crate::anthropic::headers::Headers;
use crate::anthropic::message::Call;
use crate::anthropic::request::Asked;
use crate::anthropic::{error, models};
use crate::behaviour::Behaviour;
use crate::body::{AnswerBody, BrokenOff, Via};
use crate::control;
use crate::ledger::{Entry, Ledger};
use crate::options::Record;
use crate::script::{Endpoint, Scripts};
use crate::wire::Line;

/// The largest body that the provider takes.
const BODY_LIMIT: usize = 32 << 20;

/// What one model's path starts with.
const ONE_MODEL: &str = "/v1/models/";

/// What all connections of one upstream share.
pub(crate) struct Hub {
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) scripts: Scripts,
    pub(crate) headers: Headers,
    /// Makes ids unique among upstreams: eight hex digits.
    pub(crate) instance: String,
    pub(crate) lenient: bool,
}

/// The connection that a request came on.
#[derive(Clone)]
pub(crate) struct Peer {
    pub(crate) line: Arc<Line>,
    pub(crate) number: u64,
}

/// A request that has been read.
struct Received<'a> {
    parts: &'a Parts,
    token: Option<&'a str>,
    body: Bytes,
    request_id: String,
    entry: Entry,
}

impl Hub {
    pub(crate) async fn answer(
        &self,
        request: Request<Incoming>,
        peer: &Peer,
    ) -> Result<Response<AnswerBody>, BrokenOff> {
        let (parts, body) = request.into_parts();
        if let Some(endpoint) = parts.uri.path().strip_prefix("/_") {
            return Ok(control::answer(self, &parts.method, endpoint, body).await);
        }
        let token = credential(&parts.headers);
        let entry = self.ledger.open(&parts, token, peer.number);
        let endpoint = endpoint(&parts.method, parts.uri.path());
        let behaviour = endpoint.and_then(|endpoint| self.scripts.next(endpoint, token));
        if behaviour.as_ref().is_some_and(|behaviour| behaviour.delivery.unread) {
            let received = self.received(&parts, token, Bytes::new(), entry);
            let answer = self.route(endpoint, behaviour, received, peer).await;
            // Until here the client's upload must not be broken off.
            drop(body);
            return answer;
        }
        // Dropping the entry records that the client left.
        let (body, sha256) =
            read(body, self.ledger.record() != Record::Totals).await.map_err(|_| BrokenOff)?;
        entry.body(&body, sha256);
        let received = self.received(&parts, token, body, entry);
        if received.body.len() > BODY_LIMIT {
            return Ok(self.refuse(&Refusal::usual(StatusCode::PAYLOAD_TOO_LARGE), received));
        }
        self.route(endpoint, behaviour, received, peer).await
    }

    fn received<'a>(
        &self,
        parts: &'a Parts,
        token: Option<&'a str>,
        body: Bytes,
        entry: Entry,
    ) -> Received<'a> {
        let request_id = format!("req_011C{}{:012}", self.instance, entry.number());
        Received { parts, token, body, request_id, entry }
    }

    async fn route(
        &self,
        endpoint: Option<Endpoint>,
        behaviour: Option<Arc<Behaviour>>,
        received: Received<'_>,
        peer: &Peer,
    ) -> Result<Response<AnswerBody>, BrokenOff> {
        let Some(endpoint) = endpoint else {
            return Ok(self.refuse(&Refusal::usual(StatusCode::NOT_FOUND), received));
        };
        let Some(behaviour) = behaviour else {
            return Ok(self.refuse(&Refusal::usual(StatusCode::UNAUTHORIZED), received));
        };
        let multiplexed = received.parts.version == Version::HTTP_2;
        let via = Via { line: Arc::clone(&peer.line), multiplexed };
        let body = received.body.clone();
        let understood = if behaviour.delivery.unread {
            Ok((Asked::default(), None))
        } else {
            self.understand(endpoint, &body, &received)
        };
        let (asked, instead) = match understood {
            Ok(understood) => understood,
            Err(refusal) => return Ok(self.refuse(&refusal, received)),
        };
        let Received { parts, token, body, request_id, entry } = received;
        let message_id = format!("msg_01{}{:014}", self.instance, entry.number());
        let model = asked.model.as_deref().unwrap_or_default();
        let call = Call { model, message_id: &message_id, request_id: &request_id, body_length: body.len() };
        let question = Question {
            call,
            stream: asked.stream,
            instead,
            headers: &parts.headers,
            usual: self.headers.of(token),
            bare: self.headers.bare(),
        };
        answer::behave(&behaviour, question, entry, via).await
    }

    /// What the request asks, and the JSON to answer where that is no message.
    fn understand<'a>(
        &self,
        endpoint: Endpoint,
        body: &'a [u8],
        received: &Received<'_>,
    ) -> Result<(Asked<'a>, Option<Bytes>), Refusal> {
        self.check_headers(received)?;
        if endpoint == Endpoint::Models {
            return Ok((Asked::default(), Some(self.models(received)?)));
        }
        let asked = Asked::read(body).map_err(Refusal::bad_request)?;
        received.entry.asks(asked.model.as_deref(), asked.stream);
        if asked.model.is_none() {
            return Err(Refusal::bad_request("model: Field required"));
        }
        let count = || format!(r#"{{"input_tokens":{}}}"#, body.len().div_ceil(4).max(1)).into();
        Ok((asked, (endpoint == Endpoint::CountTokens).then(count)))
    }

    /// What the provider asks of every request's headers, unless this upstream is lenient.
    fn check_headers(&self, received: &Received<'_>) -> Result<(), Refusal> {
        let headers = &received.parts.headers;
        if self.lenient {
            return Ok(());
        }
        if !headers.contains_key("anthropic-version") {
            return Err(Refusal::bad_request("anthropic-version: header is required"));
        }
        let by_oauth = received.token.is_some_and(|token| token.starts_with("sk-ant-oat"));
        let mut flags = headers.get_all("anthropic-beta").iter().filter_map(|flags| flags.to_str().ok());
        if by_oauth && !flags.any(|flags| flags.contains("oauth-2025-04-20")) {
            let message = "OAuth authentication is currently not supported.".to_owned();
            return Err(Refusal { message, ..Refusal::usual(StatusCode::UNAUTHORIZED) });
        }
        Ok(())
    }

    /// The list of models, or one of them.
    fn models(&self, received: &Received<'_>) -> Result<Bytes, Refusal> {
        let usual = || models::USUAL.map(str::to_owned).into();
        let ids: Arc<[String]> = self.scripts.listed_models(received.token).unwrap_or_else(usual);
        let uri = &received.parts.uri;
        let json = match uri.path().strip_prefix(ONE_MODEL) {
            Some(id) => models::one(&ids, id).ok_or_else(|| Refusal::usual(StatusCode::NOT_FOUND))?,
            None => models::page(&ids, uri.query().unwrap_or_default()).map_err(Refusal::bad_request)?,
        };
        Ok(json.into())
    }

    fn refuse(&self, refusal: &Refusal, received: Received<'_>) -> Response<AnswerBody> {
        let body = error::body(refusal.kind, &refusal.message, &received.request_id);
        answer::json(refusal.status, self.headers.bare(), &received.request_id, body, received.entry)
    }
}

/// An error that the upstream answers by itself, without a script.
struct Refusal {
    status: StatusCode,
    kind: &'static str,
    message: String,
}

impl Refusal {
    fn usual(status: StatusCode) -> Self {
        let (kind, message) = error::usual(status);
        Self { status, kind, message: message.to_owned() }
    }

    fn bad_request(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::usual(StatusCode::BAD_REQUEST) }
    }
}

fn endpoint(method: &Method, path: &str) -> Option<Endpoint> {
    match (method, path) {
        (&Method::POST, "/v1/messages") => Some(Endpoint::Messages),
        (&Method::POST, "/v1/messages/count_tokens") => Some(Endpoint::CountTokens),
        (&Method::GET, "/v1/models") => Some(Endpoint::Models),
        (&Method::GET, _) if path.starts_with(ONE_MODEL) => Some(Endpoint::Models),
        _ => None,
    }
}

/// The credential of a request: `x-api-key`, else the bearer token.
fn credential(headers: &HeaderMap) -> Option<&str> {
    let key = headers.get("x-api-key").and_then(|value| value.to_str().ok());
    let bearer = || headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ");
    key.or_else(bearer)
}

/// Reads a body, to just past the limit at most, with its hash if that is wanted.
async fn read(mut body: Incoming, hashed: bool) -> Result<(Bytes, Option<String>), hyper::Error> {
    let mut hasher = hashed.then(Sha256::new);
    let mut whole = BytesMut::new();
    let mut first = Bytes::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        if let Some(hasher) = &mut hasher {
            hasher.update(&data);
        }
        if first.is_empty() && whole.is_empty() {
            first = data;
        } else {
            if whole.is_empty() {
                whole.extend_from_slice(&first);
            }
            whole.extend_from_slice(&data);
        }
        if whole.len() > BODY_LIMIT {
            return Ok((whole.freeze(), None));
        }
    }
    let body = if whole.is_empty() { first } else { whole.freeze() };
    Ok((body, hasher.map(|hasher| hex::encode(hasher.finalize()))))
}
