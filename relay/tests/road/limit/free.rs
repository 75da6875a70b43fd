//! Token counts and lists of models.

use futures_util::future::join_all;

use super::{limits, said};
use crate::support::{TestRelay, message};

#[tokio::test]
async fn thirty_token_counts_at_once_hit_no_limit_of_calls() {
    let relay = TestRelay::start().await;
    relay.limit(limits("concurrency 1, requests 1/1m, tokens 0/day, cost 0/total")).await;
    let count = || relay.post("/api/v1/messages/count_tokens").body(message(false).to_string()).send();

    let statuses = join_all((0..30).map(|_| count())).await;

    assert!(statuses.into_iter().all(|answer| answer.unwrap().status() == 200));
    let used = relay.used();
    assert!(used.limits.iter().all(|limit| (limit.used, limit.reserved) == (0, 0)), "{used:?}");
}

#[tokio::test]
async fn they_have_a_limit_of_their_own() {
    let relay = TestRelay::start().await;
    relay.upstream.list_models("sk-a", &["claude-sonnet-4-5"]);
    relay.limit(limits("free 2/1m")).await;
    let count = || relay.post("/api/v1/messages/count_tokens").body(message(false).to_string()).send();
    let models = || relay.client.get(relay.url("/api/v1/models")).header("x-api-key", &relay.key).send();

    assert_eq!(count().await.unwrap().status(), 200);
    assert_eq!(models().await.unwrap().status(), 200);
    let refused = said(count().await.unwrap()).await;
    let listed = models().await.unwrap().status();
    relay.clock.advance(60_000);
    let later = count().await.unwrap();

    assert_eq!((refused.status, refused.may_retry, refused.after_s), (429, true, Some(60)));
    assert!(refused.text.contains("(2 requests a minute) is reached: 2 used"), "{}", refused.text);
    assert_eq!(refused.headers["x-switchyard-limit-free-requests"], "2;used=2;reset=1795528860");
    assert_eq!((listed.as_u16(), later.status().as_u16()), (429, 200));
    assert_eq!(later.headers()["x-switchyard-limit-free-requests"], "2;used=1;reset=1795528920");
    assert_eq!(relay.whole(64).await, 200);
}
