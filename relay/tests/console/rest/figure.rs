//! Figures and prices by REST, in the original's words.

use http::StatusCode;
use relay::model::id::{AccountId, KeyId};
use relay::model::key::NewKey;
use relay::model::outcome::Outcome;
use relay::model::usage::{Tokens, Usage};
use relay::store::attempt::{Attempt, Charge, Endpoint};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Script, refused};
use crate::house::START_MS;

const DAY_MS: i64 = 24 * 3_600_000;
const SONNET: &str = "claude-sonnet-4-5";

/// Puts answers into the books: so many days ago, with that key, of that model.
async fn used(script: &Script, calls: &[(i64, &KeyId, &str)]) {
    for (at, (days, key, model)) in (1..).zip(calls) {
        let tokens = Tokens { input: 1_000, output: 10, cache_read: 5, ..Tokens::default() };
        let mut attempt = Attempt {
            call: Uuid::from_u128(at),
            n: 1,
            last: true,
            accepted: true,
            at_ms: START_MS - days * DAY_MS,
            key: (*key).clone(),
            account: Some(AccountId::new("a")),
            endpoint: Endpoint::Messages,
            asked: (*model).to_owned(),
            model: Some((*model).to_owned()),
            stream: false,
            sandbox: false,
            status: 200,
            outcome: Outcome::Ok,
            cause: None,
            usage: Usage { tokens, ..Usage::default() },
            cost: None,
            price: None,
            surplus: Charge::default(),
            first_byte_ms: Some(5),
            total_ms: 9,
            decision: None,
        };
        let ledger = &script.house.shared.ledger;
        relay::meter::cost::price(&ledger.prices.load(), &mut attempt);
        ledger.journal.append_settled(&attempt).unwrap();
    }
}

async fn key(script: &Script, name: &str) -> KeyId {
    let admin = script.house.operator();
    relay::admin::key::create(&script.house.shared, &admin, NewKey::new(name)).await.unwrap().id
}

/// Two keys, five calls: three today, one yesterday, one in another month; one of a model without a price.
async fn busy() -> (Script, [KeyId; 2]) {
    let script = Script::start().await;
    let keys = [key(&script, "laptop").await, key(&script, "desktop").await];
    let [laptop, desktop] = &keys;
    let calls = [
        (0, laptop, SONNET),
        (0, laptop, "unheard-of"),
        (0, desktop, SONNET),
        (1, desktop, SONNET),
        (40, laptop, SONNET),
    ];
    used(&script, &calls).await;
    (script, keys)
}

fn sum(rows: &Value, figure: &str) -> u64 {
    rows.as_array().unwrap().iter().map(|row| row[figure].as_u64().unwrap()).sum()
}

#[tokio::test]
async fn models_are_told_with_tokens_cost_and_price() {
    let (script, _) = busy().await;

    let today = script.get("model-stats?period=daily").await;
    let all = script.get("model-stats?period=all").await;
    let costs = script.get("usage-costs?period=all").await;

    let sonnet = &today[0];
    assert_eq!((&sonnet["model"], &sonnet["requests"]), (&json!(SONNET), &json!(2)));
    assert_eq!((&sonnet["inputTokens"], &sonnet["allTokens"]), (&json!(2_000), &json!(2_030)));
    // Two times 1,000 at 3, 10 at 15 and 5 at 0.3 dollars per million.
    assert_eq!(sonnet["costs"]["totalNanodollars"], 2 * (3_000_000 + 150_000 + 1_500));
    assert_eq!(
        (&sonnet["pricing"]["input"], &sonnet["formatted"]["total"]),
        (&json!(3.0), &json!("$0.006303"))
    );
    let unpriced = &today[1];
    assert_eq!((&unpriced["model"], &unpriced["unpricedRequests"]), (&json!("unheard-of"), &json!(1)));
    assert_eq!((&unpriced["pricing"], &unpriced["costs"]["total"]), (&json!(null), &json!(0.0)));
    assert_eq!(sum(&all, "requests"), 5);
    assert_eq!(costs["totalCosts"]["totalNanodollars"], 4 * (3_000_000 + 150_000 + 1_500));
    assert_eq!((&costs["modelCosts"], &costs["unpricedRequests"]), (&all, &json!(1)));
}

#[tokio::test]
async fn keys_are_told_by_period_and_by_model() {
    let (script, [laptop, _]) = busy().await;

    let stats = script.get("usage-stats").await;
    let models =
        script.send("GET", &format!("api-keys/{laptop}/model-stats?period=daily"), None).await.json();
    let custom =
        format!("api-keys/{laptop}/model-stats?period=custom&startDate=2026-12-01&endDate=2026-12-31");
    let custom = script.get(&custom).await;

    let of = |name: &str| {
        let stats = stats["stats"].as_array().unwrap().iter();
        stats.clone().find(|stat| stat["keyName"] == name).unwrap()["usage"].clone()
    };
    assert_eq!(
        (&of("laptop")["total"]["requests"], &of("laptop")["daily"]["requests"]),
        (&json!(3), &json!(2))
    );
    assert_eq!(
        (&of("desktop")["total"]["requests"], &of("desktop")["daily"]["requests"]),
        (&json!(2), &json!(1))
    );
    assert_eq!((sum(&models["data"], "requests"), &models["period"]), (2, &json!("daily")));
    assert_eq!(sum(&custom, "requests"), 1);
    let missing = script.send("GET", "api-keys/nobody/model-stats", None).await;
    refused(&missing, StatusCode::NOT_FOUND, "not_found");
}

