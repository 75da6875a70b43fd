//! Keys that end.

use relay::model::limit::{Expiry, KeyLimits};

use super::said;
use crate::support::{NOW_MS, TestRelay};

const DAY_MS: i64 = 86_400_000;

fn ends(expiry: Expiry) -> KeyLimits {
    KeyLimits { expiry: Some(expiry), ..KeyLimits::default() }
}

#[tokio::test]
async fn a_key_ends_at_its_instant() {
    let relay = TestRelay::start().await;
    relay.limit(ends(Expiry::At(NOW_MS + 1_000))).await;

    relay.clock.advance(999);
    let before = relay.whole(64).await;
    relay.clock.advance(1);
    let refused = said(relay.ask(64).await).await;

    assert_eq!((before, refused.status, refused.may_retry), (200, 401, false));
    assert_eq!(refused.kind, "authentication_error");
    assert!(refused.text.contains("expired at 2026-11-24T14:00:01.000Z"), "{}", refused.text);
}

#[tokio::test]
async fn days_count_from_the_first_use_over_restarts() {
    let relay = TestRelay::start().await;
    relay.limit(ends(Expiry::DaysAfterFirstUse(2))).await;

    relay.clock.advance(30 * DAY_MS);
    assert_eq!(relay.whole(64).await, 200);
    relay.clock.advance(DAY_MS);
    let relay = relay.restart().await;
    assert_eq!(relay.whole(64).await, 200);
    relay.clock.advance(DAY_MS - 1);
    assert_eq!(relay.whole(64).await, 200);
    relay.clock.advance(1);

    assert_eq!(relay.whole(64).await, 401);
}

#[tokio::test]
async fn a_refusal_for_an_ended_key_is_in_googles_words_for_googles_clients() {
    let relay = TestRelay::start().await;
    relay.limit(ends(Expiry::At(NOW_MS))).await;

    let post = relay.post("/gemini/v1beta/models/gemini-2.5-pro:generateContent").body("{}");
    let refused = said(post.send().await.unwrap()).await;

    assert_eq!((refused.status, refused.kind.as_str()), (401, "UNAUTHENTICATED"));
}
