//! Lists of calls.

use std::collections::HashSet;

use relay::admin::request::list;
use relay::model::outcome::Outcome;
use relay::model::request::{RequestFilter, RequestPage, RequestQuery, RequestRow, RequestSort};
use relay::store::attempt::Attempt;

use crate::house::{DAY_MS, House};

async fn page(house: &House, query: &RequestQuery) -> RequestPage {
    list(&house.shared, &house.admin, query).await.unwrap()
}

/// Every row, page by page.
async fn walk(house: &House, filter: &RequestFilter, sort: RequestSort) -> Vec<RequestRow> {
    let mut query = RequestQuery { filter: filter.clone(), sort, after: None, limit: 37 };
    let mut rows = Vec::new();
    loop {
        let page = page(house, &query).await;
        rows.extend(page.rows);
        query.after = match page.next {
            None => return rows,
            next => next,
        };
    }
}

fn listed(records: &[Attempt]) -> impl Iterator<Item = &Attempt> {
    records.iter().filter(|record| record.last && record.endpoint.is_metered())
}

/// What a row is ordered by; the sign makes the largest come first.
fn rank(record: &Attempt, sort: RequestSort) -> (i64, i128, i16) {
    let call = i128::try_from(record.call.as_u128()).unwrap();
    let value = match sort {
        RequestSort::Newest | RequestSort::Oldest => record.at_ms,
        RequestSort::Cost => record.cost.map_or(-1, |cost| cost.0),
        RequestSort::Tokens => record.usage.tokens.all().try_into().unwrap(),
        RequestSort::Duration => record.total_ms.into(),
    };
    let sign = if sort == RequestSort::Oldest { 1 } else { -1 };
    (i64::from(sign) * value, i128::from(sign) * call, sign * i16::from(record.n))
}

fn expected(records: &[Attempt], sort: RequestSort, fits: impl Fn(&Attempt) -> bool) -> Vec<String> {
    let mut records: Vec<_> = listed(records).filter(|record| fits(record)).collect();
    records.sort_by_key(|record| rank(record, sort));
    records.into_iter().map(|record| record.call.to_string()).collect()
}

async fn check(house: &House, records: &[Attempt], filter: RequestFilter, fits: impl Fn(&Attempt) -> bool) {
    for sort in RequestSort::ALL {
        let found = walk(house, &filter, sort).await;
        let found: Vec<_> = found.iter().map(|row| row.id.as_str().to_owned()).collect();
        assert_eq!(found, expected(records, sort, &fits), "{filter:?} {sort:?}");
    }
}

#[tokio::test]
async fn pages_give_every_call_once_in_every_order() {
    let mut house = House::new().await;
    let records = house.history(600, 30);
    house.enter(&records);

    check(&house, &records, RequestFilter::default(), |_| true).await;
}

#[tokio::test]
async fn every_filter_gives_the_calls_that_fit_and_no_other() {
    let mut house = House::new().await;
    let records = house.history(600, 30);
    house.enter(&records);
    let (key, account) = (house.keys[2].clone(), house.accounts[1].clone());
    let now_ms = house.clock.now_ms();
    let (from_ms, to_ms) = (now_ms - 20 * DAY_MS, now_ms - 9 * DAY_MS);
    let none = RequestFilter::default;

    let of_key = RequestFilter { key: Some(key.clone()), ..none() };
    check(&house, &records, of_key.clone(), |record| record.key == key).await;
    let of_model = RequestFilter { model: Some("claude-opus-5".to_owned()), ..none() };
    check(&house, &records, of_model, |record| record.shown_model() == "claude-opus-5").await;
    let of_account = RequestFilter { account: Some(account.clone()), ..none() };
    check(&house, &records, of_account, |record| record.account.as_ref() == Some(&account)).await;
    for outcome in [Outcome::Ok, Outcome::UpstreamError, Outcome::Abandoned] {
        let of_outcome = RequestFilter { outcome: Some(outcome), ..none() };
        check(&house, &records, of_outcome, |record| record.outcome == outcome).await;
    }
    for status in [200, 403, 529] {
        let of_status = RequestFilter { status: Some(status), ..none() };
        check(&house, &records, of_status, |record| record.status == status).await;
    }
    let between = RequestFilter { from_ms: Some(from_ms), to_ms: Some(to_ms), ..none() };
    check(&house, &records, between.clone(), |record| (from_ms..to_ms).contains(&record.at_ms)).await;
    let all = RequestFilter { outcome: Some(Outcome::Rejected), status: Some(403), ..of_key };
    let all = RequestFilter { from_ms: Some(from_ms), to_ms: Some(to_ms), ..all };
    check(&house, &records, all, |record| {
        record.key == key && record.status == 403 && (from_ms..to_ms).contains(&record.at_ms)
    })
    .await;
}

