//! Cooldowns by cause and scope, and the one call that tries.

use std::sync::Arc;

use proptest::prelude::*;
use relay::model::cooldown::CooldownCause;
use relay::schedule::cooldown::{Cooldowns, Fault, Pass, ProbeTimes, Standing};

const NOW_MS: i64 = 1_795_528_800_000;
const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// The middle: no jitter.
const EVEN: u32 = u32::MAX / 2;
const TIMES: ProbeTimes = ProbeTimes { first_ms: 5 * MINUTE_MS, longest_ms: 60 * MINUTE_MS };

fn none() -> Arc<Cooldowns> {
    Arc::new(Cooldowns::new(TIMES))
}

fn limit(until_ms: Option<i64>) -> Fault<'static> {
    Fault { cause: CooldownCause::Limit, family: None, until_ms, words: "limited" }
}

fn out(until_ms: i64) -> Standing {
    Standing::Out { until_ms, cause: CooldownCause::Limit }
}

fn fail(pass: &Pass, fault: &Fault<'_>, now_ms: i64) {
    pass.failed(Some(fault), now_ms, EVEN);
}

/// Limited until then.
fn limited(until_ms: i64) -> Arc<Cooldowns> {
    let cooldowns = none();
    fail(&cooldowns.admit("opus", NOW_MS).unwrap(), &limit(Some(until_ms)), NOW_MS);
    cooldowns
}

#[test]
fn a_limit_lasts_until_the_instant_that_was_named() {
    let until_ms = NOW_MS + 2 * MINUTE_MS;
    let cooldowns = limited(until_ms);

    assert_eq!(cooldowns.standing("opus", until_ms - 1), out(until_ms));
    assert!(cooldowns.admit("haiku", until_ms - 1).is_none());
    assert_eq!(cooldowns.limit(NOW_MS), Some((until_ms, "limited".to_owned())));
    assert_eq!(cooldowns.standing("opus", until_ms), Standing::Open { strikes: 0 });
    assert!(cooldowns.rows(until_ms).is_empty());
}

#[test]
fn a_limit_of_one_family_leaves_the_others_alone() {
    let cooldowns = none();
    let fault = Fault { family: Some("opus"), ..limit(Some(NOW_MS + MINUTE_MS)) };

    fail(&cooldowns.admit("opus", NOW_MS).unwrap(), &fault, NOW_MS);

    assert_eq!(cooldowns.standing("opus", NOW_MS), out(NOW_MS + MINUTE_MS));
    assert_eq!(cooldowns.standing("sonnet", NOW_MS), Standing::Open { strikes: 0 });
    assert_eq!(cooldowns.limit(NOW_MS), None);
    cooldowns.admit("sonnet", NOW_MS).unwrap().answered("sonnet", NOW_MS);
    assert!(cooldowns.admit("opus", NOW_MS).is_none());
}

#[test]
fn a_limit_without_a_named_end_doubles_with_each_failure_in_a_row() {
    let cooldowns = none();
    let mut now_ms = NOW_MS;

    let lengths: Vec<_> = (0..8)
        .map(|_| {
            fail(&cooldowns.admit("opus", now_ms).unwrap(), &limit(None), now_ms);
            let Standing::Out { until_ms, .. } = cooldowns.standing("opus", now_ms) else { panic!() };
            let length_ms = until_ms - now_ms;
            now_ms = until_ms;
            length_ms / 1_000
        })
        .collect();

    let near = |seconds: i64| seconds - 2..=seconds + 2;
    for (length, expected) in lengths.iter().zip([30, 60, 120, 240, 480, 960, 1_800, 1_800]) {
        assert!(near(expected).contains(length), "{lengths:?}");
    }
    fail(&cooldowns.admit("opus", now_ms + DAY_MS).unwrap(), &limit(None), now_ms + DAY_MS);
    assert_eq!(cooldowns.rows(now_ms + DAY_MS)[0].strikes, 1);
}

#[test]
fn calls_that_fail_together_are_one_failure() {
    let cooldowns = none();
    let passes: Vec<_> = (0..500).map(|_| cooldowns.admit("opus", NOW_MS).unwrap()).collect();

    for (n, pass) in (0..).zip(&passes) {
        fail(pass, &limit((n == 400).then_some(NOW_MS + MINUTE_MS)), NOW_MS);
    }

    let rows = cooldowns.rows(NOW_MS);
    assert_eq!((rows.len(), rows[0].strikes, rows[0].until_ms), (1, 1, NOW_MS + MINUTE_MS));
}

