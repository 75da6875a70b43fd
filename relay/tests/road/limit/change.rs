//! Changes of keys, effective for the next request.

use std::time::Duration;

use relay::admin::{key, price};
use relay::model::key::{KeyAbout, KeyChange, ManyKeys, NewKey};
use relay::model::limit::KeyLimits;
use relay::model::price::NewOverride;
use upstream::{Behaviour, Gate, Usage};

use super::limits;
use crate::support::{NOW_MS, TestRelay};

#[tokio::test]
async fn what_was_used_before_counts_towards_new_limits() {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", Behaviour::ok().usage(Usage::new(400, 500)));
    assert_eq!(relay.whole(64).await, 200);
    assert_eq!(relay.whole(64).await, 200);

    relay
        .limit(limits("requests 3/5m, tokens 9k/1h, tokens 9k/day, tokens 9k/total, tokens 9k/total opus"))
        .await;

    let used: Vec<_> = relay.used().limits.iter().map(|limit| limit.used).collect();
    assert_eq!(used, [2, 1_800, 1_800, 1_800, 0]);
    assert_eq!(relay.whole(64).await, 200);
    assert_eq!(relay.whole(64).await, 429);
    relay.limit(KeyLimits::default()).await;
    assert_eq!(relay.whole(64).await, 200);
}

#[tokio::test]
async fn a_call_under_way_while_limits_change_is_counted_once() {
    let relay = TestRelay::start().await;
    let gate = Gate::new();
    relay.upstream.script("sk-a", Behaviour::ok().usage(Usage::new(400, 500)).gated(&gate));
    relay.limit(limits("requests 5/1h, tokens 9k/1h")).await;

    let call = relay.whole(64);
    let change = async {
        relay.upstream.wait_for(|books| books.totals.open == 1).await;
        relay.limit(limits("requests 8/1h, requests 9/2h, tokens 8k/1h, tokens 9k/2h, tokens 9k/day")).await;
        let during: Vec<_> = relay.used().limits.iter().map(|limit| limit.used).collect();
        assert_eq!(during, [1, 1, 0, 0, 0]);
        assert!(relay.used().limits[2..].iter().all(|limit| limit.reserved > 64));
        gate.open();
    };
    let (status, ()) = futures_util::join!(call, change);

    assert_eq!(status, 200);
    let after: Vec<_> = relay.used().limits.iter().map(|limit| (limit.used, limit.reserved)).collect();
    assert_eq!(after, [(1, 0), (1, 0), (900, 0), (900, 0), (900, 0)]);
}

#[tokio::test]
async fn another_text_takes_the_place_of_the_former_after_its_grace() {
    let relay = TestRelay::start().await;
    let status = async |key: &str| {
        let post = relay.client.post(relay.url("/api/v1/messages")).header("x-api-key", key);
        post.body(crate::support::message(false).to_string()).send().await.unwrap().status().as_u16()
    };

    let grace = Duration::from_secs(60);
    let made = key::rotate(&relay.shared, &relay.admin, &relay.key_id, grace).await.unwrap();

    assert_eq!((status(&relay.key).await, status(&made.key).await), (200, 200));
    relay.clock.advance(60_000);
    assert_eq!((status(&relay.key).await, status(&made.key).await), (401, 200));
    let last = key::rotate(&relay.shared, &relay.admin, &relay.key_id, Duration::ZERO).await.unwrap();
    assert_eq!((status(&made.key).await, status(&last.key).await), (401, 200));
    let ids: Vec<_> = relay.records().await.into_iter().map(|record| record.key).collect();
    assert!(ids.iter().all(|id| *id == relay.key_id));
}

