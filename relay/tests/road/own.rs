//! What a key's holder can ask: models, figures, counts of tokens (hard case 45 among others).

use relay::admin::account;
use relay::model::outcome::Outcome;
use relay::model::usage::Usage as Used;
use relay::store::attempt::Endpoint as Asked;
use serde_json::{Value, json};
use upstream::{Behaviour, Endpoint, Usage};

use crate::raw::body;
use crate::support::TestRelay;

async fn get(relay: &TestRelay, path: &str) -> (u16, Value) {
    let answer = relay.client.get(relay.url(path)).header("authorization", format!("Bearer {}", relay.key));
    let answer = answer.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn ids(page: &Value) -> Vec<&str> {
    page["data"].as_array().unwrap().iter().map(|model| model["id"].as_str().unwrap()).collect()
}

async fn two() -> TestRelay {
    let relay = TestRelay::empty(&[]).await;
    relay.account("sk-a").await;
    relay.account("sk-b").await;
    relay.upstream.list_models("sk-a", &["claude-1", "claude-2", "claude-3"]);
    relay.upstream.list_models("sk-b", &["claude-3", "claude-4", "claude-5"]);
    relay
}

#[tokio::test]
async fn models_are_the_union_of_what_the_accounts_offer() {
    let relay = two().await;

    let (status, page) = get(&relay, "/api/v1/models").await;

    assert_eq!((status, ids(&page)), (200, vec!["claude-1", "claude-2", "claude-3", "claude-4", "claude-5"]));
    assert_eq!(
        (&page["has_more"], &page["first_id"], &page["last_id"]),
        (&json!(false), &json!("claude-1"), &json!("claude-5"))
    );
    // In the provider's own words.
    assert_eq!(
        page["data"][0],
        json!({"type":"model","id":"claude-1","display_name":"claude-1","created_at":"2025-09-29T00:00:00Z"})
    );
    assert_eq!(get(&relay, "/claude/v1/models").await, (200, page));
    assert_eq!(get(&relay, "/api/v1/models/claude-4").await.1["id"], "claude-4");
    let (status, missing) = get(&relay, "/api/v1/models/claude-9").await;
    assert_eq!((status, &missing["error"]["type"]), (404, &json!("not_found_error")));
    // Each account was asked once for all that.
    assert_eq!(relay.upstream.books().totals.requests, 2);
    assert_eq!(relay.records().await, []);
}

#[tokio::test]
async fn models_are_paged_over_the_whole_union() {
    let relay = two().await;

    let (_, first) = get(&relay, "/api/v1/models?limit=2").await;
    let (_, second) = get(&relay, "/api/v1/models?limit=2&after_id=claude-2").await;
    let (_, third) = get(&relay, "/api/v1/models?limit=2&after_id=claude-4").await;
    let (_, back) = get(&relay, "/api/v1/models?limit=2&before_id=claude-4").await;

    assert_eq!((ids(&first), &first["has_more"]), (vec!["claude-1", "claude-2"], &json!(true)));
    assert_eq!((ids(&second), &second["has_more"]), (vec!["claude-3", "claude-4"], &json!(true)));
    assert_eq!((ids(&third), &third["has_more"]), (vec!["claude-5"], &json!(false)));
    assert_eq!((ids(&back), &back["has_more"]), (vec!["claude-2", "claude-3"], &json!(true)));
    let (_, end) = get(&relay, "/api/v1/models?after_id=claude-5").await;
    assert_eq!((ids(&end), &end["first_id"], &end["last_id"]), (vec![], &Value::Null, &Value::Null));
}

#[tokio::test]
async fn lists_of_many_pages_are_read_to_their_end() {
    let relay = two().await;
    let many: Vec<String> = (0..2_500).map(|n| format!("claude-{n}")).collect();
    relay.upstream.list_models("sk-a", &many.iter().map(String::as_str).collect::<Vec<_>>());
    relay.upstream.list_models("sk-b", &["claude-last"]);

    let (_, page) = get(&relay, "/api/v1/models?limit=1000&after_id=claude-1999").await;

    assert_eq!((ids(&page).len(), ids(&page).last()), (501, Some(&"claude-last")));
    assert_eq!(relay.upstream.books().of("sk-a").count(), 3);
}

#[tokio::test]
async fn odd_pages_are_refused_in_shape() {
    let relay = two().await;

    for query in [
        "limit=0",
        "limit=-1",
        "limit=1001",
        "limit=1000000000",
        "limit=99999999999999999999",
        "limit=1e3",
        "limit=",
        "limit=%25",
        "limit=1&limit=2",
        "after_id=%25",
        "after_id=_",
        "before_id=claude-%",
        "after_id=",
        "after_id=claude-1&before_id=claude-2",
    ] {
        let (status, body) = get(&relay, &format!("/api/v1/models?{query}")).await;
        assert_eq!(
            (status, &body["type"], &body["error"]["type"]),
            (400, &json!("error"), &json!("invalid_request_error")),
            "{query}"
        );
    }
    assert_eq!(get(&relay, "/api/v1/models?limit=1000&unknown=x").await.0, 200);
}

#[tokio::test]
async fn a_list_is_asked_for_again_when_old_and_kept_when_that_fails() {
    let relay = TestRelay::start().await;
    relay.upstream.list_models("sk-a", &["claude-1"]);
    assert_eq!(ids(&get(&relay, "/api/v1/models").await.1), ["claude-1"]);

    relay.upstream.list_models("sk-a", &["claude-2"]);
    assert_eq!(ids(&get(&relay, "/api/v1/models").await.1), ["claude-1"]);
    relay.clock.advance(10 * 60_000);
    assert_eq!(ids(&get(&relay, "/api/v1/models").await.1), ["claude-2"]);
    relay.upstream.script_on(Endpoint::Models, "sk-a", Behaviour::status(500));
    relay.clock.advance(10 * 60_000);
    assert_eq!(ids(&get(&relay, "/api/v1/models").await.1), ["claude-2"]);
}

#[tokio::test]
async fn one_account_s_trouble_hides_no_other_s_models() {
    let relay = two().await;
    relay.upstream.script_on(Endpoint::Models, "sk-a", Behaviour::unauthorized());

    assert_eq!(ids(&get(&relay, "/api/v1/models").await.1), ["claude-3", "claude-4", "claude-5"]);

    for row in account::list(&relay.shared, &relay.admin).await.unwrap() {
        account::pause(&relay.shared, &relay.admin, &row.id).await.unwrap();
    }
    let (status, body) = get(&relay, "/api/v1/models").await;
    assert_eq!((status, &body["error"]["type"]), (503, &json!("overloaded_error")));
}

#[tokio::test]
async fn counting_tokens_is_forwarded_and_free() {
    let relay = TestRelay::start().await;
    let request = relay
        .post("/api/v1/messages/count_tokens?beta=true")
        .header("anthropic-beta", "token-counting-2024-11-01");

    let answer = request.body(body(false)).send().await.unwrap();

    assert_eq!(answer.status(), 200);
    assert!(answer.headers().contains_key("x-switchyard-request-id"));
    assert!(answer.json::<Value>().await.unwrap()["input_tokens"].as_u64().unwrap() > 0);
    let books = relay.upstream.books();
    let exchange = books.last().unwrap();
    assert_eq!(exchange.target, "/v1/messages/count_tokens?beta=true");
    assert_eq!(exchange.header("anthropic-beta"), Some("token-counting-2024-11-01"));
    let record = relay.record().await;
    assert_eq!((record.endpoint, record.outcome, record.cost), (Asked::CountTokens, Outcome::Ok, None));
    assert_eq!(record.usage, Used::default());
    let total = &relay.usage().await["usage"]["total"];
    assert_eq!(
        (&total["requests"], &total["failed"], &total["allTokens"]),
        (&json!(0), &json!(0), &json!(0))
    );
}

#[tokio::test]
async fn a_failed_count_of_tokens_is_the_provider_s_and_in_no_sum() {
    let relay = TestRelay::start().await;
    relay.upstream.script_on(Endpoint::CountTokens, "sk-a", Behaviour::status(404));

    let answer = relay.post("/api/v1/messages/count_tokens").body(body(false)).send().await.unwrap();

    assert_eq!(answer.status(), 404);
    assert_eq!(relay.record().await.outcome, Outcome::Rejected);
    assert_eq!(relay.usage().await["usage"]["total"]["failed"], 0);
}

#[tokio::test]
async fn figures_come_in_the_shape_that_tools_know() {
    let relay = TestRelay::start().await;
    let used = Usage::new(1, 2).cache_written(3, 4).cache_read(5);
    relay.upstream.script("sk-a", Behaviour::ok().usage(used).times(2).then(Behaviour::status(400)));
    for _ in 0..3 {
        relay.message(false).await;
    }

    let (_, info) = get(&relay, "/api/v1/key-info").await;
    let (_, usage) = get(&relay, "/api/v1/usage").await;

    let key = &info["keyInfo"];
    assert_eq!(
        (&key["id"], &key["name"], &key["tokenLimit"]),
        (&json!(relay.key_id), &json!("test key"), &json!(0))
    );
    assert_eq!(key["usage"], usage["usage"]);
    assert_eq!(usage["limits"], json!({"tokens": 0, "requests": 0}));
    assert_eq!(usage["timestamp"], "2026-11-24T14:00:00.000Z");
    for span in ["total", "daily", "monthly"] {
        let sums = &usage["usage"][span];
        for (name, expected) in [
            ("requests", 2),
            ("failed", 1),
            ("inputTokens", 2),
            ("outputTokens", 4),
            ("cacheCreateTokens", 14),
            ("cacheCreate5mTokens", 6),
            ("cacheCreate1hTokens", 8),
            ("cacheReadTokens", 10),
            ("allTokens", 30),
            ("tokens", 6),
        ] {
            assert_eq!(sums[name], expected, "{span} {name}");
        }
    }
    assert_eq!(usage["usage"]["models"][0]["model"], "claude-sonnet-4-5");
    relay.clock.advance(24 * 3_600_000);
    let (_, next) = get(&relay, "/api/v1/usage").await;
    assert_eq!(
        (&next["usage"]["daily"]["requests"], &next["usage"]["monthly"]["requests"]),
        (&json!(0), &json!(2))
    );
}
