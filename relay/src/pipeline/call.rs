//! One client request, read: what routing and metering need of it, and its bytes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use bytes::Bytes;
use http::HeaderMap;
use http::request::Parts;
use uuid::Uuid;

use super::admit::admit;
use super::asked::Asked;
use super::road::Road;
use crate::gate::admission::{self, Admission};
use crate::gate::body::{self, Kept};
use crate::gate::caller::Caller;
use crate::gate::keys::KeyLease;
use crate::gate::query;
use crate::gate::refusal::Refusal;
use crate::live::Underway;
use crate::meter::guard::Facts;
use crate::model::decision::Decision;
use crate::model::id::AccountId;
use crate::model::outcome::Outcome;
use crate::schedule::Ask;
use crate::schedule::session::{Session, SessionId};
use crate::state::Shared;
use crate::store::attempt::Attempt;

/// At most so much of the time that a client waits is left for the way back.
const LONGEST_MARGIN: Duration = Duration::from_secs(5);
/// In the place of a time that no clock can tell.
const DAY: Duration = Duration::from_secs(86_400);

/// A call on its way.
pub(super) struct Call {
    pub(super) facts: Arc<Facts>,
    pub(super) road: Road,
    pub(super) headers: HeaderMap,
    pub(super) query: Option<String>,
    pub(super) body: Kept,
    pub(super) leases: Leases,
    /// The conversation, where more than one account could serve it.
    pub(super) session: Option<Session>,
    /// No attempt begins, and none is waited for, after this.
    pub(super) deadline: tokio::time::Instant,
}

/// What is counted as under way until the last byte is out.
pub(super) struct Leases {
    _key: KeyLease,
    _underway: Underway,
    pub(super) admission: Admission,
}

impl Call {
    pub(super) fn bytes(&self) -> Bytes {
        self.body.bytes.clone()
    }

    /// What is asked for, as far as choosing an account goes.
    pub(super) fn ask(&self) -> Ask<'_> {
        self.ask_first(None)
    }

    /// The same, of one account before all others.
    pub(super) fn ask_first<'a>(&'a self, first: Option<&'a AccountId>) -> Ask<'a> {
        let kept = self.session.filter(|session| session.is_kept);
        Ask {
            service: self.road.service(),
            road: &self.road,
            binding: &self.facts.key.binding,
            model: &self.facts.model,
            session: self.session,
            draw: kept.map_or_else(|| SessionId::from(self.facts.id), |session| session.id),
            first,
        }
    }

    /// Keeps in the books that no account could be tried.
    pub(super) fn record(&self, relay: &Shared, refusal: &Refusal, decision: Decision) {
        record(relay, &self.facts, refusal, Some(decision));
    }

    /// Keeps in the books that the client left before any account was tried.
    pub(super) fn record_gone(&self, relay: &Shared) {
        if self.facts.is_revoked() {
            return record(relay, &self.facts, &Refusal::Revoked, None);
        }
        append(relay, &self.facts, self.facts.record(0));
    }
}

pub(super) async fn read(relay: &Shared, road: Road, id: Uuid, caller: Caller) -> Result<Call, Refusal> {
    let Caller { key, head, body } = caller;
    let at_ms = relay.clock.now_ms();
    let (lease, underway) = (KeyLease::new(Arc::clone(&key)), relay.live.open(at_ms));
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
        max_output: None,
        reserved: None,
        stream_end: None,
    };
    let admitted = async {
        let (body, session) = read_body(relay, &road, &head, body, &mut facts).await?;
        let admission = admit(relay, &road, &mut facts, &body.bytes).await?;
        Ok((body, session, admission))
    };
    match admitted.await {
        Ok((body, session, admission)) => Ok(Call {
            deadline: deadline(&head.headers, facts.begun, relay.config.relay.patience),
            facts: Arc::new(facts),
            road,
            query: query::without_key(head.uri.query()),
            headers: head.headers,
            body,
            leases: Leases { _key: lease, _underway: underway, admission },
            session,
        }),
        Err(refusal) => {
            record(relay, &facts, &refusal, None);
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
) -> Result<(Kept, Option<Session>), Refusal> {
    if relay.is_loop(&head.headers) {
        body::drain(body).await;
        return Err(Refusal::Loop);
    }
    if let Err(refusal) = admission::check_service(&facts.key, road.service()) {
        body::drain(body).await;
        return Err(refusal);
    }
    let kept = body::read(&head.headers, body, &relay.body_memory, &relay.config.limits).await?;
    let asked = Asked::read(road, &kept.bytes).map_err(|error| Refusal::Malformed(error.to_string()))?;
    facts.model = asked.model.chars().filter(|c| !c.is_control()).collect();
    facts.stream = asked.stream;
    facts.max_output = asked.max_output;
    facts.body_length = kept.bytes.len();
    // With one account there is nothing to choose.
    let has_choice = relay.accounts.has_choice(road, &facts.key.binding);
    let session = has_choice.then(|| asked.session(&facts.key.id, &head.headers)).flatten();
    Ok((kept, session))
}

/// When the client must have the beginning of its answer: it may have said how long it waits, in seconds, counted from
/// a moment before the call came.
fn deadline(headers: &HeaderMap, begun: Instant, patience: Duration) -> tokio::time::Instant {
    let seconds = headers.get("x-stainless-timeout").and_then(|text| text.to_str().ok()?.trim().parse().ok());
    let own = seconds.and_then(|seconds: f64| Duration::try_from_secs_f64(seconds).ok());
    let own = own.filter(|own| !own.is_zero()).map(|own| own - (own / 10).min(LONGEST_MARGIN));
    let patience = own.map_or(patience, |own| own.min(patience));
    let begun = tokio::time::Instant::from_std(begun);
    begun.checked_add(patience).unwrap_or(begun + DAY)
}

fn record(relay: &Shared, facts: &Facts, refusal: &Refusal, decision: Option<Decision>) {
    let mut attempt = facts.record(0);
    attempt.decision = decision.map(Box::new);
    attempt.outcome = Outcome::Rejected;
    attempt.status = refusal.status().as_u16();
    attempt.cause = Some(refusal.cause().chars().filter(|c| !c.is_control()).take(300).collect());
    append(relay, facts, attempt);
}

fn append(relay: &Shared, facts: &Facts, mut attempt: Attempt) {
    attempt.total_ms = u32::try_from(facts.begun.elapsed().as_millis()).unwrap_or(u32::MAX);
    if let Err(error) = relay.ledger.journal.append_settled(&attempt) {
        tracing::warn!(call = %facts.id, %error, "a call that reached no account is not in the books");
    }
}
