//! Whether a call may pass: what its key may ask for, then the key's limits, in one decision. It is counted and
//! reserved from then on, until its answer is out.

use std::sync::Arc;

use http::HeaderMap;

use super::keys::Key;
use super::limit::estimate::{Known, estimate};
use super::limit::live::{Held, Pass, Slot, wait};
use super::limit::worst::{Body, worst};
use super::limit::{Amount, Ask};
use super::refusal::Refusal;
use super::streams::OpenStream;
use crate::model::account::Service;
use crate::model::limit::{Budget, Measure};
use crate::price::Table;

/// What admission needs of the install.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    /// List prices.
    pub prices: &'a Table,
    /// How limits on tokens and money are kept where a key does not say.
    pub budget: Budget,
}

/// A call that passed. Its place and what it reserves are given back when this is dropped.
#[derive(Debug)]
pub struct Admission {
    /// What the answer says about limits.
    pub headers: HeaderMap,
    /// The call, as it can be ended from outside.
    pub stream: Arc<OpenStream>,
    _passed: Passed,
}

#[derive(Debug)]
enum Passed {
    /// A call of a key without limits.
    Unlimited {
        _slot: Slot,
    },
    Limited {
        _pass: Pass,
    },
    /// A token count: it takes no place.
    Free,
}

/// What a call has reserved, as the meter must know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reserved {
    /// Names the reservation.
    pub hold: u64,
    /// When the call counts from, milliseconds since 1970.
    pub at_ms: i64,
    /// All of it is charged unless what was used is known for certain.
    pub strict: Option<Amount>,
}

/// Whether the key may ask for a service at all.
///
/// # Errors
/// [`Refusal::ServiceNotAllowed`].
pub fn check_service(key: &Key, service: Service) -> Result<(), Refusal> {
    if key.limits.allows_service(service) { Ok(()) } else { Err(Refusal::ServiceNotAllowed(service)) }
}

/// Whether the key may ask for a model.
///
/// # Errors
/// [`Refusal::ModelNotAllowed`].
pub fn check_model(key: &Key, model: &str) -> Result<(), Refusal> {
    if key.limits.allows_model(model) { Ok(()) } else { Err(Refusal::ModelNotAllowed(model.to_owned())) }
}

/// Lets a token count pass.
///
/// # Errors
/// [`Refusal::ModelNotAllowed`], [`Refusal::Limited`].
pub fn admit_free(key: &Key, model: &str) -> Result<Admission, Refusal> {
    check_model(key, model)?;
    let headers = key.live.admit_free().map_err(Refusal::limited)?;
    Ok(Admission { headers, stream: Arc::new(key.live.streams.open()), _passed: Passed::Free })
}

/// Lets a call pass that costs something; waits for a place if the key's limits say so.
///
/// # Errors
/// [`Refusal::ModelNotAllowed`], [`Refusal::Limited`], [`Refusal::Unbounded`].
pub async fn admit(
    rules: Rules<'_>,
    key: &Key,
    known: &Known<'_>,
    body: Body<'_>,
) -> Result<(Admission, Option<Reserved>), Refusal> {
    check_model(key, known.model)?;
    let stream = Arc::new(key.live.streams.open());
    if key.limits.counts_nothing() {
        let passed = Passed::Unlimited { _slot: key.live.free_slot() };
        return Ok((Admission { headers: HeaderMap::new(), stream, _passed: passed }, None));
    }
    let is_strict = is_strict(rules, key, known.model);
    let amount = if is_strict {
        let needs_cost = key.limits.limits.iter().any(|limit| limit.measure == Measure::Cost);
        worst(rules.prices, known, body, needs_cost).map_err(Refusal::Unbounded)?
    } else {
        estimate(rules.prices, &key.live.habits(), known)
    };
    let mut pass = pass(key, Ask { model: known.model, amount }).await?;
    let reserved = Reserved { hold: pass.hold, at_ms: pass.at_ms, strict: is_strict.then_some(amount) };
    let headers = std::mem::take(&mut pass.headers);
    Ok((Admission { headers, stream, _passed: Passed::Limited { _pass: pass } }, Some(reserved)))
}

/// Only limits on tokens and money, and only those that the model counts towards, can be kept strictly.
fn is_strict(rules: Rules<'_>, key: &Key, model: &str) -> bool {
    let mut limits = key.limits.limits.iter();
    key.limits.budget.unwrap_or(rules.budget) == Budget::Strict
        && limits.any(|limit| limit.measure != Measure::Requests && limit.covers(model))
}

async fn pass(key: &Key, ask: Ask<'_>) -> Result<Pass, Refusal> {
    let (place, wait_ms) = match key.live.admit(ask, None) {
        Ok(pass) => return Ok(pass),
        Err(Held::Exceeded(exceeded)) => return Err(Refusal::Limited(exceeded)),
        Err(Held::Wait(place, wait_ms)) => (place, wait_ms),
    };
    let Some(slot) = wait(place, wait_ms).await else {
        return Err(Refusal::limited(key.live.waited(wait_ms)));
    };
    match key.live.admit(ask, Some(slot)) {
        Ok(pass) => Ok(pass),
        Err(Held::Exceeded(exceeded)) => Err(Refusal::Limited(exceeded)),
        // Not with a place in hand.
        Err(Held::Wait(_, wait_ms)) => Err(Refusal::limited(key.live.waited(wait_ms))),
    }
}
