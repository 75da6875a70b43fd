//! One client request, read: what routing and metering need of it, and its bytes.

use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use bytes::Bytes;
use http::HeaderMap;
use http::request::Parts;
use uuid::Uuid;

use crate::gate::body::{self, Kept};
use crate::gate::caller::Caller;
use crate::gate::keys::KeyLease;
use crate::gate::refusal::Refusal;
use crate::live::Underway;
use crate::meter::guard::Facts;
use crate::model::account::Service;
use crate::model::outcome::Outcome;
use crate::schedule;
use crate::schedule::pool::Account;
use crate::state::Shared;
use crate::store::attempt::Endpoint;
use crate::wire::anthropic::call::CallFields;

/// Which endpoint of the provider's a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Road {
    /// What is asked for.
    pub endpoint: Endpoint,
    /// The provider's path.
    pub path: &'static str,
}

impl Road {
    /// `POST /v1/messages`.
    pub const MESSAGES: Self = Self { endpoint: Endpoint::Messages, path: "/v1/messages" };
    /// `POST /v1/messages/count_tokens`.
    pub const COUNT_TOKENS: Self =
        Self { endpoint: Endpoint::CountTokens, path: "/v1/messages/count_tokens" };
}

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
        schedule::candidates(&relay.accounts, Service::Claude, binding, relay.clock.now_ms())
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
        endpoint: road.endpoint,
        model: String::new(),
        stream: false,
        body_length: 0,
    };
    match read_body(relay, &head, body, &mut facts).await {
        Ok(body) => Ok(Call {
            facts: Arc::new(facts),
            road,
            query: query(head.uri.query()),
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

async fn read_body(relay: &Shared, head: &Parts, body: Body, facts: &mut Facts) -> Result<Kept, Refusal> {
    if relay.is_loop(&head.headers) {
        body::drain(body).await;
        return Err(Refusal::Loop);
    }
    let kept = body::read(&head.headers, body, &relay.body_memory, &relay.config.limits).await?;
    let fields = CallFields::read(&kept.bytes).map_err(|error| Refusal::Malformed(error.to_string()))?;
    facts.model = fields.model.chars().filter(|c| !c.is_control()).collect();
    facts.stream = fields.stream;
    facts.body_length = kept.bytes.len();
    Ok(kept)
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

/// The query as it came, without a client's key in it.
fn query(query: Option<&str>) -> Option<String> {
    let query = query.filter(|query| !query.is_empty())?;
    let is_key = |pair: &&str| is_named_key(pair.split('=').next().unwrap_or_default());
    if !query.split('&').any(|pair| is_key(&pair)) {
        return Some(query.to_owned());
    }
    let kept: Vec<_> = query.split('&').filter(|pair| !is_key(pair)).collect();
    (!kept.is_empty()).then(|| kept.join("&"))
}

/// Whether a parameter's name reads `key`, percent-encoded or not.
fn is_named_key(name: &str) -> bool {
    let (mut rest, mut key) = (name.as_bytes(), b"key".iter());
    loop {
        let (byte, after) = match rest {
            [] => return key.next().is_none(),
            [b'%', high, low, after @ ..] => (hex_byte(*high, *low), after),
            [byte, after @ ..] => (Some(*byte), after),
        };
        if byte.is_none() || key.next().copied() != byte {
            return false;
        }
        rest = after;
    }
}

fn hex_byte(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}
