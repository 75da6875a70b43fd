//! Usage and requests as files.

use axum::body::Body;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use relay::admin::key;
use relay::model::id::KeyId;
use relay::model::key::NewKey;
use relay::model::outcome::Outcome;
use relay::model::usage::{Tokens, Usage};
use relay::store::attempt::{Attempt, Charge, Endpoint};
use serde_json::Value;
use tower::ServiceExt;
use uuid::Uuid;

use crate::house::{House, Reply, START_MS, bearer};

const CALLS: u32 = 1_203;

struct Office {
    house: House,
    token: String,
    key: KeyId,
}

fn answer(key: &KeyId, at: u32) -> Attempt {
    let is_refused = at.is_multiple_of(10);
    let minutes_ago = CALLS.checked_sub(at).unwrap_or(at);
    Attempt {
        call: Uuid::from_u128(at.into()),
        n: 1,
        last: true,
        accepted: !is_refused,
        at_ms: START_MS - i64::from(minutes_ago) * 60_000,
        key: key.clone(),
        account: None,
        endpoint: Endpoint::Messages,
        asked: "=cmd|'/c calc'!A1".to_owned(),
        model: (!is_refused).then(|| "claude-haiku-4-5".to_owned()),
        stream: false,
        sandbox: false,
        status: if is_refused { 404 } else { 200 },
        outcome: if is_refused { Outcome::Rejected } else { Outcome::Ok },
        cause: is_refused.then(|| "no such model, \"sorry\"".to_owned()),
        usage: Usage { tokens: Tokens { input: at.into(), ..Tokens::default() }, ..Usage::default() },
        cost: None,
        price: None,
        surplus: Charge::default(),
        first_byte_ms: None,
        total_ms: at,
        decision: None,
    }
}

impl Office {
    async fn open() -> Self {
        let house = House::inhabited().await;
        let token = house.token().await;
        let key = key::create(&house.shared, &house.operator(), NewKey::new("laptop")).await.unwrap().id;
        for at in 1..=CALLS {
            house.shared.ledger.journal.append_settled(&answer(&key, at)).unwrap();
        }
        Self { house, token, key }
    }

    fn request(&self, path: &str) -> Request<Body> {
        bearer("GET", &format!("/web/download/{path}"), &self.token, None)
    }

    async fn get(&self, path: &str) -> Reply {
        self.house.send(self.request(path)).await
    }

    async fn rows(&self, path: &str) -> Vec<Value> {
        let reply = self.get(path).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
        reply.json().as_array().unwrap().clone()
    }
}

#[tokio::test]
async fn every_call_is_in_the_file_once_and_in_order() {
    let office = Office::open().await;

    let rows = office.rows("requests.json").await;
    let oldest = office.rows("requests.json?sort=oldest").await;
    let csv = office.get("requests.csv").await;

    assert_eq!(rows.len(), CALLS as usize);
    let durations: Vec<_> = rows.iter().map(|row| row["total_ms"].as_u64().unwrap()).collect();
    assert!(durations.is_sorted_by(|one, other| one > other), "newest first");
    assert!(rows.iter().eq(oldest.iter().rev()));
    assert_eq!(csv.text.split_terminator("\r\n").count(), CALLS as usize + 1);
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    let named = "attachment; filename=\"switchyard-requests-2027-01-15.csv\"";
    assert_eq!(csv.header("content-disposition"), named);
}

#[tokio::test]
async fn a_file_is_narrowed_as_the_list_is() {
    let office = Office::open().await;

    let failed = office.rows("requests.json?outcome=rejected&status=404").await;
    let late = office.rows("requests.json?since=10h&key=").await;
    let none = office.rows(&format!("requests.json?key={}x", office.key)).await;
    let found = office.rows("requests.json?text=SORRY&sort=tokens").await;

    assert_eq!((failed.len(), late.len(), none.len(), found.len()), (120, 601, 0, 120));
    for path in [
        "requests.csv?outcome=odd",
        "requests.csv?since=soon",
        "usage.csv?by=colour",
        "requests.csv?status=x",
    ] {
        assert_eq!(office.get(path).await.status, StatusCode::BAD_REQUEST, "{path}");
    }
}

#[tokio::test]
async fn what_a_client_made_up_is_no_formula() {
    let office = Office::open().await;

    let csv = office.get("requests.csv?outcome=rejected").await;

    let line = csv.text.split("\r\n").nth(1).unwrap();
    assert!(line.contains(",'=cmd|'/c calc'!A1,"), "{line}");
    assert!(line.contains(",\"no such model, \"\"sorry\"\"\","), "{line}");
}

#[tokio::test]
async fn a_file_of_usage_adds_up_to_its_total() {
    let office = Office::open().await;

    let usage = office.get("usage.json?since=30d&by=hour").await.json();
    let csv = office.get("usage.csv?since=30d&by=hour").await;

    let inputs = csv.text.split_terminator("\r\n").skip(1).map(|line| line.split(',').nth(4).unwrap());
    let input: u64 = inputs.map(|input| input.parse::<u64>().unwrap()).sum();
    assert_eq!(usage["total"]["input"], input);
    assert_eq!(input, (1..=u64::from(CALLS)).sum::<u64>());
}

#[tokio::test]
async fn a_file_breaks_off_when_the_session_ends() {
    let office = Office::open().await;
    let many = 20_u32 * 500;
    for at in CALLS + 1..=many {
        office.house.shared.ledger.journal.append_settled(&answer(&office.key, at)).unwrap();
    }
    let response =
        office.house.router.clone().oneshot(office.request("requests.csv?sort=oldest")).await.unwrap();
    let mut body = response.into_body();
    body.frame().await.unwrap().unwrap();

    office.house.send(bearer("POST", "/web/auth/logout", &office.token, None)).await;

    let mut end = None;
    while let Some(frame) = body.frame().await {
        end = frame.err();
    }
    assert!(end.is_some(), "it must not look whole");
}

#[tokio::test]
async fn strangers_get_nothing() {
    let house = House::inhabited().await;
    for file in ["requests.csv", "requests.json", "usage.csv", "usage.json"] {
        let reply = house.send(bearer("GET", &format!("/web/download/{file}"), "nobody", None)).await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{file}");
    }
}
