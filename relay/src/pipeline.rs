//! The request road. Read it aloud: who calls, what is asked, which accounts could answer, the first that does, and
//! its answer on its way to the client while the meter runs.

mod attempt;
mod call;
mod deliver;
mod held;
mod idle;
pub mod models;
mod send;

use axum::body::Body;
use http::{Request, Response};
use uuid::Uuid;

pub use call::Road;

use crate::gate::body::drain;
use crate::gate::caller;
use crate::gate::refusal::Refusal;
use crate::schedule;
use crate::state::Shared;

/// Relays one call. Whatever is refused before the first byte comes back as an error, recorded.
///
/// # Errors
/// See [`Refusal`].
pub async fn relay(
    relay: &Shared,
    road: Road,
    id: Uuid,
    request: Request<Body>,
) -> Result<Response<Body>, Refusal> {
    let (head, body) = request.into_parts();
    let key = match caller::authenticate(&relay.keys, &relay.pepper, &head.headers) {
        Ok(key) => key,
        Err(refusal) => {
            drain(body).await;
            return Err(refusal);
        }
    };
    let call = call::read(relay, road, id, key, head, body).await?;
    let bound = call.facts.key.account.as_ref();
    let candidates = match schedule::candidates(&relay.accounts, bound, relay.clock.now_ms()) {
        Ok(candidates) => candidates,
        Err(refusal) => return Err(call.refused(relay, refusal)),
    };
    let answer = attempt::first_answer(relay, &call, candidates).await?;
    Ok(deliver::deliver(relay, call, answer))
}
