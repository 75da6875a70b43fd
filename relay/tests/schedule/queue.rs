//! Places on accounts, and the wait for them.

use std::sync::Arc;
use std::time::Duration;

use relay::schedule::queue::{Queue, Slot, Slots, Turn, Waited};
use tokio::task::JoinHandle;
use tokio::time::Instant;

fn far() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

fn queue(most: usize) -> Arc<Queue> {
    Arc::new(Queue::new(most))
}

/// A waiter that is in the line when this returns.
async fn waiter(queue: &Arc<Queue>, wanted: &[&Arc<Slots>], until: Instant) -> JoinHandle<Waited> {
    let before = queue.waiting();
    let wanted: Vec<_> = wanted.iter().map(|slots| Arc::clone(slots)).collect();
    let own = Arc::clone(queue);
    let waiter = tokio::spawn(async move { own.wait(&mut Turn::default(), wanted, until).await });
    while queue.waiting() == before && !waiter.is_finished() {
        tokio::task::yield_now().await;
    }
    waiter
}

fn slot(waited: Waited) -> Slot {
    match waited {
        Waited::Slot(slot) => slot,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn there_are_as_many_places_as_were_set() {
    let queue = queue(10);
    let (two, any) = (Arc::new(Slots::new(&queue, Some(2))), Arc::new(Slots::new(&queue, None)));

    let held: Vec<_> = (0..3).filter_map(|_| two.try_take()).collect();

    assert_eq!((held.len(), two.taken(), two.is_full()), (2, 2, true));
    assert_eq!((0..1_000).map(|_| any.try_take()).filter(Option::is_some).count(), 1_000);
    drop(held);
    assert_eq!((two.taken(), any.taken(), two.is_full()), (0, 0, false));
}

#[tokio::test]
async fn a_place_goes_to_whoever_has_waited_longest_for_it() {
    let queue = queue(10);
    let (a, b) = (Arc::new(Slots::new(&queue, Some(1))), Arc::new(Slots::new(&queue, Some(1))));
    let (on_a, on_b) = (a.try_take().unwrap(), b.try_take().unwrap());
    let first = waiter(&queue, &[&a], far()).await;
    let second = waiter(&queue, &[&a, &b], far()).await;
    let third = waiter(&queue, &[&b], far()).await;

    drop(on_b);
    let second = slot(second.await.unwrap());
    assert!(second.is_of(&b) && !first.is_finished() && !third.is_finished());
    drop(on_a);
    let first = slot(first.await.unwrap());
    drop(second);
    let third = slot(third.await.unwrap());

    assert!(first.is_of(&a) && third.is_of(&b));
    assert_eq!((queue.waiting(), a.taken(), b.taken()), (0, 1, 1));
}

#[tokio::test]
async fn the_line_is_bounded() {
    let queue = queue(1);
    let slots = Arc::new(Slots::new(&queue, Some(1)));
    let _held = slots.try_take().unwrap();
    let _waiter = waiter(&queue, &[&slots], far()).await;

    let waited = queue.wait(&mut Turn::default(), vec![Arc::clone(&slots)], far()).await;

    assert!(matches!(waited, Waited::Full));
    assert_eq!(queue.waiting(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_wait_is_bounded_and_leaves_nothing_behind() {
    let queue = queue(10);
    let slots = Arc::new(Slots::new(&queue, Some(1)));
    let held = slots.try_take().unwrap();
    let until = Instant::now() + Duration::from_secs(5);

    let waited = queue.wait(&mut Turn::default(), vec![Arc::clone(&slots)], until).await;

    assert!(matches!(waited, Waited::TooLong) && Instant::now() >= until);
    assert_eq!(queue.waiting(), 0);
    drop(held);
    assert_eq!(slots.taken(), 0);
}

#[tokio::test]
async fn whoever_looks_again_keeps_his_turn() {
    let queue = queue(10);
    let slots = Arc::new(Slots::new(&queue, Some(1)));
    let held = slots.try_take().unwrap();
    let wanted = vec![Arc::clone(&slots)];
    let mut turn = Turn::default();
    let mut first = Box::pin(queue.wait(&mut turn, wanted.clone(), far()));
    assert!(futures_util::poll!(&mut first).is_pending());
    let second = waiter(&queue, &[&slots], far()).await;

    queue.rouse();
    assert!(matches!(first.await, Waited::LookAgain));
    assert!(matches!(second.await.unwrap(), Waited::LookAgain));
    let later = waiter(&queue, &[&slots], far()).await;
    let mut first = Box::pin(queue.wait(&mut turn, wanted, far()));
    assert!(futures_util::poll!(&mut first).is_pending());
    drop(held);

    assert!(matches!(first.await, Waited::Slot(_)) && !later.is_finished());
}

#[tokio::test]
async fn more_places_are_handed_out_at_once() {
    let queue = queue(10);
    let slots = Arc::new(Slots::new(&queue, Some(0)));
    let waiters = [waiter(&queue, &[&slots], far()).await, waiter(&queue, &[&slots], far()).await];

    slots.set_most(Some(2));

    for waiter in waiters {
        std::mem::forget(slot(waiter.await.unwrap()));
    }
    assert_eq!((slots.taken(), queue.waiting()), (2, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_place_is_lost_or_doubled_whatever_dies() {
    let queue = queue(10_000);
    let slots: Vec<_> = (0..3).map(|_| Arc::new(Slots::new(&queue, Some(2)))).collect();

    let calls: Vec<_> = (0..3_000_u64)
        .map(|n| {
            let (queue, slots) = (Arc::clone(&queue), slots.clone());
            tokio::spawn(async move {
                let patience = Duration::from_micros(n * 7_919 % 20_000);
                let mut turn = Turn::default();
                let wait = queue.wait(&mut turn, slots.clone(), far());
                let Ok(Waited::Slot(slot)) = tokio::time::timeout(patience, wait).await else { return false };
                assert!(slots.iter().all(|slots| slots.taken() <= 2));
                tokio::task::yield_now().await;
                drop(slot);
                true
            })
        })
        .collect();
    let mut served = 0;
    for (n, call) in (0..).zip(calls) {
        if n % 5 == 0 {
            call.abort();
        }
        served += u32::from(call.await.unwrap_or(false));
    }

    assert!(served > 0);
    assert_eq!((queue.waiting(), slots.iter().map(|slots| slots.taken()).sum::<u32>()), (0, 0));
}
