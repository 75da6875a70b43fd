//! Days and hours of the configured zone.

use relay::clock::Clock;
use relay::model::figure::GroupBy;
use relay::store::attempt::Attempt;
use relay::store::figure::{self, Filter};

use crate::support::{Books, attempt, sum};

const HOUR_MS: i64 = 3_600_000;

/// How many requests each bucket of a size holds that come of one in the middle of every hour, by the bucket's start.
async fn buckets(zone: &str, size: &'static str, from: &str, hours: i64) -> Vec<(String, u64)> {
    let mut books = Books::in_zone(Clock::system(Some(zone)).unwrap()).await;
    let from_ms = from.parse::<jiff::Timestamp>().unwrap().as_millisecond();
    let calls = (0..hours).map(|hour| Attempt {
        at_ms: from_ms + hour * HOUR_MS + HOUR_MS / 2 + 1,
        ..attempt(u128::try_from(hour).unwrap())
    });
    let calls: Vec<_> = calls.collect();
    calls.iter().for_each(|call| books.enter(call));
    books.catch_up().await;
    assert_eq!(books.totals(size).await, sum(&calls));
    let parts = figure::by_time(&books.store, Filter::since(size, 0), GroupBy::Key).await.unwrap();
    let zone = jiff::tz::TimeZone::get(zone).unwrap();
    let local = |at_ms| jiff::Timestamp::from_millisecond(at_ms).unwrap().to_zoned_datetime(zone.clone());
    parts
        .into_iter()
        .map(|part| (local(part.at_ms).strftime("%F %R %:z").to_string(), part.totals.requests))
        .collect()
}

fn days(expected: &[(&str, u64)]) -> Vec<(String, u64)> {
    expected.iter().map(|(start, requests)| ((*start).to_owned(), *requests)).collect()
}

#[tokio::test]
async fn the_day_on_which_summer_time_begins_has_23_hours() {
    let found = buckets("Europe/Berlin", "d", "2026-03-28T00:00:00Z", 48).await;

    assert_eq!(
        found,
        days(&[
            ("2026-03-28 00:00 +01:00", 23),
            ("2026-03-29 00:00 +01:00", 23),
            ("2026-03-30 00:00 +02:00", 2)
        ])
    );
}

#[tokio::test]
async fn the_day_on_which_summer_time_ends_has_25_hours_each_its_own() {
    let from = "2026-10-24T22:00:00Z";

    let found = buckets("Europe/Berlin", "d", from, 25).await;
    let hours = buckets("Europe/Berlin", "h", from, 25).await;

    assert_eq!(found, days(&[("2026-10-25 00:00 +02:00", 25)]));
    assert_eq!(hours.len(), 25);
    assert_eq!(hours[2..4], days(&[("2026-10-25 02:00 +02:00", 1), ("2026-10-25 02:00 +01:00", 1)]));
}

#[tokio::test]
async fn a_zone_half_an_hour_off_has_whole_days_of_whole_hours() {
    let found = buckets("Asia/Kolkata", "d", "2026-11-23T18:30:00Z", 25).await;
    let hours = buckets("Asia/Kolkata", "h", "2026-11-23T18:30:00Z", 25).await;

    assert_eq!(found, days(&[("2026-11-24 00:00 +05:30", 24), ("2026-11-25 00:00 +05:30", 1)]));
    assert_eq!(hours.len(), 25);
    assert_eq!(hours[1], ("2026-11-24 01:00 +05:30".to_owned(), 1));
}

#[tokio::test]
async fn a_change_of_half_an_hour_loses_nothing() {
    // Lord Howe: 25 hours less half of one.
    let found = buckets("Australia/Lord_Howe", "d", "2026-04-04T13:00:00Z", 25).await;
    let hours = buckets("Australia/Lord_Howe", "h", "2026-04-04T13:00:00Z", 25).await;

    assert_eq!(found, days(&[("2026-04-05 00:00 +11:00", 24), ("2026-04-06 00:00 +10:30", 1)]));
    assert_eq!(hours.iter().map(|(_, requests)| requests).sum::<u64>(), 25);
}

#[tokio::test]
async fn a_day_without_a_midnight_begins_at_one() {
    let found = buckets("Africa/Cairo", "d", "2026-04-22T22:00:00Z", 26).await;

    assert_eq!(found, days(&[("2026-04-23 00:00 +02:00", 24), ("2026-04-24 01:00 +03:00", 2)]));
}
