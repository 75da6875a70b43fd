//! Days when the configured zone is changed.

use std::collections::BTreeMap;

use relay::admin::usage::{explore, verify};
use relay::model::explore::{Exploration, Question, Span, SplitBy};
use relay::store::attempt::Attempt;
use relay::store::retention::{Horizon, forget};

use crate::house::{DAY_MS, House, sum};

async fn days(house: &House) -> Exploration {
    let question = Question { span: Span::All, by: SplitBy::Day, ..Question::default() };
    explore(&house.shared, &house.admin, &question).await.unwrap()
}

/// Requests by day of the zone that the house is in.
fn expected(house: &House, records: &[Attempt]) -> BTreeMap<String, u64> {
    let mut days = BTreeMap::new();
    for record in records.iter().filter(|record| record.is_request()) {
        *days.entry(house.clock.day_name(record.at_ms)).or_default() += 1;
    }
    days
}

fn by_day(found: &Exploration) -> BTreeMap<String, u64> {
    let days = found.parts.iter().filter(|part| part.totals.requests > 0);
    days.map(|part| (part.id.clone(), part.totals.requests)).collect()
}

async fn assert_clean(house: &House) {
    let found = verify(&house.shared, &house.admin).await.unwrap();
    assert!(found.is_clean(), "{:?}", found.differences);
}

#[tokio::test]
async fn days_are_summed_anew_in_another_zone_and_back() {
    let mut house = House::new().await;
    let records = house.history(400, 6);
    house.enter(&records);
    assert_eq!(by_day(&days(&house).await), expected(&house, &records));

    for zone in ["Asia/Kolkata", "America/Los_Angeles", "UTC", "Australia/Lord_Howe", "Europe/Berlin"] {
        house = house.again_in(zone).await;

        let found = days(&house).await;

        assert_eq!(found.total, sum(&records), "{zone}");
        assert_eq!(by_day(&found), expected(&house, &records), "{zone}");
        assert_clean(&house).await;
    }
}

#[tokio::test]
async fn days_whose_records_are_forgotten_stay_the_days_that_they_were() {
    let mut house = House::new().await;
    let records = house.history(400, 12);
    house.enter(&records);
    days(&house).await;
    let records_ms = house.clock.now_ms() - 7 * DAY_MS - 5 * 3_600_000;
    forget(&house.shared.store, Horizon { records_ms, ..Horizon::default() }).await.unwrap();

    for zone in ["Asia/Kolkata", "America/Los_Angeles", "Europe/Berlin", "Asia/Tokyo"] {
        house = house.again_in(zone).await;

        let found = days(&house).await;

        assert_eq!(found.total, sum(&records), "{zone}");
        // Each change leaves one more day as it was.
        let late =
            |days: BTreeMap<String, u64>| days.into_iter().skip_while(|(day, _)| day.as_str() < "2026-11-23");
        assert!(late(by_day(&found)).eq(late(expected(&house, &records))), "{zone}");
        assert_clean(&house).await;
    }
}
