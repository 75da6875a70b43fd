//! The request road. Read it aloud: who calls, what is asked, which accounts could answer, the first that does, and
//! its answer on its way to the client while the meter runs.

mod asked;
mod attempt;
mod call;
mod deliver;
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
    let answer = attempt::first_answer(relay, &call).await?;
    Ok(deliver::deliver(relay, call, answer))
}
