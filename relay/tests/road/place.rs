//! Places on accounts: how many calls an account may have under way, the wait for one, and that none is ever lost.

use std::time::Duration;

use futures_util::future::join_all;
use relay::admin::account;
use relay::model::account::{AccountKind, AccountSettings, NewAccount};
use relay::model::id::AccountId;
use relay::model::outcome::Outcome;
use relay::store::attempt::Attempt;
use serde_json::Value;
use tokio::task::JoinHandle;
use upstream::{Behaviour, Gate};

use crate::support::{TestRelay, message};

/// One account that may have so many calls under way.
async fn narrow(concurrency: u32, settings: &[(&str, &str)]) -> (TestRelay, AccountId) {
    let relay = TestRelay::empty(settings).await;
    relay.upstream.script("sk-a", Behaviour::ok());
    let mut new = NewAccount::new("narrow", AccountKind::ClaudeApiKey);
    new.settings = AccountSettings { concurrency: Some(concurrency), ..AccountSettings::default() };
    let made = account::create(&relay.shared, &relay.admin, new, "sk-a".to_owned()).await.unwrap();
    (relay, made.id)
}

fn call(relay: &TestRelay) -> JoinHandle<reqwest::Response> {
    let request = relay.post("/api/v1/messages").body(message(true).to_string());
    tokio::spawn(async move { request.send().await.unwrap() })
}

async fn until(condition: impl Fn() -> bool) {
    let look = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), look).await.expect("it comes to pass");
}

#[tokio::test]
async fn calls_wait_for_a_place_and_are_served_in_their_order() {
    let (relay, _) = narrow(1, &[]).await;
    let gate = Gate::new();
    relay.upstream.script("sk-a", Behaviour::ok().gated(&gate).times(1).then(Behaviour::ok()));
    let first = call(&relay);
    relay.upstream.wait_for(|books| books.messages().count() == 1).await;
    let mut later = Vec::new();
    for waiting in 1..=5 {
        later.push(call(&relay));
        until(|| relay.shared.accounts.waiting() == waiting).await;
    }

    assert_eq!(relay.upstream.books().messages().count(), 1);
    gate.open();
    drop(first.await.unwrap().bytes().await.unwrap());
    for waiter in later {
        let answer = waiter.await.unwrap();
        assert_eq!(answer.status(), 200);
        drop(answer.bytes().await.unwrap());
    }

    let records = relay.records().await;
    let waited: Vec<_> = records.iter().map(|it| it.decision.as_ref().unwrap().waited_ms).collect();
    assert_eq!(waited.iter().filter(|waited| **waited > 0).count(), 5, "{waited:?}");
    assert_eq!(relay.shared.accounts.waiting(), 0);
}

