//! Days and months in the configured time zone.

use std::sync::Arc;

use relay::clock::Clock;
use relay::gate::limit::live::Before;
use relay::gate::limit::{Amount, Ask, Live};

use super::limits;

const HOUR_MS: i64 = 3_600_000;

/// Used today, then how long the day lasts from now on.
fn day(live: &Live) -> (u64, i64) {
    let usage = live.usage().limits.remove(0);
    (usage.used, usage.resets_ms.unwrap())
}

/// A key that may be used so often, at an instant in Berlin.
fn berlin(instant: &str, text: &str) -> (Clock, Arc<Live>) {
    let clock = Clock::fake_in("Europe/Berlin", Clock::instant_ms(instant).unwrap()).unwrap();
    let live = Live::new(clock.clone(), &limits(text), Before::default());
    (clock, Arc::new(live))
}

fn ask(live: &Arc<Live>) -> bool {
    let amount = Amount { requests: 1, tokens: 0, cost: 0 };
    match live.admit(Ask { model: "claude-sonnet-4-5", amount }, None) {
        Ok(pass) => {
            let model = "claude-sonnet-4-5".to_owned();
            let past = relay::gate::limit::Past {
                call: uuid::Uuid::now_v7(),
                n: 1,
                at_ms: pass.at_ms,
                model,
                amount,
            };
            live.settle(past, Some(pass.hold), None);
            true
        }
        Err(_) => false,
    }
}

#[test]
fn the_day_on_which_summer_time_ends_has_25_hours() {
    let (clock, live) = berlin("2026-10-24T22:00:00Z", "requests 1/day");

    assert!(ask(&live));
    assert_eq!(day(&live), (1, clock.now_ms() + 25 * HOUR_MS));
    clock.advance(25 * HOUR_MS - 1);
    assert!(!ask(&live));
    clock.advance(1);
    assert!(ask(&live));
    assert_eq!(day(&live), (1, clock.now_ms() + 24 * HOUR_MS));
}

#[test]
fn the_day_on_which_summer_time_begins_has_23_hours() {
    let (clock, live) = berlin("2026-03-28T23:00:00Z", "requests 1/day");

    assert!(ask(&live));
    clock.advance(23 * HOUR_MS - 1);
    assert!(!ask(&live));
    clock.advance(1);
    assert!(ask(&live));
}

#[test]
fn a_month_ends_with_its_last_day_where_the_operator_is() {
    // In Berlin it is the first of March already.
    let (clock, live) = berlin("2027-02-28T22:59:59Z", "requests 1/month");

    assert!(ask(&live));
    assert!(!ask(&live));
    clock.advance(1_000);
    assert!(ask(&live));
    assert_eq!(day(&live).1, Clock::instant_ms("2027-03-31T22:00:00Z").unwrap());
}

#[test]
fn a_clock_set_back_opens_no_day_for_the_second_time() {
    let (clock, live) = berlin("2026-11-24T23:30:00Z", "requests 1/day");

    assert!(ask(&live));
    clock.advance(-HOUR_MS);
    assert!(!ask(&live));
    clock.advance(HOUR_MS);
    assert!(!ask(&live));
    clock.advance(24 * HOUR_MS);
    assert!(ask(&live));
}

#[test]
fn a_clock_set_back_by_days_goes_on_with_what_is_used() {
    let (clock, live) = berlin("2026-11-24T12:00:00Z", "requests 2/day");

    assert!(ask(&live));
    clock.advance(-72 * HOUR_MS);
    assert_eq!(day(&live), (1, Clock::instant_ms("2026-11-21T23:00:00Z").unwrap()));
    assert!(ask(&live));
    assert!(!ask(&live));
    clock.advance(24 * HOUR_MS);
    assert!(ask(&live));
}
