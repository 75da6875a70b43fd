//! Revocation, of calls under way too.

use relay::admin::key;
use relay::model::key::{KeyChange, ManyKeys};
use relay::model::outcome::Outcome;
use upstream::{Behaviour, Ending, Gate, Usage};

use super::limits;
use crate::support::TestRelay;

fn revoked() -> KeyChange {
    KeyChange { enabled: Some(false), end_streams: true, ..KeyChange::default() }
}

#[tokio::test]
async fn a_revoked_keys_streams_end_with_an_error_event_and_one_record() {
    let relay = TestRelay::start().await;
    let gate = Gate::new();
    relay.upstream.script("sk-a", Behaviour::ok().usage(Usage::new(12, 340)).gated(&gate));
    relay.limit(limits("tokens 100k/day, concurrency 5")).await;
    gate.release(4);
    let mut answer = relay.message(true).await;
    let mut seen = answer.chunk().await.unwrap().unwrap().to_vec();

    key::update(&relay.shared, &relay.admin, &relay.key_id, revoked()).await.unwrap();
    while let Some(piece) = answer.chunk().await.unwrap() {
        seen.extend_from_slice(&piece);
    }

    let text = String::from_utf8(seen).unwrap();
    let (_, last) = text.rsplit_once("event: error\n").unwrap();
    assert!(last.contains("\"type\":\"authentication_error\"") && last.contains("revoked"), "{last}");
    relay.upstream.wait_for(|books| books.totals.left == 1).await;
    let record = relay.record().await;
    assert_eq!((record.outcome, record.accepted, record.usage.tokens.input), (Outcome::Rejected, true, 12));
    assert!(record.usage.output_estimated);
    assert_eq!(record.cause.as_deref(), Some("this key was revoked while the call was under way"));
    assert_eq!((relay.first().1, relay.used().active), (0, 0));
    assert_eq!(relay.whole(64).await, 401);
}

#[tokio::test]
async fn a_call_that_waits_for_its_answer_ends_as_well() {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", Behaviour::ok().hang());

    let call = relay.ask(64);
    let revoke = async {
        relay.upstream.wait_for(|books| books.totals.open == 1).await;
        let what = ManyKeys::Delete { end_streams: true };
        key::many(&relay.shared, &relay.admin, vec![relay.key_id.clone()], what).await.unwrap();
    };
    let (answer, ()) = futures_util::join!(call, revoke);

    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["x-should-retry"]),
        (401, &"false".parse().unwrap())
    );
    let books = relay.upstream.wait_for(|books| books.totals.left == 1).await;
    assert_eq!(books.last().unwrap().ending, Ending::Left);
    let record = relay.record().await;
    assert_eq!((record.outcome, record.n, record.accepted), (Outcome::Rejected, 1, true));
}

#[tokio::test]
async fn without_being_asked_for_calls_under_way_go_on() {
    let relay = TestRelay::start().await;
    let gate = Gate::new();
    relay.upstream.script("sk-a", Behaviour::ok().usage(Usage::new(12, 34)).gated(&gate));
    gate.release(4);
    let answer = relay.message(true).await;

    key::set_enabled(&relay.shared, &relay.admin, &relay.key_id, false).await.unwrap();
    assert_eq!(relay.whole(64).await, 401);
    gate.open();

    assert!(answer.text().await.unwrap().ends_with("data: {\"type\":\"message_stop\"}\n\n"));
    assert_eq!(relay.record().await.outcome, Outcome::Ok);
}

#[tokio::test]
async fn a_key_that_is_enabled_again_works_again() {
    let relay = TestRelay::start().await;
    key::update(&relay.shared, &relay.admin, &relay.key_id, revoked()).await.unwrap();
    assert_eq!(relay.whole(64).await, 401);

    key::set_enabled(&relay.shared, &relay.admin, &relay.key_id, true).await.unwrap();

    assert_eq!(relay.whole(64).await, 200);
}