#[tokio::test]
async fn whoever_waits_too_long_or_finds_no_room_to_wait_is_told_that_all_are_busy() {
    let settings = [("SWITCHYARD_SCHEDULE_WAIT", "300ms"), ("SWITCHYARD_SCHEDULE_QUEUE", "1")];
    let (relay, _) = narrow(1, &settings).await;
    let gate = Gate::new();
    relay.upstream.script("sk-a", Behaviour::ok().gated(&gate));
    let first = call(&relay);
    relay.upstream.wait_for(|books| books.messages().count() == 1).await;
    let waits = call(&relay);
    until(|| relay.shared.accounts.waiting() == 1).await;

    for refused in [call(&relay), waits] {
        let answer = refused.await.unwrap();
        assert_eq!((answer.status().as_u16(), &answer.headers()["retry-after"] == "2"), (503, true));
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"]["type"], "overloaded_error");
        assert!(body["error"]["message"].as_str().unwrap().starts_with("every upstream account is busy"));
    }

    assert_eq!(relay.upstream.books().messages().count(), 1);
    gate.open();
    assert_eq!(first.await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_call_that_waits_does_not_wait_for_longer_than_its_client() {
    let (relay, _) = narrow(1, &[]).await;
    let gate = Gate::new();
    relay.upstream.script("sk-a", Behaviour::ok().gated(&gate));
    let _first = call(&relay);
    relay.upstream.wait_for(|books| books.messages().count() == 1).await;

    let request = relay.post("/api/v1/messages").header("x-stainless-timeout", "0.5");
    let answer = request.body(message(true).to_string()).send().await.unwrap();

    assert_eq!(answer.status(), 503);
    gate.open();
}

#[tokio::test]
async fn another_account_is_taken_before_a_place_is_waited_for() {
    let (relay, _) = narrow(1, &[]).await;
    relay.account_with("sk-b", 90).await;
    let gate = Gate::new();
    relay.upstream.script("sk-a", Behaviour::ok().gated(&gate));
    let first = call(&relay);
    relay.upstream.wait_for(|books| books.messages().count() == 1).await;

    let second = call(&relay).await.unwrap();

    assert_eq!(second.status(), 200);
    assert_eq!(relay.upstream.books().of("sk-b").count(), 1);
    gate.open();
    assert_eq!(first.await.unwrap().status(), 200);
}

#[tokio::test]
async fn who_waits_for_an_account_that_goes_out_is_told_why() {
    let (relay, id) = narrow(1, &[]).await;
    let gate = Gate::new();
    relay.upstream.script("sk-a", Behaviour::ok().gated(&gate));
    let _first = call(&relay);
    relay.upstream.wait_for(|books| books.messages().count() == 1).await;
    let waits = call(&relay);
    until(|| relay.shared.accounts.waiting() == 1).await;

    account::pause(&relay.shared, &relay.admin, &id).await.unwrap();

    assert_eq!(waits.await.unwrap().status(), 503);
    let cause = relay.record().await.cause.unwrap();
    assert_eq!(cause, "every account is out (paused)");
    gate.open();
}

#[tokio::test]
async fn who_waits_goes_to_another_account_once_its_limit_is_over() {
    let (relay, _) = narrow(1, &[]).await;
    relay.account_with("sk-b", 1).await;
    relay.upstream.script("sk-b", Behaviour::rate_limited(1).times(1).then(Behaviour::ok()));
    let gate = Gate::new();
    relay.upstream.script("sk-a", Behaviour::ok().gated(&gate));
    let first = call(&relay);
    relay.upstream.wait_for(|books| books.messages().count() == 2).await;
    let waits = call(&relay);
    until(|| relay.shared.accounts.waiting() == 1).await;

    relay.clock.advance(1_000);

    assert_eq!(waits.await.unwrap().status(), 200);
    assert_eq!(relay.upstream.books().of("sk-b").count(), 2);
    gate.open();
    assert_eq!(first.await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_client_that_leaves_while_it_waits_is_in_the_books() {
    let (relay, _) = narrow(1, &[]).await;
    let gate = Gate::new();
    relay.upstream.script("sk-a", Behaviour::ok().gated(&gate));
    let _first = call(&relay);
    relay.upstream.wait_for(|books| books.messages().count() == 1).await;
    let waits = call(&relay);
    until(|| relay.shared.accounts.waiting() == 1).await;

    waits.abort();
    until(|| relay.shared.accounts.waiting() == 0).await;

    let record = relay.record().await;
    assert_eq!((record.outcome, record.n, record.accepted), (Outcome::ClientGone, 0, false));
    gate.open();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_place_leaks_whenever_clients_leave() {
    let (relay, id) = narrow(5, &[]).await;
    relay.upstream.script("sk-a", Behaviour::ok().interval(Duration::from_millis(1)));
    let calls = (0..300_u64).map(|n| {
        let request = relay.post("/api/v1/messages").body(message(n % 2 == 0).to_string());
        let patience = Duration::from_micros(n * 7_919 % 3_000 * 1_000);
        async move {
            let read = async { request.send().await.ok()?.bytes().await.ok() };
            tokio::time::timeout(patience, read).await.ok().flatten().is_some()
        }
    });

    let served = join_all(calls).await.into_iter().filter(|served| *served).count();

    let account = relay.shared.accounts.find(&id).unwrap();
    until(|| account.in_flight() == 0 && relay.shared.accounts.waiting() == 0).await;
    assert!((1..300).contains(&served), "{served}");
    for answer in join_all((0..5).map(|_| relay.message(true))).await {
        assert_eq!(answer.status(), 200);
    }
    // A client may leave after its attempt is opened and before a byte of it has gone out.
    let books = relay.upstream.wait_for(|books| books.is_quiet()).await;
    let records = relay.records().await;
    let (all, unsent) = attempts(&records);
    assert!((all - unsent..=all).contains(&books.messages().count()), "{all}, {unsent}");
}

/// How many attempts there were, and how many of them ended by their client before any answer.
fn attempts(records: &[Attempt]) -> (usize, usize) {
    let sent = records.iter().filter(|record| record.n > 0);
    let gone = |record: &&Attempt| record.outcome == Outcome::ClientGone && record.status == 0;
    (sent.clone().count(), sent.filter(gone).count())
}
