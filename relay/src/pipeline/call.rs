//! One client request, read: what routing and metering need of it, and its bytes.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use bytes::Bytes;
use http::HeaderMap;
use http::request::Parts;
use uuid::Uuid;

use super::road::{Road, Verb};
use crate::gate::body::{self, Kept};
use crate::gate::caller::Caller;
use crate::gate::keys::KeyLease;
use crate::gate::query;
use crate::gate::refusal::Refusal;
use crate::live::Underway;
use crate::meter::guard::Facts;
use crate::model::outcome::Outcome;
use crate::schedule;
use crate::schedule::pool::Account;
use crate::state::Shared;
use crate::wire::anthropic::call::{CallError, CallFields};
use crate::wire::google::call as google;

/// A call on its way.
pub(super) struct Call {
    pub(super) facts: Arc<Facts>,
    pub(super) road: Road,
    pub(super) headers: HeaderMap,
    pub(super) query: Option<String>,
    pub(super) body: Kept,
    pub(super) leases: Leases,
}

/// What is counted as under way until the last byte is out.
pub(super) struct Leases {
    _key: KeyLease,
    _underway: Underway,
}

impl Call {
    pub(super) fn bytes(&self) -> Bytes {
        self.body.bytes.clone()
    }

    /// The accounts that could answer, best first. If there is none, that is in the books.
    pub(super) fn candidates(&self, relay: &Shared) -> Result<Vec<Arc<Account>>, Refusal> {
        let binding = &self.facts.key.binding;
        let suits = |account: &Account| self.road.suits(account.kind);
        schedule::candidates(&relay.accounts, suits, binding, relay.clock.now_ms())
            .inspect_err(|refusal| record(relay, &self.facts, refusal))
    }
}

pub(super) async fn read(relay: &Shared, road: Road, id: Uuid, caller: Caller) -> Result<Call, Refusal> {
    let Caller { key, head, body } = caller;
    let at_ms = relay.clock.now_ms();
    let leases = Leases { _key: KeyLease::new(Arc::clone(&key)), _underway: relay.live.open(at_ms) };
    let mut facts = Facts {
        id,
        key,
        at_ms,
        begun: Instant::now(),
        dialect: road.dialect(),
        endpoint: road.endpoint(),
        model: String::new(),
        stream: false,
        body_length: 0,
    };
    match read_body(relay, &road, &head, body, &mut facts).await {
        Ok(body) => Ok(Call {
            facts: Arc::new(facts),
            road,
            query: query::without_key(head.uri.query()),
            headers: head.headers,
            body,
            leases,
        }),
        Err(refusal) => {
            record(relay, &facts, &refusal);
            Err(refusal)
        }
    }
}

async fn read_body(
    relay: &Shared,
    road: &Road,
    head: &Parts,
    body: Body,
    facts: &mut Facts,
) -> Result<Kept, Refusal> {
    if relay.is_loop(&head.headers) {
        body::drain(body).await;
        return Err(Refusal::Loop);
    }
    let kept = body::read(&head.headers, body, &relay.body_memory, &relay.config.limits).await?;
    let (model, stream) = asked(road, &kept.bytes).map_err(|error| Refusal::Malformed(error.to_string()))?;
    facts.model = model.chars().filter(|c| !c.is_control()).collect();
    facts.stream = stream;
    facts.body_length = kept.bytes.len();
    Ok(kept)
}

/// The model that is asked for, and whether for a stream.
fn asked<'a>(road: &'a Road, body: &'a [u8]) -> Result<(Cow<'a, str>, bool), CallError> {
    match road {
        Road::Claude { .. } => CallFields::read(body).map(|fields| (fields.model, fields.stream)),
        Road::Gemini { model, verb, .. } => {
            google::object(body).map(|_| (Cow::Borrowed(model.as_str()), *verb == Verb::Stream))
        }
        Road::CodeAssist(verb) => {
            let wrapped = google::Wrapped::read(body)?;
            let model = google::model_name(&wrapped.model)?.to_owned();
            Ok((Cow::Owned(model), *verb == Verb::Stream))
        }
    }
}

fn record(relay: &Shared, facts: &Facts, refusal: &Refusal) {
    let mut attempt = facts.record(0);
    attempt.outcome = Outcome::Rejected;
    attempt.status = refusal.status().as_u16();
    attempt.cause = Some(refusal.cause().chars().filter(|c| !c.is_control()).take(300).collect());
    attempt.total_ms = u32::try_from(facts.begun.elapsed().as_millis()).unwrap_or(u32::MAX);
    if let Err(error) = relay.ledger.journal.append_settled(&attempt) {
        tracing::warn!(call = %facts.id, %error, "a refused call is not in the books");
    }
}
