//! The request road. Read it aloud: who calls, what is asked, which accounts could answer, the first that does, and
//! its answer on its way to the client while the meter runs.

mod attempt;
mod call;
mod deliver;
mod held;
mod idle;
pub mod models;
pub(crate) mod send;

use axum::body::Body;
use http::{Request, Response};
use uuid::Uuid;

pub use call::Road;

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
    let caller = caller::enter(&relay.keys, &relay.pepper, request).await?;
    let call = call::read(relay, road, id, caller).await?;
    let candidates = call.candidates(relay)?;
    let answer = attempt::first_answer(relay, &call, candidates).await?;
    Ok(deliver::deliver(relay, call, answer))
}
