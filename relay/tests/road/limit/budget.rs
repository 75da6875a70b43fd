//! Budgets by day, by month and for good.

use futures_util::future::join_all;
use relay::model::limit::Per;
use upstream::{Behaviour, Gate, Usage};

use super::{body, limits, said};
use crate::support::TestRelay;
use serde_json::json;

/// 24 November, 14:00, to midnight.
const TO_MIDNIGHT_MS: i64 = 10 * 3_600_000;
const DAY_MS: i64 = 86_400_000;

#[tokio::test]
async fn a_day_ends_at_midnight_and_a_month_with_its_last_day() {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", Behaviour::ok().usage(Usage::new(400, 500)));
    relay.limit(limits("tokens 1k/day, tokens 1900/month")).await;

    assert_eq!(relay.whole(64).await, 200);
    let today = said(relay.ask(600).await).await;
    relay.clock.advance(TO_MIDNIGHT_MS - 1);
    assert_eq!(relay.whole(600).await, 429);
    relay.clock.advance(1);
    assert_eq!(relay.whole(64).await, 200);
    relay.clock.advance(DAY_MS);
    let month = said(relay.ask(600).await).await;
    relay.clock.advance(5 * DAY_MS);
    let next_month = relay.whole(64).await;

    assert_eq!((today.status, today.may_retry, today.after_s), (429, false, Some(36_000)));
    assert!(today.text.contains("1,000 tokens a day"), "{}", today.text);
    assert!(today.text.contains("2026-11-25T00:00:00.000Z"), "{}", today.text);
    assert!(month.text.contains("1,900 tokens a month"), "{}", month.text);
    assert!(month.text.contains("2026-12-01T00:00:00.000Z"), "{}", month.text);
    assert_eq!(next_month, 200);
    assert_eq!(relay.used().limits[1].used, 900);
}

#[tokio::test]
async fn money_is_counted_as_the_books_count_it() {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", Behaviour::ok().usage(Usage::new(1_000, 1_000).cache_read(10_000)));
    relay.limit(limits("cost 0.03/total, cost 5/day opus")).await;

    assert_eq!(relay.whole(64).await, 200);
    let refused = said(relay.ask(900).await).await;

    // $0.003 and $0.015 and $0.003 of what is read from the cache.
    assert_eq!(relay.first(), (21_000_000, 0));
    assert_eq!(relay.usage().await["usage"]["total"]["costNanodollars"], 21_000_000);
    assert_eq!((refused.status, refused.may_retry, refused.after_s), (429, false, None));
    assert!(
        refused.text.contains("$0.03 in total has no room for this call: $0.021 used"),
        "{}",
        refused.text
    );
    assert_eq!(relay.used().limits[1].used, 0);
}

#[tokio::test]
async fn of_200_calls_at_once_as_many_pass_as_their_estimates_leave_room_for() {
    let relay = TestRelay::start().await;
    let gate = Gate::new();
    relay.upstream.script("sk-a", Behaviour::ok().usage(Usage::new(12, 34)).gated(&gate));
    let (most, length) = (20_000, body(json!({ "max_tokens": 500 })).len() as u64);
    // Without history a call reserves all that it asks for, where that is less than 8,192.
    let estimate = length.div_ceil(4) + 500;
    relay.limit(limits(&format!("tokens {most}/total"))).await;

    let calls = join_all((0..200).map(|_| relay.ask(500)));
    let watched = async {
        relay.upstream.wait_for(|books| books.totals.requests >= most / estimate).await;
        gate.open();
    };
    let (answers, ()) = futures_util::join!(calls, watched);

    let passed = answers.iter().filter(|answer| answer.status() == 200).count() as u64;
    for answer in answers {
        answer.bytes().await.unwrap();
    }
    assert!(passed >= most / estimate, "{passed} of {}", most / estimate);
    let billed = relay.upstream.books().totals.billed;
    assert_eq!(relay.upstream.books().totals.requests, passed);
    assert_eq!(relay.first(), (billed.input + billed.output, 0));
    assert!(relay.first().0 <= most);
    assert_eq!(relay.used().active, 0);
}