#[tokio::test]
async fn many_keys_are_made_and_changed_at_once() {
    let relay = TestRelay::start().await;
    let about = KeyAbout { tags: vec!["Team A".to_owned()], ..KeyAbout::default() };
    let new = NewKey { about, ..NewKey::new("laptop").limited(limits("tokens 1M/day")) };
    let made = key::create_many(&relay.shared, &relay.admin, new, 12).await.unwrap();
    let ids: Vec<_> = made.iter().map(|key| key.id.clone()).collect();
    let many = |what| key::many(&relay.shared, &relay.admin, ids.clone(), what);

    let tagged = many(ManyKeys::AddTags(vec!["spare".to_owned()])).await.unwrap();
    let disabled = many(ManyKeys::Disable { end_streams: false }).await.unwrap();

    let rows = key::list(&relay.shared, &relay.admin).await.unwrap();
    let rows: Vec<_> = rows.iter().filter(|row| ids.contains(&row.id)).collect();
    assert_eq!((rows.len(), tagged, disabled), (12, 12, 12));
    assert!(rows.iter().all(|row| !row.enabled && row.about.tags == ["spare", "team a"]));
    assert!(rows.iter().all(|row| row.usage.limits.len() == 1));
    assert_eq!((made[0].name.as_str(), made[11].name.as_str()), ("laptop 01", "laptop 12"));
    assert_eq!(many(ManyKeys::Delete { end_streams: false }).await.unwrap(), 12);
    assert_eq!(key::list(&relay.shared, &relay.admin).await.unwrap().len(), 1);
    assert_eq!(many(ManyKeys::Enable).await.unwrap(), 0);
}

#[tokio::test]
async fn what_cannot_be_meant_is_told_at_its_field() {
    let relay = TestRelay::start().await;
    let problem = async |change: KeyChange| {
        let result = key::update(&relay.shared, &relay.admin, &relay.key_id, change).await;
        result.unwrap_err().for_person().field
    };

    let limits = Some(limits("tokens 5/day, requests 0/1m"));
    assert_eq!(problem(KeyChange { limits, ..KeyChange::default() }).await, "limits.1.most");
    let tags = Some(vec!["a".repeat(41)]);
    assert_eq!(problem(KeyChange { tags, ..KeyChange::default() }).await, "tags");
    let owner = Some("a\nb".to_owned());
    assert_eq!(problem(KeyChange { owner, ..KeyChange::default() }).await, "owner");
    let note = Some("a".repeat(501));
    assert_eq!(problem(KeyChange { note, ..KeyChange::default() }).await, "note");
}

#[tokio::test]
async fn new_keys_get_the_limits_of_the_settings() {
    let relay = TestRelay::with(&[("SWITCHYARD_LIMITS_KEY", "requests 1/1m, tokens 1M/month")]).await;

    assert_eq!(relay.whole(64).await, 200);
    assert_eq!(relay.whole(64).await, 429);
    let info = relay.client.get(relay.url("/api/v1/key-info")).header("x-api-key", &relay.key).send().await;
    let info: serde_json::Value = info.unwrap().json().await.unwrap();
    assert_eq!(info["keyInfo"]["tokenLimit"], 1_000_000);
    assert_eq!(info["keyInfo"]["limits"]["requests"], 1);
    assert_eq!(info["keyInfo"]["limits"]["used"][0]["left"], 0);
    assert_eq!(info["keyInfo"]["limits"]["used"][1]["name"], "tokens-month");
}

#[tokio::test]
async fn limits_in_money_follow_the_books_when_the_past_is_priced_anew() {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", Behaviour::ok().usage(Usage::new(1_000, 0)));
    relay.limit(limits("cost 1/total, cost 1/1h, tokens 9k/day")).await;
    assert_eq!(relay.whole(64).await, 200);
    let own = NewOverride {
        model: "claude-sonnet-4-5".to_owned(),
        from_ms: Some(0),
        input: Some("30".to_owned()),
        output: Some("1".to_owned()),
        ..NewOverride::default()
    };
    price::set(&relay.shared, &relay.admin, own).await.unwrap();

    price::reprice(&relay.shared, &relay.admin, 0, NOW_MS + 1).await.unwrap();

    let used: Vec<_> = relay.used().limits.iter().map(|limit| (limit.used, limit.reserved)).collect();
    assert_eq!(used, [(30_000_000, 0), (30_000_000, 0), (1_000, 0)]);
}