#[tokio::test]
async fn a_text_is_found_in_names_and_causes_and_is_no_pattern() {
    let mut house = House::new().await;
    let records = house.history(400, 30);
    house.enter(&records);
    let text = |text: &str| RequestFilter { text: Some(text.to_owned()), ..RequestFilter::default() };
    let (key, account) = (house.keys[1].clone(), house.accounts[0].clone());

    check(&house, &records, text(" DeskTop "), |record| record.key == key).await;
    check(&house, &records, text("TEAM"), |record| record.account.as_ref() == Some(&account)).await;
    check(&house, &records, text("opus"), |record| record.shown_model().contains("opus")).await;
    check(&house, &records, text("of 529"), |record| record.status == 529).await;
    check(&house, &records, text("100%"), |record| record.key == house.keys[2] || record.cause.is_some())
        .await;
    check(&house, &records, text("_"), |_| false).await;
    check(&house, &records, text("   "), |_| true).await;
    let one = listed(&records).nth(100).unwrap();
    check(&house, &records, text(&one.call.to_string()), |record| record.call == one.call).await;
    let narrowed = RequestFilter { key: Some(key.clone()), status: Some(500), ..text("refusal") };
    check(&house, &records, narrowed, |record| record.key == key && record.status == 500).await;
}

#[tokio::test]
async fn calls_that_come_while_somebody_pages_shift_nothing() {
    let mut house = House::new().await;
    let records = house.history(100, 2);
    house.enter(&records);
    let first = page(&house, &RequestQuery { limit: 20, ..RequestQuery::default() }).await;
    let newer = house.answer(house.clock.now_ms());
    house.enter(&[newer]);

    let mut query = RequestQuery { after: first.next, limit: 20, ..RequestQuery::default() };
    let mut ids: Vec<_> = first.rows.into_iter().map(|row| row.id).collect();
    while query.after.is_some() {
        let page = page(&house, &query).await;
        ids.extend(page.rows.into_iter().map(|row| row.id));
        query.after = page.next;
    }

    assert_eq!(ids.len(), listed(&records).count());
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
}

#[tokio::test]
async fn rows_add_up_to_the_sums() {
    let mut house = House::new().await;
    let records = house.history(300, 5);
    house.enter(&records);

    let rows = walk(&house, &RequestFilter::default(), RequestSort::Newest).await;

    let cost: i64 = rows.iter().filter_map(|row| row.cost).map(|cost| cost.0).sum();
    let tokens: u64 = rows.iter().map(|row| row.tokens.all()).sum();
    let sums = crate::house::sum(&records);
    assert_eq!((cost, tokens), (sums.cost.0, sums.tokens.all()));
    assert!(rows.iter().any(|row| row.attempts == 2 && row.key_name == "laptop"));
}

#[tokio::test]
async fn what_is_no_page_is_refused() {
    let house = House::new().await;
    let after = RequestQuery { after: Some("nowhere".to_owned()), ..RequestQuery::default() };
    let limit = RequestQuery { limit: 201, ..RequestQuery::default() };
    let long = RequestFilter { text: Some("x".repeat(201)), ..RequestFilter::default() };
    let text = RequestQuery { filter: long, ..RequestQuery::default() };

    for (query, field) in [(after, "after"), (limit, "limit"), (text, "text")] {
        let refused = list(&house.shared, &house.admin, &query).await.unwrap_err();
        assert_eq!(refused.for_person().field, field);
    }
}
