//! The operator's own prices, and the past priced anew.

use relay::admin::price::{list, reprice, set, unset};
use relay::admin::usage::{explore, verify};
use relay::model::explore::{Question, Span};
use relay::model::figure::Totals;
use relay::model::price::{NewOverride, PriceRow};
use relay::store::meta;

use crate::house::{DAY_MS, House, sum};

fn own(model: &str, from_ms: Option<i64>, input: &str, output: &str) -> NewOverride {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    NewOverride {
        model: model.to_owned(),
        from_ms,
        input: given(input),
        output: given(output),
        ..NewOverride::default()
    }
}

async fn row(house: &House, model: &str) -> Option<PriceRow> {
    let list = list(&house.shared, &house.admin).await.unwrap();
    list.rows.into_iter().find(|row| row.model == model)
}

async fn total(house: &House) -> Totals {
    let question = Question { span: Span::All, ..Question::default() };
    explore(&house.shared, &house.admin, &question).await.unwrap().total
}

#[tokio::test]
async fn a_price_is_listed_and_survives_a_restart() {
    let house = House::new().await;
    let now_ms = house.clock.now_ms();

    let before = list(&house.shared, &house.admin).await.unwrap();
    set(&house.shared, &house.admin, own("claude-opus-5-20260101", None, "1.5", "")).await.unwrap();
    set(&house.shared, &house.admin, own("house-model", Some(0), "0.1", "0.2")).await.unwrap();
    let house = house.again().await;

    let opus = row(&house, "claude-opus-5").await.unwrap();
    assert_eq!((opus.now.input, opus.now.output), (Some(1_500_000_000), Some(25_000_000_000)));
    assert_eq!(opus.overrides.len(), 1);
    assert_eq!(opus.overrides[0].from_ms, now_ms);
    assert_eq!(row(&house, "house-model").await.unwrap().now.output, Some(200_000_000));
    let after = list(&house.shared, &house.admin).await.unwrap();
    assert_eq!(after.rows.len(), before.rows.len() + 1);
    assert_ne!(after.version, before.version);
    assert!(after.rows.is_sorted_by_key(|row| row.model.clone()));

    unset(&house.shared, &house.admin, "claude-opus-5", Some(now_ms)).await.unwrap();
    unset(&house.shared, &house.admin, "house-model", None).await.unwrap();
    assert_eq!(list(&house.shared, &house.admin).await.unwrap().version, before.version);
    assert!(unset(&house.shared, &house.admin, "house-model", None).await.is_err());
}

#[tokio::test]
async fn what_is_no_price_is_refused_with_the_field() {
    let house = House::new().await;
    for (given, field) in [
        (own("", None, "1", "1"), "model"),
        (own("a\u{7}b", None, "1", "1"), "model"),
        (own("claude-opus-5", None, "-1", ""), "input"),
        (own("claude-opus-5", None, "1", "two"), "output"),
        (own("claude-opus-5", None, "0.0000000001", ""), "input"),
        (own("house-model", None, "1", ""), "output"),
        (own("house-model", None, "", "1"), "input"),
    ] {
        let refused = set(&house.shared, &house.admin, given.clone()).await.unwrap_err();
        assert_eq!(refused.for_person().field, field, "{given:?}");
    }
}

#[tokio::test]
async fn the_past_keeps_its_prices_until_it_is_priced_anew() {
    let mut house = House::new().await;
    let mut records = house.history(400, 20);
    house.enter(&records);
    let before = total(&house).await;
    let since_ms = house.clock.now_ms() - 10 * DAY_MS;

    set(&house.shared, &house.admin, own("claude-opus-5", Some(0), "50", "250")).await.unwrap();
    set(&house.shared, &house.admin, own("unheard-of", Some(0), "1", "2")).await.unwrap();
    let untouched = total(&house).await;
    let done = reprice(&house.shared, &house.admin, since_ms, i64::MAX).await.unwrap();

    let recent = |at_ms| at_ms >= since_ms;
    for record in records.iter_mut().filter(|record| recent(record.at_ms)) {
        house.price(record);
    }
    let charged = records.iter().filter(|record| recent(record.at_ms) && record.is_charged());
    assert_eq!(untouched, before);
    assert_eq!(total(&house).await, sum(&records));
    assert_eq!(done.records, charged.count() as u64);
    assert_eq!(done.after.0 - done.before.0, sum(&records).cost.0 - before.cost.0);
    assert!(done.changed > 0 && done.changed < done.records, "{done:?}");
    assert!(sum(&records).unpriced < before.unpriced);
    assert_eq!(verify(&house.shared, &house.admin).await.unwrap().differences, []);

    let again = reprice(&house.shared, &house.admin, since_ms, i64::MAX).await.unwrap();
    assert_eq!((again.changed, again.before), (0, done.after));
    assert!(reprice(&house.shared, &house.admin, 2, 2).await.is_err());
}

#[tokio::test]
async fn pricing_that_a_death_interrupted_is_finished_at_the_next_start() {
    let mut house = House::new().await;
    let mut records = house.history(200, 5);
    house.enter(&records);
    set(&house.shared, &house.admin, own("claude-opus-5", Some(0), "50", "250")).await.unwrap();
    for record in &mut records {
        house.price(record);
    }
    let since_ms = house.clock.now_ms() - 30 * DAY_MS;
    meta::set(&house.shared.store, "reprice", format!("{since_ms} {}", i64::MAX)).await.unwrap();

    let house = house.again().await;

    while meta::get(&house.shared.store, "reprice").await.unwrap().is_some() {
        tokio::task::yield_now().await;
    }
    assert_eq!(total(&house).await, sum(&records));
    assert_eq!(verify(&house.shared, &house.admin).await.unwrap().differences, []);
}
