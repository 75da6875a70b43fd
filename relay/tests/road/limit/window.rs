//! Requests and tokens in sliding windows.

use upstream::{Behaviour, Usage};

use super::{limits, said};
use crate::support::TestRelay;

#[tokio::test]
async fn requests_slide_out_of_the_window_to_the_millisecond() {
    let relay = TestRelay::start().await;
    relay.limit(limits("requests 2/1m")).await;

    assert_eq!(relay.whole(64).await, 200);
    relay.clock.advance(20_000);
    assert_eq!(relay.whole(64).await, 200);
    let refused = said(relay.ask(64).await).await;
    relay.clock.advance(39_999);
    let early = relay.whole(64).await;
    relay.clock.advance(1);
    let in_time = relay.whole(64).await;

    assert_eq!((refused.status, refused.kind.as_str()), (429, "rate_limit_error"));
    assert_eq!((refused.may_retry, refused.after_s), (true, Some(40)));
    assert!(refused.text.contains("2 requests a minute is used up: 2 requests used"), "{}", refused.text);
    assert!(refused.text.contains("2026-11-24T14:01:00.000Z"), "{}", refused.text);
    assert_eq!((early, in_time), (429, 200));
    assert_eq!(relay.upstream.books().totals.requests, 3);
}

#[tokio::test]
async fn answers_say_how_far_limits_are_used() {
    let relay = TestRelay::start().await;
    relay
        .limit(limits("requests 5/1h, tokens 100k/day, tokens 50k/day opus, tokens 90k/5m, concurrency 3"))
        .await;

    let answer = relay.ask(64).await;

    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("x-switchyard-limit-requests-60m"), "5;used=1;reserved=0;reset=1795532400");
    assert!(header("x-switchyard-limit-tokens-day").starts_with("100000;used=0;reserved="));
    assert!(header("x-switchyard-limit-tokens-day").ends_with(";reset=1795564800"));
    assert!(header("x-switchyard-limit-tokens-5m").ends_with(";reset=1795529100"));
    assert_eq!(header("x-switchyard-limit-concurrency"), "3;used=1");
    assert_eq!(answer.headers().get_all("x-switchyard-limit-tokens-day").iter().count(), 1);
}

#[tokio::test]
async fn a_call_that_went_to_nobody_is_no_request() {
    let relay = TestRelay::empty(&[]).await;
    relay.limit(limits("requests 2/1m, tokens 100k/day")).await;

    for _ in 0..3 {
        assert_eq!(relay.whole(64).await, 503);
    }

    assert_eq!(relay.first(), (0, 0));
}

#[tokio::test]
async fn a_call_of_several_attempts_is_one_request_and_all_its_tokens() {
    let relay = TestRelay::start().await;
    relay.account("sk-b").await;
    relay.upstream.script("sk-a", Behaviour::status(500));
    relay.upstream.script("sk-b", Behaviour::ok().usage(Usage::new(12, 34)));
    relay.limit(limits("requests 5/1m, tokens 100k/5m")).await;

    assert_eq!(relay.whole(64).await, 200);

    let used: Vec<_> = relay.used().limits.iter().map(|limit| (limit.used, limit.reserved)).collect();
    assert_eq!(used, [(1, 0), (46, 0)]);
}

#[tokio::test]
async fn tokens_slide_out_of_their_window_and_a_long_wait_is_not_worth_trying() {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", Behaviour::ok().usage(Usage::new(400, 500)));
    relay.limit(limits("tokens 1000/10m")).await;

    assert_eq!(relay.whole(64).await, 200);
    let refused = said(relay.ask(600).await).await;
    relay.clock.advance(599_999);
    let early = relay.whole(600).await;
    relay.clock.advance(1);
    let in_time = relay.whole(600).await;

    assert_eq!((refused.status, refused.may_retry, refused.after_s), (429, false, Some(600)));
    assert!(refused.text.contains("1,000 tokens in 10 minutes has no room for this call: 900 tokens used"));
    assert_eq!((early, in_time), (429, 200));
}

#[tokio::test]
async fn windows_and_budgets_go_on_after_a_restart() {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", Behaviour::ok().usage(Usage::new(400, 500)));
    relay.limit(limits("requests 2/5m, tokens 5k/5m, tokens 5k/day, tokens 5k/total, cost 1/month")).await;
    assert_eq!(relay.whole(64).await, 200);
    let before = relay.used();

    let relay = relay.restart().await;

    assert_eq!(relay.used(), before);
    let used: Vec<_> = before.limits.iter().map(|limit| limit.used).collect();
    // 400 at $3 and 500 at $15 a million.
    assert_eq!(used, [1, 900, 900, 900, 8_700_000]);
    assert_eq!(relay.whole(64).await, 200);
    assert_eq!(relay.whole(64).await, 429);
}

#[tokio::test]
async fn googles_clients_are_refused_in_their_own_words() {
    let relay = TestRelay::empty(&[]).await;
    relay.google_key("goog-a").await;
    relay.upstream.script("goog-a", Behaviour::ok());
    relay.limit(limits("requests 1/day")).await;
    let ask = async || {
        let post = relay.post("/gemini/v1beta/models/gemini-2.5-pro:generateContent");
        post.body(r#"{"contents":[]}"#).send().await.unwrap()
    };

    assert_eq!(ask().await.status(), 200);
    let answer = ask().await;
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let body: serde_json::Value = answer.json().await.unwrap();

    assert_eq!((status, &body["error"]["status"]), (429, &"RESOURCE_EXHAUSTED".into()));
    assert_eq!(
        (&headers["retry-after"], &headers["x-should-retry"]),
        (&"36000".parse().unwrap(), &"false".parse().unwrap())
    );
    assert_eq!(body["error"]["details"][0]["@type"], "type.googleapis.com/google.rpc.RetryInfo");
    assert_eq!(body["error"]["details"][0]["retryDelay"], "36000s");
    assert!(body["error"]["message"].as_str().unwrap().contains("1 request a day is used up"), "{body}");
}
