//! The explorer.

use relay::admin::usage::explore;
use relay::model::explore::{Exploration, Measure, Narrowing, Question, REST, Span, SplitBy, Step};
use relay::model::figure::{Share, Totals};
use relay::model::outcome::Outcome;
use relay::store::attempt::Attempt;

use crate::house::{DAY_MS, HOUR_MS, House, ms, sum};

const SPLITS: [SplitBy; 8] = [
    SplitBy::Model,
    SplitBy::Key,
    SplitBy::Account,
    SplitBy::Owner,
    SplitBy::Tag,
    SplitBy::Outcome,
    SplitBy::Day,
    SplitBy::Hour,
];

fn spans() -> Vec<Span> {
    let days = |from: &str, to: &str| Span::Days { from: from.to_owned(), to: to.to_owned() };
    vec![
        Span::Hours24,
        Span::Today,
        Span::Days7,
        Span::Days30,
        Span::Month,
        Span::All,
        days("2026-11-23", "2026-11-23"),
        days("2026-10-20", "2026-11-10"),
        Span::Instants { from_ms: ms("2026-11-23T08:30:00Z"), to_ms: ms("2026-11-24T09:00:00Z") },
        Span::Instants { from_ms: ms("2026-11-03T08:30:00Z"), to_ms: ms("2026-11-20T09:00:00Z") },
    ]
}

async fn ask(house: &House, span: Span, by: SplitBy, only: Narrowing) -> Exploration {
    let question = Question { span, by, only, ..Question::default() };
    explore(&house.shared, &house.admin, &question).await.unwrap()
}

fn added<'a>(shares: impl IntoIterator<Item = &'a Share>) -> Totals {
    shares.into_iter().fold(Totals::default(), |mut sum, share| {
        sum += share.totals;
        sum
    })
}

fn of<'a>(records: &'a [Attempt], found: &Exploration) -> impl Iterator<Item = &'a Attempt> {
    let span = found.from_ms..found.to_ms;
    records.iter().filter(move |record| span.contains(&record.at_ms))
}

#[tokio::test]
async fn parts_and_slices_add_up_to_the_total_and_that_to_the_records() {
    let mut house = House::new().await;
    let records = house.history(1_500, 40);
    house.enter(&records);

    for span in spans() {
        for by in SPLITS {
            let found = ask(&house, span.clone(), by, Narrowing::default()).await;

            assert_eq!(found.total, sum(of(&records, &found)), "{span:?} {by:?}");
            assert_eq!(added(&found.parts), found.total, "{span:?} {by:?}");
            assert_eq!(
                added(found.slices.iter().flat_map(|slice| &slice.parts)),
                found.total,
                "{span:?} {by:?}"
            );
            let slices: Vec<_> = found.slices.iter().map(|slice| slice.at_ms).collect();
            assert!(slices.is_sorted() && slices.iter().all(|at| (found.from_ms..found.to_ms).contains(at)));
        }
    }
}

#[tokio::test]
async fn every_narrowing_is_the_sum_of_its_records() {
    let mut house = House::new().await;
    let records = house.history(800, 20);
    house.enter(&records);
    let (key, account) = (house.keys[1].clone(), house.accounts[1].clone());
    let all = Narrowing {
        key: Some(key.clone()),
        model: Some("claude-opus-5".to_owned()),
        account: Some(account.clone()),
        outcome: Some(Outcome::Ok),
        ..Narrowing::default()
    };
    let model = |record: &Attempt| record.accepted && record.shown_model() == "claude-opus-5";

    for bits in 0..16_u8 {
        let has = |bit: u8| bits & bit != 0;
        let only = Narrowing {
            key: all.key.clone().filter(|_| has(1)),
            model: all.model.clone().filter(|_| has(2)),
            account: all.account.clone().filter(|_| has(4)),
            outcome: all.outcome.filter(|_| has(8)),
            ..Narrowing::default()
        };
        let fits = |record: &&Attempt| {
            (!has(1) || record.key == key)
                && (!has(2) || model(record))
                && (!has(4) || record.account.as_ref() == Some(&account))
                && (!has(8) || record.outcome == Outcome::Ok)
        };
        for by in [SplitBy::Model, SplitBy::Key, SplitBy::Account, SplitBy::Outcome, SplitBy::Day] {
            let found = ask(&house, Span::Days30, by, only.clone()).await;

            assert_eq!(found.total, sum(of(&records, &found).filter(fits)), "{only:?} {by:?}");
            assert_eq!(added(&found.parts), found.total, "{only:?} {by:?}");
        }
    }
}

