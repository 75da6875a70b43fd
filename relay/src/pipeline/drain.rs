//! Answers whose clients have left. Upstream is let go at once, or, if the settings say so, read to its end within a
//! bound of time and bytes, so that what was used is known exactly. Either way there is one record.

use std::future::poll_fn;
use std::sync::Arc;

use axum::body::Body;
use http::Response;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::answer;
use super::call::Call;
use super::deliver::Flow;
use crate::gate::refusal::Refusal;
use crate::state::Shared;

/// Most bytes that are read for nobody.
const MOST: usize = 64 << 20;

/// Has a call answered by a task of the relay's own, so that its client may leave before the answer begins.
///
/// # Errors
/// As [`answer`].
pub(super) async fn owned(relay: &Shared, call: Call) -> Result<Response<Body>, Refusal> {
    let (tell, told) = oneshot::channel();
    let (owner, stop) = (Shared::clone(relay), relay.tasks.token());
    relay.tasks.spawn(async move {
        tokio::select! {
            () = stop.cancelled() => {}
            // If nobody takes the answer, it is dropped like one that a client left.
            answer = answer(&owner, call) => drop(tell.send(answer)),
        }
    });
    told.await.unwrap_or(Err(Refusal::Stopping))
}

/// The client is gone, or has everything.
pub(super) fn after(flow: Flow) {
    let Some(time) = flow.relay.config.relay.drain else { return };
    let is_over = flow.meter.is_closed() || flow.call.admission.stream.is_ended();
    let (relay, stop) = (Shared::clone(&flow.relay), flow.relay.tasks.token());
    if is_over || stop.is_cancelled() {
        return;
    }
    relay.tasks.spawn(async move {
        let end = Arc::clone(&flow.call.admission.stream);
        tokio::select! {
            () = stop.cancelled() => {}
            () = end.ended() => {}
            () = read_on(flow, Instant::now() + time) => {}
        }
    });
}

/// What is not read to its end by then is closed as it is, when the flow is dropped.
async fn read_on(mut flow: Flow, end: Instant) {
    let mut read = 0;
    let mut pieces = std::mem::take(&mut flow.pieces);
    while read < MOST {
        let (piece, seen) = match pieces.pop_front() {
            Some(read) => read,
            None => {
                match tokio::time::timeout_at(end, poll_fn(|context| flow.poll_upstream(context))).await {
                    Ok(Some(Ok(piece))) => {
                        let seen = flow.meter.see(&piece);
                        (piece, seen)
                    }
                    Ok(None) if !flow.meter.lacks_end() => return close(flow),
                    _ => return,
                }
            }
        };
        read += piece.len();
        if flow.is_last(&piece, &seen) {
            return close(flow);
        }
    }
}

fn close(mut flow: Flow) {
    if let Err(error) = flow.meter.close_drained() {
        tracing::error!(%error, "the record of an answer that was read for nobody waits for the journal");
    }
}
