//! Calls at once.

use std::time::Duration;

use futures_util::future::join_all;
use upstream::{Behaviour, Gate};

use super::{limits, said};
use crate::support::TestRelay;

#[tokio::test]
async fn one_call_too_many_is_refused_at_once_and_the_figures_fall_to_nothing() {
    let relay = TestRelay::start().await;
    let gate = Gate::new();
    relay.upstream.script("sk-a", Behaviour::ok().gated(&gate));
    relay.limit(limits("concurrency 3")).await;

    let calls = join_all((0..3).map(|_| relay.whole(64)));
    let watched = async {
        relay.upstream.wait_for(|books| books.totals.open == 3).await;
        let active = relay.used().active;
        let refused = said(relay.ask(64).await).await;
        gate.open();
        (active, refused)
    };
    let (statuses, (active, refused)) = futures_util::join!(calls, watched);

    assert_eq!((statuses, active), (vec![200, 200, 200], 3));
    assert_eq!((refused.status, refused.may_retry, refused.after_s), (429, true, Some(1)));
    assert!(refused.text.contains("calls at once (3) is reached: 3 under way"), "{}", refused.text);
    assert_eq!(relay.used().active, 0);
    assert_eq!(relay.whole(64).await, 200);
}

#[tokio::test]
async fn calls_wait_for_a_place_and_never_more_are_at_upstream_than_may() {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", Behaviour::ok().delay(Duration::from_millis(5)));
    relay.limit(limits("concurrency 2 wait 60s")).await;

    let statuses = join_all((0..40).map(|_| relay.whole(64))).await;

    assert!(statuses.iter().all(|status| *status == 200));
    assert_eq!(relay.upstream.books().totals.peak, 2);
    let used = relay.used();
    assert_eq!((used.active, used.waiting), (0, 0));
}

#[tokio::test]
async fn who_waits_in_vain_is_told_how_long() {
    let relay = TestRelay::start().await;
    let gate = Gate::new();
    relay.upstream.script("sk-a", Behaviour::ok().gated(&gate));
    relay.limit(limits("concurrency 1 wait 50ms")).await;

    let first = relay.whole(64);
    let second = async {
        relay.upstream.wait_for(|books| books.totals.open == 1).await;
        let refused = said(relay.ask(64).await).await;
        gate.open();
        refused
    };
    let (first, refused) = futures_util::join!(first, second);

    assert_eq!((first, refused.status), (200, 429));
    assert!(refused.text.contains("after waiting for 50 ms"), "{}", refused.text);
    assert_eq!(relay.used().waiting, 0);
}

#[tokio::test]
async fn who_leaves_while_waiting_takes_no_place_along() {
    let relay = TestRelay::start().await;
    let gate = Gate::new();
    relay.upstream.script("sk-a", Behaviour::ok().gated(&gate));
    relay.limit(limits("concurrency 1 wait 60s")).await;

    let first = relay.whole(64);
    let others = async {
        relay.upstream.wait_for(|books| books.totals.open == 1).await;
        let left = tokio::time::timeout(Duration::from_millis(50), relay.ask(64)).await;
        assert!(left.is_err());
        gate.open();
    };
    let (first, ()) = futures_util::join!(first, others);

    assert_eq!(first, 200);
    assert_eq!(relay.whole(64).await, 200);
    while relay.used().active > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(relay.used().waiting, 0);
}

#[tokio::test]
async fn more_places_let_those_in_who_wait() {
    let relay = TestRelay::start().await;
    let gate = Gate::new();
    relay.upstream.script("sk-a", Behaviour::ok().gated(&gate));
    relay.limit(limits("concurrency 1 wait 60s")).await;

    let calls = join_all((0..3).map(|_| relay.whole(64)));
    let changed = async {
        while relay.used().waiting < 2 {
            tokio::task::yield_now().await;
        }
        relay.limit(limits("concurrency 3 wait 60s")).await;
        relay.upstream.wait_for(|books| books.totals.open == 3).await;
        gate.open();
    };
    let (statuses, ()) = futures_util::join!(calls, changed);

    assert_eq!(statuses, [200, 200, 200]);
}
