//! Owns the road of a request through the upstream: recorded, identified, read, understood, answered.
//! Promises an entry in the books for every request but those to the control endpoints.

mod caller;
mod claude;
mod claude_oauth;
mod people;
mod read;

use std::borrow::Cow;
use std::sync::Arc;

use bytes::Bytes;
use http::header::HeaderMap;
use http::request::Parts;
use http::{Request, Response, StatusCode, Version};
use hyper::body::Incoming;

use crate::account::Accounts;
use crate::answer::{self, Instead, Question};
use crate::anthropic::headers::Headers;
use crate::anthropic::message::Call;
use crate::behaviour::Behaviour;
use crate::body::{AnswerBody, BrokenOff, Via};
use crate::clock::Clock;
use crate::control;
use crate::endpoint::{Dialect, Endpoint, Route, credential};
use crate::ledger::{Entry, Ledger};
use crate::oauth::authorize::Rules;
use crate::oauth::desk::Desk;
use crate::options::Record;
use crate::refusal::{About, Refusal};
use crate::script::Scripts;
use crate::wire::Line;

use self::caller::Caller;
use self::read::{BODY_LIMIT, read};

/// What all connections of one upstream share.
pub(crate) struct Hub {
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) scripts: Scripts,
    pub(crate) headers: Headers,
    pub(crate) accounts: Accounts,
    pub(crate) claude: Desk,
    pub(crate) claude_rules: Rules,
    pub(crate) clock: Clock,
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
    dialect: Dialect,
    caller: &'a Caller<'a>,
    body: Bytes,
    request_id: String,
    entry: Entry,
}

/// What a request asks, as far as the answer depends on it.
#[derive(Default)]
struct Understood<'a> {
    model: Cow<'a, str>,
    stream: bool,
    /// What stands for a message where the endpoint answers something else.
    instead: Option<Instead>,
    /// The headers of the answer, where they are not the credential's usual ones.
    headers: Option<HeaderMap>,
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
        let route = Route::of(&parts);
        let token = credential(&parts.headers);
        let mut entry = self.ledger.open(&parts, token, peer.number, route.as_ref().map(|it| it.endpoint));
        let dialect = route.as_ref().map_or(Dialect::Anthropic, |route| route.endpoint.dialect());
        let mut caller = self.identify(route.as_ref(), &parts, &mut entry);
        let by_headers = route.as_ref().filter(|route| !route.endpoint.is_token());
        let mut behaviour = by_headers.and_then(|route| self.behaviour(route.endpoint, &caller));
        if behaviour.as_ref().is_some_and(|behaviour| behaviour.delivery.unread) {
            let received = self.received(&parts, dialect, &caller, Bytes::new(), entry);
            let answer = self.route(route.as_ref(), behaviour, received, peer).await;
            // Until here the client's upload must not be broken off.
            drop(body);
            return answer;
        }
        // Dropping the entry records that the client left.
        let (body, sha256) =
            read(body, self.ledger.record() != Record::Totals).await.map_err(|_| BrokenOff)?;
        entry.body(&body, sha256);
        if let Some(route) = route.as_ref().filter(|route| route.endpoint.is_token()) {
            self.identify_by_body(route.endpoint, &body, &mut caller, &mut entry);
            behaviour = self.behaviour(route.endpoint, &caller);
        }
        let received = self.received(&parts, dialect, &caller, body, entry);
        if received.body.len() > BODY_LIMIT {
            return Ok(self.refuse(Refusal::usual(StatusCode::PAYLOAD_TOO_LARGE), received));
        }
        self.route(route.as_ref(), behaviour, received, peer).await
    }

    /// Forgets everything.
    pub(crate) fn reset(&self) {
        self.scripts.reset();
        self.ledger.reset();
        self.accounts.reset();
        self.claude.reset();
        self.clock.reset();
    }

    fn received<'a>(
        &self,
        parts: &'a Parts,
        dialect: Dialect,
        caller: &'a Caller<'a>,
        body: Bytes,
        entry: Entry,
    ) -> Received<'a> {
        let request_id = format!("req_011C{}{:012}", self.instance, entry.number());
        Received { parts, dialect, caller, body, request_id, entry }
    }

    async fn route(
        &self,
        route: Option<&Route>,
        behaviour: Option<Arc<Behaviour>>,
        mut received: Received<'_>,
        peer: &Peer,
    ) -> Result<Response<AnswerBody>, BrokenOff> {
        let Some(route) = route else {
            return Ok(self.refuse(Refusal::usual(StatusCode::NOT_FOUND), received));
        };
        if let Some(refusal) = &received.caller.refusal {
            return Ok(self.refuse(refusal.clone(), received));
        }
        let Some(behaviour) = behaviour else {
            return Ok(self.refuse(self.unknown(received.caller), received));
        };
        let body = received.body.clone();
        let understood = if behaviour.delivery.unread {
            Ok(Understood::default())
        } else {
            self.understand(route, &behaviour, &body, &mut received)
        };
        match understood {
            Ok(understood) => self.behave(&behaviour, understood, received, peer).await,
            Err(refusal) => Ok(self.refuse(refusal, received)),
        }
    }

    async fn behave(
        &self,
        behaviour: &Behaviour,
        understood: Understood<'_>,
        received: Received<'_>,
        peer: &Peer,
    ) -> Result<Response<AnswerBody>, BrokenOff> {
        let multiplexed = received.parts.version == Version::HTTP_2;
        let via = Via { line: Arc::clone(&peer.line), multiplexed };
        let Received { parts, caller, dialect, body, request_id, entry } = received;
        let bare = self.headers_of(caller, &[]);
        let usual = || if caller.account.is_some() { bare.clone() } else { self.headers.of(caller.token) };
        let message_id = format!("msg_01{}{:014}", self.instance, entry.number());
        let model = understood.model.as_ref();
        let call = Call { model, message_id: &message_id, request_id: &request_id, body_length: body.len() };
        let question = Question {
            call,
            dialect,
            stream: understood.stream,
            instead: understood.instead,
            headers: &parts.headers,
            usual: understood.headers.unwrap_or_else(usual),
            bare,
        };
        answer::behave(behaviour, question, entry, via).await
    }

    /// What the request asks; the effects that it has where the behaviour lets it.
    fn understand<'a>(
        &self,
        route: &Route,
        behaviour: &Behaviour,
        body: &'a [u8],
        received: &mut Received<'_>,
    ) -> Result<Understood<'a>, Refusal> {
        match route.endpoint {
            Endpoint::Messages => self.message(behaviour, body, received),
            Endpoint::CountTokens => self.count_tokens(body, received),
            Endpoint::Models => self.models(route.subject.as_deref(), received),
            Endpoint::ClaudeAuthorize => self.claude_page(received),
            Endpoint::ClaudeToken => self.claude_token(behaviour, body, received),
            Endpoint::ClaudeUsage => self.claude_usage(received),
            Endpoint::ClaudeProfile => self.claude_profile(received),
        }
    }

    fn refuse(&self, refusal: Refusal, received: Received<'_>) -> Response<AnswerBody> {
        let Received { dialect, caller, request_id, mut entry, .. } = received;
        entry.refused(&refusal.reason());
        let body = refusal.said.body(dialect, refusal.status, About { request_id: &request_id });
        let mut headers = self.headers_of(caller, &[]);
        for (name, value) in refusal.headers {
            headers.insert(name, value);
        }
        answer::json(refusal.status, headers, &request_id, body, entry)
    }
}
