//! The request road. Read it aloud: who calls, what is asked, which accounts could answer, the first that does, and
//! its answer on its way to the client while the meter runs.

mod admit;
mod asked;
mod attempt;
mod call;
mod deliver;
mod drain;
mod held;
mod idle;
pub(crate) mod judge;
pub mod models;
mod note;
mod road;
pub(crate) mod send;
mod told;
mod useful;

use axum::body::Body;
use http::{Request, Response};
use uuid::Uuid;

use call::Call;
pub use road::{Road, Verb};

use crate::gate::caller;
use crate::gate::refusal::Refusal;
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
    let caller = caller::enter(&relay.keys, &relay.pepper, road.dialect(), request).await?;
    let call = call::read(relay, road, id, caller).await?;
    if relay.config.relay.drain.is_some() {
        return drain::owned(relay, call).await;
    }
    answer(relay, call).await
}

/// The first answer of one of the accounts, on its way.
async fn answer(relay: &Shared, call: Call) -> Result<Response<Body>, Refusal> {
    let answer = tokio::select! {
        biased;
        answer = attempt::first_answer(relay, &call) => answer?,
        () = call.leases.admission.stream.ended() => return Err(Refusal::Revoked),
    };
    Ok(deliver::deliver(relay, call, answer))
}