#[tokio::test]
async fn parts_are_named_and_largest_first_by_the_measure() {
    let mut house = House::new().await;
    let records = house.history(500, 3);
    house.enter(&records);

    for measure in Measure::ALL {
        let question = Question { by: SplitBy::Key, measure, ..Question::default() };
        let found = explore(&house.shared, &house.admin, &question).await.unwrap();

        let values: Vec<_> = found.parts.iter().map(|part| measure.of(&part.totals)).collect();
        assert!(values.is_sorted_by(|one, other| one >= other), "{measure:?} {values:?}");
        let mut names: Vec<_> = found.parts.iter().map(|part| part.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["Robot 100%", "desktop", "laptop"]);
    }
}

#[tokio::test]
async fn a_chart_shows_nine_parts_and_the_rest() {
    let mut house = House::new().await;
    let records: Vec<_> = (0..14_u32)
        .map(|model| Attempt {
            model: Some(format!("model-{model}")),
            total_ms: model,
            ..house.answer(ms("2026-11-24T10:00:00Z"))
        })
        .collect();
    house.enter(&records);

    let question = Question { measure: Measure::Duration, ..Question::default() };
    let found = explore(&house.shared, &house.admin, &question).await.unwrap();

    assert_eq!(found.parts.len(), 14);
    let drawn: Vec<_> = found.slices[0].parts.iter().map(|part| part.id.as_str()).collect();
    assert_eq!(drawn.first(), Some(&"model-13"));
    assert_eq!((drawn.len(), drawn[9]), (10, REST));
    assert_eq!(added(&found.slices[0].parts), found.total);
}

#[tokio::test]
async fn today_begins_anew_at_the_zones_midnight() {
    let mut house = House::at("2026-11-30T22:59:59Z").await;
    let before = house.answer(ms("2026-11-30T22:59:58.999Z"));
    let after = house.answer(ms("2026-11-30T23:00:00Z"));
    house.enter(&[before, after]);
    let requests =
        async |house: &House, span: Span| ask(house, span, SplitBy::Day, Narrowing::default()).await;

    let late = requests(&house, Span::Today).await;
    house.clock.advance(1_000);
    let early = requests(&house, Span::Today).await;
    let month = requests(&house, Span::Month).await;

    assert_eq!((late.total.requests, late.parts[0].id.as_str()), (1, "2026-11-30"));
    assert_eq!((early.total.requests, early.parts[0].id.as_str()), (1, "2026-12-01"));
    assert_eq!((early.before.requests, month.total.requests, month.before.requests), (1, 1, 1));
}

#[tokio::test]
async fn the_hour_that_comes_twice_is_two_hours() {
    let mut house = House::at("2026-10-25T12:00:00Z").await;
    let twice = [ms("2026-10-25T00:30:00Z"), ms("2026-10-25T01:30:00Z")];
    let records = twice.map(|at_ms| house.answer(at_ms));
    house.enter(&records);

    let found = ask(&house, Span::Today, SplitBy::Hour, Narrowing::default()).await;

    let hours: Vec<_> = found.parts.iter().map(|part| (part.id.as_str(), part.name.as_str())).collect();
    assert_eq!(
        hours,
        [("2026-10-25T00:00:00.000Z", "2026-10-25 02:00"), ("2026-10-25T01:00:00.000Z", "2026-10-25 02:00")]
    );
    assert_eq!((found.to_ms - found.from_ms, found.step), (25 * HOUR_MS, Step::Hour));
}

#[tokio::test]
async fn a_stretch_is_compared_with_the_one_before() {
    let mut house = House::new().await;
    let now_ms = house.clock.now_ms();
    let records: Vec<_> = [0, 1, 1, 7, 8, 8].map(|days| house.answer(now_ms - days * DAY_MS)).to_vec();
    house.enter(&records);

    let week = ask(&house, Span::Days7, SplitBy::Model, Narrowing::default()).await;
    let today = ask(&house, Span::Today, SplitBy::Model, Narrowing::default()).await;

    assert_eq!((week.total.requests, week.before.requests), (3, 3));
    assert_eq!((today.total.requests, today.before.requests), (1, 2));
}

#[tokio::test]
async fn what_is_no_stretch_is_refused_with_the_field() {
    let house = House::new().await;
    for (from, to, field) in
        [("today", "2026-11-01", "from"), ("2026-11-01", "", "to"), ("2026-11-02", "2026-11-01", "to")]
    {
        let span = Span::Days { from: from.to_owned(), to: to.to_owned() };
        let question = Question { span, ..Question::default() };

        let refused = explore(&house.shared, &house.admin, &question).await.unwrap_err();

        assert_eq!(refused.for_person().field, field, "{from} {to}");
    }
}
