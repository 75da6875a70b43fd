//! Owns the road of a request through the upstream: recorded, identified, read, understood, answered.
//! Promises an entry in the books for every request but those to the control endpoints.

mod assist;
mod caller;
mod claude;
mod claude_oauth;
mod gemini;
mod google;
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
use crate::anthropic::request::Asked;
use crate::behaviour::Behaviour;
use crate::body::{AnswerBody, BrokenOff, Via};
use crate::clock::Clock;
use crate::control::{self, Proxies};
use crate::endpoint::{Dialect, Endpoint, Route, credential};
use crate::gemini::request::{self, Wrapper};
use crate::gemini::{self as google_wire, Form};
use crate::ledger::{Entry, Ledger};
use crate::mint::Mint;
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
    pub(crate) google: Desk,
    pub(crate) google_rules: Rules,
    /// The secret of Google's client.
    pub(crate) google_secret: String,
    pub(crate) mint: Mint,
    /// Those that were asked for from outside.
    pub(crate) proxies: Proxies,
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

impl Received<'_> {
    /// How an answer to it would have been written.
    fn form(&self) -> Form {
        let uri = &self.parts.uri;
        let streams = uri.path().ends_with("streamGenerateContent");
        if streams { gemini::form("streamGenerateContent", uri.query()) } else { Form::Whole }
    }
}

/// What a request asks, as far as the answer depends on it.
#[derive(Default)]
struct Understood<'a> {
    model: Cow<'a, str>,
    form: Form,
    /// What stands for a message where the endpoint answers something else.
    instead: Option<Instead>,
    /// The headers of the answer, where they are not the credential's usual ones.
    headers: Option<HeaderMap>,
}

impl Understood<'_> {
    fn instead(instead: Instead) -> Self {
        Self { instead: Some(instead), ..Self::default() }
    }
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
        self.google.reset();
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
            return Ok(self.refuse(self.unknown(&received), received));
        };
        let body = received.body.clone();
        let behaviour = self.for_model(route, behaviour, &body);
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

    /// The behaviour, or what is usual if it is for another model than the request's.
    fn for_model(&self, route: &Route, behaviour: Arc<Behaviour>, body: &[u8]) -> Arc<Behaviour> {
        let Some(word) = &behaviour.only_for else { return behaviour };
        let model = match route.endpoint.dialect() {
            Dialect::Assist => request::read::<Wrapper>(body).ok().and_then(|wrapper| wrapper.model),
            Dialect::Gemini => route.subject.clone(),
            _ => Asked::read(body).ok().and_then(|asked| asked.model.map(Cow::into_owned)),
        };
        if model.is_none_or(|model| model.contains(word.as_str())) { behaviour } else { self.scripts.usual() }
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
        let bare = self.bare_headers(dialect, caller);
        let with_limits = dialect == Dialect::Anthropic && caller.account.is_none();
        let usual = || if with_limits { self.headers.of(caller.token) } else { bare.clone() };
        let message_id = format!("msg_01{}{:014}", self.instance, entry.number());
        let model = understood.model.as_ref();
        let call = Call { model, message_id: &message_id, request_id: &request_id, body_length: body.len() };
        let question = Question {
            call,
            dialect,
            form: understood.form,
            now_seconds: self.clock.now_seconds(),
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
        route: &'a Route,
        behaviour: &Behaviour,
        body: &'a [u8],
        received: &mut Received<'_>,
    ) -> Result<Understood<'a>, Refusal> {
        match route.endpoint {
            Endpoint::Messages => self.message(behaviour, body, received),
            Endpoint::CountTokens => self.count_tokens(body, received),
            Endpoint::Models => self.models(route.subject.as_deref(), received),
            Endpoint::ClaudeAuthorize => Ok(self.claude_page(received)),
            Endpoint::ClaudeToken => self.claude_token(behaviour, body, received),
            Endpoint::ClaudeUsage => self.claude_usage(received),
            Endpoint::ClaudeProfile => self.claude_profile(received),
            Endpoint::GoogleAuthorize => Ok(self.google_page(received)),
            Endpoint::GoogleToken => self.google_token(behaviour, body, received),
            Endpoint::GoogleUserinfo => self.userinfo(received),
            Endpoint::Generate => self.generate(route, body, received),
            Endpoint::GeminiCount => self.gemini_count(route, body, received),
            Endpoint::GeminiModels => self.gemini_models(route.subject.as_deref(), received),
            Endpoint::Embed => self.embed(route, body, received),
            Endpoint::AssistGenerate => self.assist(route, body, received),
            Endpoint::AssistCount => self.assist_count(body, received),
            Endpoint::LoadCodeAssist => self.load_code_assist(body, received),
            Endpoint::OnboardUser => self.onboard(route, body, received),
            Endpoint::AssistQuota => self.assist_quota(body, received),
            Endpoint::AssistOther => Ok(Understood::instead(Instead::json("{}"))),
        }
    }

    /// The headers that come with any answer.
    fn bare_headers(&self, dialect: Dialect, caller: &Caller<'_>) -> HeaderMap {
        match dialect {
            Dialect::Anthropic | Dialect::AnthropicToken => self.headers_of(caller, &[]),
            Dialect::GoogleToken | Dialect::Gemini | Dialect::Assist => google_wire::headers(),
        }
    }

    fn refuse(&self, refusal: Refusal, received: Received<'_>) -> Response<AnswerBody> {
        let form = received.form();
        let Received { dialect, caller, request_id, mut entry, .. } = received;
        entry.refused(&refusal.reason());
        let about = About {
            request_id: &request_id,
            model: "",
            array: form == Form::Array,
            now_seconds: self.clock.now_seconds(),
        };
        let body = refusal.said.body(dialect, refusal.status, about);
        let mut headers = self.bare_headers(dialect, caller);
        for (name, value) in refusal.headers {
            headers.insert(name, value);
        }
        answer::json(refusal.status, headers, dialect, &request_id, body, entry)
    }
}
