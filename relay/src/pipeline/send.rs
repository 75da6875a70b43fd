//! Sending a call on one account, by the account's kind.

pub(crate) mod gemini;

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method};

use super::call::Call;
use super::road::Road;
use crate::model::account::AccountKind;
use crate::provider::anthropic::headers;
use crate::provider::outgoing::{self, Outgoing};
use crate::provider::reply::{Reply, SendError};
use crate::provider::sandbox::{self, GeminiAsk, SandboxPath, SandboxRequest};
use crate::schedule::account::Account;
use crate::state::Shared;
use crate::store::attempt::Endpoint;

/// Sends a call, and waits for its answer's headers, at most for `patience`.
pub(super) async fn send(
    relay: &Shared,
    call: &Call,
    account: &Account,
    patience: Duration,
) -> Result<Reply, SendError> {
    if account.kind == AccountKind::Sandbox {
        let path = sandbox_path(call);
        let request = SandboxRequest { path, body: &call.body.bytes, now_ms: relay.clock.now_ms() };
        return Ok(sandbox::answer(&request).into());
    }
    let Road::Claude { path, .. } = &call.road else {
        return gemini::send(relay, call, account, patience).await;
    };
    let asked = Asked {
        method: Method::POST,
        path,
        query: call.query.as_deref(),
        headers: &call.headers,
        stream: call.facts.stream,
        body: call.bytes(),
    };
    claude(relay, account, asked, patience).await
}

fn sandbox_path(call: &Call) -> SandboxPath<'_> {
    let (verb, wrapped) = match &call.road {
        Road::Claude { endpoint: Endpoint::CountTokens, .. } => return SandboxPath::CountTokens,
        Road::Claude { .. } => return SandboxPath::Messages,
        Road::Gemini { verb, .. } => (*verb, false),
        Road::CodeAssist(verb) => (*verb, true),
    };
    let events = gemini::wants_events(call.query.as_deref());
    SandboxPath::Gemini(GeminiAsk { verb, model: &call.facts.model, wrapped, events })
}

/// What is asked of a provider, as a client or the relay itself puts it.
pub(crate) struct Asked<'a> {
    pub(crate) method: Method,
    /// The provider's path.
    pub(crate) path: &'a str,
    /// Without the question mark.
    pub(crate) query: Option<&'a str>,
    /// Those that pass go up.
    pub(crate) headers: &'a HeaderMap,
    /// The answer must not be coded.
    pub(crate) stream: bool,
    pub(crate) body: Bytes,
}

/// Asks Anthropic on one account, at most for `patience` until the answer's headers.
///
/// # Errors
/// See [`SendError`].
pub(crate) async fn claude(
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