#[tokio::test]
async fn trends_have_every_day_and_hour_and_add_up() {
    let (script, [laptop, desktop]) = busy().await;

    let days = script.get("usage-trend?days=7").await;
    let month = script.get("usage-trend?days=60").await;
    let hours = script.send("GET", "usage-trend?granularity=hour", None).await.json();
    let keys = script.send("GET", "api-keys-usage-trend?days=2", None).await.json();

    assert_eq!((days.as_array().unwrap().len(), sum(&days, "requests")), (7, 4));
    assert_eq!((&days[6]["date"], &days[6]["requests"]), (&json!("2027-01-15"), &json!(3)));
    assert_eq!((month.as_array().unwrap().len(), sum(&month, "requests")), (60, 5));
    assert_eq!((&hours["granularity"], sum(&hours["data"], "requests")), (&json!("hour"), 3));
    assert_eq!(hours["data"].as_array().unwrap().len(), 24);
    let last = &keys["data"][1]["apiKeys"];
    assert_eq!(
        (&last[laptop.as_str()]["requests"], &last[desktop.as_str()]["requests"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(keys["data"][0]["apiKeys"][desktop.as_str()]["requests"], 1);
    assert_eq!((keys["topApiKeys"].as_array().unwrap().len(), &keys["totalApiKeys"]), (2, &json!(2)));
}

#[tokio::test]
async fn the_dashboard_agrees_with_the_rest() {
    let (script, _) = busy().await;

    let dashboard = script.get("dashboard").await;
    let costs = script.get("usage-costs?period=today").await;

    let (overview, today) = (&dashboard["overview"], &dashboard["recentActivity"]);
    assert_eq!((&overview["totalRequestsUsed"], &overview["totalApiKeys"]), (&json!(5), &json!(2)));
    assert_eq!((&today["requestsToday"], &today["tokensToday"]), (&json!(3), &json!(3 * 1_015)));
    assert_eq!(today["costTodayNanodollars"], costs["totalCosts"]["totalNanodollars"]);
    assert_eq!(dashboard["systemHealth"]["redisConnected"], true);
}

#[tokio::test]
async fn prices_are_listed_set_removed_and_given_to_the_past() {
    let (script, _) = busy().await;
    let own = json!({ "model": SONNET, "from": "all", "input": 1, "output": "0.5", "cacheRead": "0" });

    let set = script.send("PUT", "models/pricing", Some(own)).await.json()["data"].clone();
    let before = script.get("usage-costs").await;
    let repriced = script.post("models/pricing/reprice", json!({ "since": "all" })).await;
    let after = script.get("usage-costs").await;
    let verified = script.get("usage-verify").await;
    let listed = script.get("models/pricing").await;
    let gone = script.send("DELETE", &format!("models/pricing?model={SONNET}"), None).await;
    let again = script.send("DELETE", &format!("models/pricing?model={SONNET}"), None).await;

    assert_eq!((&set["input"], &set["output"]), (&json!("1"), &json!("0.5")));
    assert_eq!(before["totalCosts"]["totalNanodollars"], 4 * 3_151_500);
    assert_eq!((&repriced["records"], &repriced["changed"]), (&json!(5), &json!(4)));
    assert_eq!(after["totalCosts"]["totalNanodollars"], 4 * (1_000_000 + 5_000));
    assert_eq!(verified["clean"], true);
    let listed =
        listed["models"].as_array().unwrap().iter().find(|row| row["model"] == SONNET).unwrap().clone();
    assert_eq!((&listed["input"], &listed["overrides"][0]["output"]), (&json!("1"), &json!("0.5")));
    assert_eq!(gone.status, StatusCode::OK);
    refused(&again, StatusCode::NOT_FOUND, "not_found");
}

#[tokio::test]
async fn what_is_no_stretch_or_price_is_refused() {
    let script = Script::start().await;
    for path in [
        "model-stats?period=weekly",
        "model-stats?period=custom",
        "model-stats?period=custom&startDate=soon&endDate=2026-01-01",
        "usage-trend?days=0",
        "usage-trend?granularity=minute",
        "usage-trend?granularity=hour&startDate=2026-01-01&endDate=2026-01-09",
    ] {
        assert_eq!(script.send("GET", path, None).await.status, StatusCode::BAD_REQUEST, "{path}");
    }
    let free = json!({ "model": "mine", "input": "cheap", "output": 1 });
    let refusal = script.send("PUT", "models/pricing", Some(free)).await;
    refused(&refusal, StatusCode::BAD_REQUEST, "not_a_price");
    let whole = script.send("POST", "models/pricing/reprice", Some(json!({}))).await;
    refused(&whole, StatusCode::BAD_REQUEST, "bad_request");
}
