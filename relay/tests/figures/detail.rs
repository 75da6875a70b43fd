//! One call with all its attempts.

use relay::admin::price::{set, unset};
use relay::admin::request::find;
use relay::model::id::CallId;
use relay::model::outcome::Outcome;
use relay::model::price::NewOverride;
use relay::model::request::RequestDetail;
use relay::store::attempt::Attempt;

use crate::house::{House, failed};

async fn detail(house: &House, record: &Attempt) -> RequestDetail {
    find(&house.shared, &house.admin, &CallId::new(record.call.to_string())).await.unwrap()
}

#[tokio::test]
async fn a_call_shows_each_attempt_when_it_ran_and_what_it_cost() {
    let mut house = House::new().await;
    let mut second = Attempt { n: 2, ..house.answer(house.clock.now_ms()) };
    second.account = Some(house.accounts[1].clone());
    let first = Attempt {
        n: 1,
        last: false,
        total_ms: 150,
        account: Some(house.accounts[0].clone()),
        ..failed(&second, 529, Outcome::UpstreamError)
    };
    house.enter(&[first, second.clone()]);

    let found = detail(&house, &second).await;

    assert_eq!((found.attempts.len(), found.cost, found.endpoint.as_str()), (2, second.cost, "messages"));
    let times: Vec<_> = found.attempts.iter().map(|row| (row.begun_ms, row.total_ms)).collect();
    assert_eq!(times, [(0, 150), (150, 2_000)]);
    let names: Vec<_> =
        found.attempts.iter().map(|row| &found.names[row.account.as_ref().unwrap()]).collect();
    assert_eq!(names, ["team", "spare"]);
    assert!(found.attempts[0].breakdown.is_none() && found.attempts[0].cause.is_some());
    let breakdown = found.attempts[1].breakdown.as_ref().unwrap();
    let shares: i64 = breakdown.lines.iter().map(|line| line.amount.0).sum();
    assert_eq!(Some(shares), second.cost.map(|cost| cost.0));
    assert_eq!(breakdown.lines.len(), 5);
}

#[tokio::test]
async fn a_breakdown_is_by_the_prices_that_the_record_was_given() {
    let mut house = House::new().await;
    let own = |input: &str| NewOverride {
        model: "claude-sonnet-4-5".to_owned(),
        from_ms: Some(0),
        input: Some(input.to_owned()),
        ..NewOverride::default()
    };
    let mut records = vec![house.answer(house.clock.now_ms())];
    for input in ["7", "0.000000001"] {
        set(&house.shared, &house.admin, own(input)).await.unwrap();
        records.push(house.answer(house.clock.now_ms()));
    }
    unset(&house.shared, &house.admin, "claude-sonnet-4-5", None).await.unwrap();
    house.enter(&records);
    let house = house.again().await;

    let mut rates = Vec::new();
    for record in &records {
        let found = detail(&house, record).await;
        let breakdown = found.attempts[0].breakdown.clone().unwrap();
        assert_eq!(Some(breakdown.total), record.cost);
        rates.push((breakdown.lines[0].rate, breakdown.is_own));
    }

    assert_eq!(rates, [(3_000_000_000, false), (7_000_000_000, true), (1, true)]);
}

#[tokio::test]
async fn what_never_was_is_not_found() {
    let house = House::new().await;
    for id in ["", "nothing", "00000000-0000-7000-8000-000000000000"] {
        let refused = find(&house.shared, &house.admin, &CallId::new(id)).await.unwrap_err();
        assert_eq!(refused.for_person().problem.to_string(), "does not exist, or was deleted", "{id}");
    }
}