#[test]
fn an_answer_to_a_call_from_before_says_nothing_of_the_limit() {
    let cooldowns = none();
    let before = cooldowns.admit("opus", NOW_MS).unwrap();
    fail(&cooldowns.admit("opus", NOW_MS).unwrap(), &limit(Some(NOW_MS + MINUTE_MS)), NOW_MS);

    assert!(!before.answered("opus", NOW_MS));

    assert!(cooldowns.admit("opus", NOW_MS).is_none());
}

#[test]
fn overload_and_trouble_only_put_an_account_behind_the_others() {
    let cooldowns = none();
    let overload = Fault { cause: CooldownCause::Overload, ..limit(None) };
    let trouble = Fault { cause: CooldownCause::Trouble, ..limit(None) };

    fail(&cooldowns.admit("opus", NOW_MS).unwrap(), &overload, NOW_MS);
    fail(&cooldowns.admit("opus", NOW_MS).unwrap(), &trouble, NOW_MS);

    assert_eq!(cooldowns.standing("opus", NOW_MS), Standing::Open { strikes: 1 });
    let rows = cooldowns.rows(NOW_MS);
    assert!(rows.len() == 2 && rows.iter().all(|row| !row.keeps_out && row.probe_ms.is_none()));
    cooldowns.admit("opus", NOW_MS).unwrap().answered("opus", NOW_MS);
    assert_eq!(cooldowns.standing("opus", NOW_MS), Standing::Open { strikes: 0 });
}

#[test]
fn an_overload_whose_end_was_named_keeps_calls_away_until_then() {
    let cooldowns = none();
    let until_ms = NOW_MS + MINUTE_MS;
    let cause = CooldownCause::Overload;
    let overload = Fault { cause, ..limit(Some(until_ms)) };

    fail(&cooldowns.admit("opus", NOW_MS).unwrap(), &overload, NOW_MS);

    assert_eq!(cooldowns.standing("opus", NOW_MS), Standing::Out { until_ms, cause });
}

#[test]
fn a_long_limit_is_opened_after_a_while_for_exactly_one_call() {
    let cooldowns = limited(NOW_MS + 7 * DAY_MS);
    let then_ms = NOW_MS + 6 * MINUTE_MS;

    assert!(cooldowns.admit("opus", NOW_MS + 4 * MINUTE_MS).is_none());
    assert_eq!(cooldowns.standing("opus", then_ms), Standing::HalfOpen);
    let passes: Vec<_> = (0..500).filter_map(|_| cooldowns.admit("opus", then_ms)).collect();

    assert!(matches!(&passes[..], [pass] if pass.is_probe()));
    assert!(cooldowns.rows(then_ms)[0].probing);
    assert!(matches!(cooldowns.standing("opus", then_ms), Standing::Out { .. }));
}

#[test]
fn the_one_that_tries_frees_its_place_whatever_becomes_of_it() {
    let cooldowns = limited(NOW_MS + 7 * DAY_MS);
    let then_ms = NOW_MS + 6 * MINUTE_MS;

    drop(cooldowns.admit("opus", then_ms).unwrap());

    assert!(cooldowns.admit("opus", then_ms).is_some_and(|pass| pass.is_probe()));
}

#[test]
fn an_answer_to_the_one_that_tries_ends_the_limit() {
    let cooldowns = limited(NOW_MS + 7 * DAY_MS);
    let then_ms = NOW_MS + 6 * MINUTE_MS;

    assert!(cooldowns.admit("opus", then_ms).unwrap().answered("opus", then_ms));

    assert_eq!(cooldowns.standing("opus", then_ms), Standing::Open { strikes: 0 });
    assert!(cooldowns.rows(then_ms).is_empty());
}

#[test]
fn a_failure_of_the_one_that_tries_doubles_the_pause_before_the_next_up_to_a_bound() {
    let cooldowns = limited(NOW_MS + 7 * DAY_MS);
    let mut now_ms = NOW_MS;

    let pauses: Vec<_> = (0..6)
        .map(|_| {
            let pause_ms = cooldowns.rows(now_ms)[0].probe_ms.unwrap() - now_ms;
            now_ms += pause_ms;
            assert!(cooldowns.admit("opus", now_ms - 1).is_none());
            fail(&cooldowns.admit("opus", now_ms).unwrap(), &limit(Some(NOW_MS + 7 * DAY_MS)), now_ms);
            (pause_ms + MINUTE_MS / 2) / MINUTE_MS
        })
        .collect();

    assert_eq!(pauses, [5, 10, 20, 40, 60, 60]);
    assert_eq!(cooldowns.rows(now_ms)[0].probes, 6);
}

