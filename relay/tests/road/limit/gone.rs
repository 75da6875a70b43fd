//! Clients that leave, where upstream is read to its end.

use relay::model::outcome::Outcome;
use upstream::{Behaviour, Ending, Gate, Usage};

use super::limits;
use crate::support::TestRelay;

const DRAIN: (&str, &str) = ("SWITCHYARD_RELAY_CLIENT_GONE", "drain");

async fn settled(relay: &TestRelay) {
    while relay.shared.ledger.journal.open_attempts() > 0 || relay.shared.live.streams_open() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn what_a_client_left_is_read_to_its_end_and_exact() {
    let relay = TestRelay::with(&[DRAIN]).await;
    let gate = Gate::new();
    relay.upstream.script("sk-a", Behaviour::ok().events(60).usage(Usage::new(12, 340)).gated(&gate));
    relay.limit(limits("tokens 100k/day")).await;
    gate.release(4);
    let mut answer = relay.message(true).await;
    answer.chunk().await.unwrap();

    drop(answer);
    gate.open();
    let books = relay.upstream.wait_for(|books| books.totals.complete == 1).await;
    settled(&relay).await;

    assert_eq!(books.last().unwrap().ending, Ending::Complete);
    let record = relay.record().await;
    assert_eq!((record.outcome, record.accepted, record.last), (Outcome::ClientGone, true, true));
    assert_eq!((record.usage.tokens.input, record.usage.tokens.output), (12, 340));
    assert!(!record.usage.output_estimated && !record.usage.input_estimated);
    assert_eq!(relay.first(), (352, 0));
    assert_eq!(relay.used().active, 0);
}

#[tokio::test]
async fn a_client_that_leaves_before_the_answer_begins_is_billed_exactly() {
    let relay = TestRelay::with(&[DRAIN]).await;
    let gate = Gate::new();
    relay.upstream.script("sk-a", Behaviour::ok().usage(Usage::new(12, 340)).gated(&gate));

    let call = tokio::time::timeout(std::time::Duration::from_millis(100), relay.message(true));
    assert!(call.await.is_err());
    relay.upstream.wait_for(|books| books.totals.requests == 1).await;
    gate.open();
    relay.upstream.wait_for(|books| books.totals.complete == 1).await;
    settled(&relay).await;

    let record = relay.record().await;
    assert_eq!((record.outcome, record.usage.tokens.output), (Outcome::ClientGone, 340));
    assert!(!record.usage.output_estimated);
}

#[tokio::test]
async fn reading_on_has_a_bound_and_is_estimated_beyond_it() {
    let relay = TestRelay::with(&[DRAIN, ("SWITCHYARD_RELAY_DRAIN", "50ms")]).await;
    relay.upstream.script("sk-a", Behaviour::ok().usage(Usage::new(12, 340)).stall_after(6));
    let mut answer = relay.message(true).await;
    answer.chunk().await.unwrap();

    drop(answer);
    relay.upstream.wait_for(|books| books.totals.left == 1).await;
    settled(&relay).await;

    let record = relay.record().await;
    assert_eq!((record.outcome, record.usage.output_estimated), (Outcome::ClientGone, true));
}

#[tokio::test]
async fn a_plain_answer_is_read_on_too_and_a_stop_ends_it() {
    let relay = TestRelay::with(&[DRAIN]).await;
    relay.upstream.script("sk-a", Behaviour::ok().usage(Usage::new(12, 34)).stall_after_bytes(60));
    let answer = relay.message(false).await;
    drop(answer);
    while relay.shared.live.streams_open() == 0 {
        tokio::task::yield_now().await;
    }

    let relay = relay.restart().await;

    let record = relay.record().await;
    assert_eq!((record.outcome, record.accepted), (Outcome::ClientGone, true));
}