#[tokio::test]
async fn an_overrun_is_at_most_the_sum_of_the_errors_of_estimation() {
    let relay = TestRelay::start().await;
    let gate = Gate::new();
    // The provider goes far beyond what was asked for, or the relay knows too little.
    relay.upstream.script("sk-a", Behaviour::ok().usage(Usage::new(12, 900)).gated(&gate));
    let (most, length) = (5_000, body(json!({ "max_tokens": 100 })).len() as u64);
    let estimate = length.div_ceil(4) + 100;
    relay.limit(limits(&format!("tokens {most}/total"))).await;

    let calls = join_all((0..200).map(|_| relay.ask(100)));
    let watched = async {
        relay.upstream.wait_for(|books| books.totals.requests == most / estimate).await;
        gate.open();
    };
    let (answers, ()) = futures_util::join!(calls, watched);

    let mut passed = 0;
    for answer in answers {
        passed += u64::from(answer.status() == 200);
        answer.bytes().await.unwrap();
    }
    let (used, reserved) = relay.first();
    assert_eq!((passed, reserved), (most / estimate, 0));
    assert_eq!(used, passed * 912);
    assert!(used <= most + passed * (912 - estimate));
}

#[tokio::test]
async fn calls_under_way_hold_room_and_a_refusal_for_that_is_worth_another_try() {
    let relay = TestRelay::start().await;
    let gate = Gate::new();
    relay.upstream.script("sk-a", Behaviour::ok().usage(Usage::new(12, 34)).gated(&gate));
    relay.limit(limits("tokens 1500/day")).await;

    let first = relay.ask(1_000);
    let second = async {
        relay.upstream.wait_for(|books| books.totals.open == 1).await;
        let refused = said(relay.ask(1_000).await).await;
        let held = relay.first();
        gate.open();
        (refused, held)
    };
    let (first, (refused, (used, reserved))) = futures_util::join!(first, second);
    first.bytes().await.unwrap();

    assert_eq!(used, 0);
    assert!((1_000..1_100).contains(&reserved), "{reserved}");
    assert_eq!((refused.status, refused.may_retry, refused.after_s), (429, true, Some(1)));
    assert!(refused.text.contains("reserved by calls under way"), "{}", refused.text);
    assert_eq!(relay.first(), (46, 0));
    assert_eq!(relay.whole(1_000).await, 200);
}

#[tokio::test]
async fn a_key_with_history_reserves_what_its_calls_usually_use() {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", Behaviour::ok().usage(Usage::new(30, 20)));
    relay.limit(limits("tokens 9k/day")).await;
    assert_eq!(relay.whole(64).await, 200);

    // As Claude Code asks.
    let answer = relay.ask(128_000).await;

    assert_eq!(answer.status(), 200);
    let header = answer.headers()["x-switchyard-limit-tokens-day"].to_str().unwrap();
    let reserved = header.split(";reserved=").nth(1).and_then(|rest| rest.split(';').next()).unwrap();
    assert!((30..100).contains(&reserved.parse::<u64>().unwrap()), "{header}");
}

#[tokio::test]
async fn limits_of_some_models_leave_others_alone() {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", Behaviour::ok().usage(Usage::new(400, 500)));
    relay.limit(limits("tokens 1k/day sonnet, tokens 9k/day")).await;
    assert_eq!(relay.whole(64).await, 200);

    let sonnet = relay.ask(600).await.status();
    let haiku = relay.ask_with(json!({ "model": "claude-haiku-4-5", "max_tokens": 600 })).await;
    assert_eq!((sonnet.as_u16(), haiku.status().as_u16()), (429, 200));
    haiku.bytes().await.unwrap();

    let used: Vec<_> = relay.used().limits.iter().map(|limit| (limit.limit.per, limit.used)).collect();
    assert_eq!(used, [(Per::Day, 900), (Per::Day, 1_800)]);
}