#[test]
fn one_that_tries_and_fails_for_another_reason_has_tried() {
    let cooldowns = limited(NOW_MS + 7 * DAY_MS);
    let then_ms = NOW_MS + 6 * MINUTE_MS;

    cooldowns.admit("opus", then_ms).unwrap().failed(None, then_ms, EVEN);

    assert!(cooldowns.admit("opus", then_ms + MINUTE_MS).is_none());
}

#[test]
fn an_earlier_end_that_the_one_that_tries_is_told_counts() {
    let cooldowns = limited(NOW_MS + 7 * DAY_MS);
    let then_ms = NOW_MS + 6 * MINUTE_MS;

    fail(&cooldowns.admit("opus", then_ms).unwrap(), &limit(Some(then_ms + MINUTE_MS)), then_ms);

    assert_eq!(cooldowns.standing("opus", then_ms), out(then_ms + MINUTE_MS));
}

#[test]
fn what_was_kept_is_in_force_again() {
    let before = limited(NOW_MS + 7 * DAY_MS);
    let rows = before.rows(NOW_MS);
    let after = none();

    after.restore(&rows);

    assert_eq!(after.rows(NOW_MS), rows);
    assert!(after.admit("opus", NOW_MS).is_none());
    let pass = after.admit("opus", NOW_MS + 6 * MINUTE_MS).unwrap();
    assert!(pass.is_probe() && pass.answered("opus", NOW_MS + 6 * MINUTE_MS));
}

#[test]
fn the_list_is_bounded_however_many_models_fail_and_the_longest_stay() {
    let cooldowns = none();
    let own = cooldowns.admit("opus", NOW_MS).unwrap();
    let passes: Vec<_> = (0..1_000).map(|n| (n, cooldowns.admit("opus", NOW_MS).unwrap())).collect();
    fail(&own, &limit(Some(NOW_MS + 7 * DAY_MS)), NOW_MS);

    for (n, pass) in &passes {
        let name = format!("model {n}");
        fail(pass, &Fault { family: Some(&name), ..limit(Some(NOW_MS + MINUTE_MS + n)) }, NOW_MS);
    }

    assert!(cooldowns.rows(NOW_MS).len() <= 64);
    assert_eq!(cooldowns.limit(NOW_MS), Some((NOW_MS + 7 * DAY_MS, "limited".to_owned())));
}

#[test]
fn clearing_ends_everything_at_once() {
    let cooldowns = limited(NOW_MS + 7 * DAY_MS);

    assert!(cooldowns.clear());

    assert!(cooldowns.admit("opus", NOW_MS).is_some_and(|pass| !pass.is_probe()));
    assert!(!cooldowns.clear());
}

proptest! {
    /// Whatever is thrown at an account, it comes back: no state is for ever, and never do two calls try at once.
    #[test]
    fn no_history_keeps_an_account_out_for_longer_than_was_named(
        steps in prop::collection::vec((0_u8..6, 0_i64..20 * MINUTE_MS, any::<u32>()), 1..60),
    ) {
        let cooldowns = none();
        let mut now_ms = NOW_MS;
        let mut held: Vec<Pass> = Vec::new();
        let mut named_ms = NOW_MS;
        for (what, by_ms, chance) in steps {
            now_ms += by_ms;
            match what {
                0 => held.extend(cooldowns.admit("opus", now_ms)),
                1 => drop(held.pop()),
                2 => drop(held.pop().map(|pass| pass.answered("opus", now_ms))),
                3 => drop(held.pop().map(|pass| pass.failed(Some(&limit(None)), now_ms, chance))),
                _ => drop(held.pop().map(|pass| {
                    named_ms = named_ms.max(now_ms + by_ms);
                    pass.failed(Some(&limit(Some(now_ms + by_ms))), now_ms, chance);
                })),
            }
            let trying = cooldowns.rows(now_ms).iter().filter(|row| row.probing).count();
            prop_assert!(trying <= 1);
        }
        drop(held);
        let end_ms = named_ms.max(now_ms + 35 * MINUTE_MS);
        prop_assert_eq!(cooldowns.standing("opus", end_ms), Standing::Open { strikes: 0 });
    }
}
