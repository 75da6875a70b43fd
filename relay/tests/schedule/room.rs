//! The room in an account's windows, and the model families that they are for.

use std::collections::VecDeque;

use proptest::prelude::*;
use relay::model::window::{WindowName, WindowReading, WindowStatus};
use relay::schedule::family;
use relay::schedule::room::Room;
use rstest::rstest;

const NOW_MS: i64 = 1_795_528_800_000;
const HOUR_MS: i64 = 3_600_000;

fn reading(window: &str, used: u32) -> WindowReading {
    WindowReading {
        window: WindowName::from_name(window),
        used: Some(used),
        resets_ms: Some(NOW_MS + HOUR_MS),
        status: Some(WindowStatus::Allowed),
    }
}

#[rstest]
#[case("claude-opus-4-5", "opus")]
#[case("claude-opus-5-5", "opus")]
#[case("claude-3-5-haiku-20241022", "haiku")]
#[case("claude-sonnet-4-5-20250929", "sonnet")]
#[case("claude-sonnet-4-5[1m]", "sonnet")]
#[case("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "sonnet")]
#[case("claude-opus-4-1@20250805", "opus")]
#[case("claude-2.1", "claude-2.1")]
#[case("glm-4.6", "glm-4.6")]
fn a_claude_model_has_a_family(#[case] model: &str, #[case] expected: &str) {
    assert_eq!(family::claude(model), expected);
}

#[test]
fn each_gemini_model_is_a_family() {
    assert_eq!(family::gemini("models/gemini-2.5-pro"), "gemini-2.5-pro");
    assert_eq!(family::gemini("gemini-2.5-flash"), "gemini-2.5-flash");
}

#[test]
fn the_fullest_window_that_a_call_counts_in_decides() {
    let room = Room::default();
    assert_eq!(room.spent("opus", NOW_MS), None);

    room.read(&[reading("5h", 4_200), reading("7d", 1_500), reading("7d_opus", 9_000)], 0, NOW_MS);

    assert_eq!(room.spent("opus", NOW_MS), Some(9_000));
    assert_eq!(room.spent("sonnet", NOW_MS), Some(4_200));
}

#[test]
fn a_window_is_empty_once_it_has_ended() {
    let room = Room::default();
    room.read(&[reading("5h", 9_900)], 0, NOW_MS);

    assert_eq!(room.spent("opus", NOW_MS + HOUR_MS - 1), Some(9_900));
    assert_eq!(room.spent("opus", NOW_MS + HOUR_MS), Some(0));
    assert_eq!(room.readings(NOW_MS + HOUR_MS)[0].used, Some(0));
    assert_eq!(room.readings(NOW_MS + HOUR_MS)[0].resets_ms, None);
}

#[test]
fn a_window_that_refuses_is_full_though_no_figure_came() {
    let room = Room::default();

    room.read(
        &[WindowReading { used: None, status: Some(WindowStatus::Rejected), ..reading("5h", 0) }],
        0,
        NOW_MS,
    );

    assert_eq!(room.spent("opus", NOW_MS), Some(10_000));
}

#[test]
fn calls_since_the_last_reading_count_with_what_calls_were_seen_to_spend() {
    let room = Room::default();
    room.read(&[reading("5h", 0)], 0, NOW_MS);
    for told in 1..=40 {
        room.begin("opus", NOW_MS);
        room.read(&[reading("5h", told * 25)], 0, NOW_MS);
    }

    for _ in 0..40 {
        room.begin("opus", NOW_MS);
    }

    let spent = room.spent("opus", NOW_MS).unwrap();
    assert!((1_750..=2_050).contains(&spent), "{spent}");
}

#[test]
fn a_reading_that_comes_late_is_passed_over_and_a_window_set_back_is_believed() {
    let room = Room::default();
    room.read(&[reading("5h", 5_000)], 0, NOW_MS);

    room.read(&[reading("5h", 4_900)], 0, NOW_MS);
    assert_eq!(room.spent("opus", NOW_MS), Some(5_000));
    room.read(&[reading("5h", 0)], 0, NOW_MS);

    assert_eq!(room.spent("opus", NOW_MS), Some(0));
}

/// Accounts with a provider that counts each call when it ends, and tells in rounded figures.
struct World {
    rooms: Vec<Room>,
    spent: Vec<f64>,
    in_flight: VecDeque<(usize, f64)>,
}

impl World {
    fn new(accounts: usize) -> Self {
        Self {
            rooms: (0..accounts).map(|_| Room::default()).collect(),
            spent: vec![0.0; accounts],
            in_flight: VecDeque::new(),
        }
    }

    fn begin(&mut self, cost: f64) {
        let rooms = 0..self.rooms.len();
        let of = |account: &usize| {
            let in_flight = self.in_flight.iter().filter(|(on, _)| on == account).count();
            (self.rooms[*account].spent("opus", NOW_MS).unwrap_or(0), in_flight)
        };
        let account = rooms.min_by_key(of).unwrap();
        self.rooms[account].begin("opus", NOW_MS);
        self.in_flight.push_back((account, cost));
    }

    fn end(&mut self, coarse: f64) {
        let Some((account, cost)) = self.in_flight.pop_front() else { return };
        self.spent[account] += cost;
        let in_flight = self.in_flight.iter().filter(|(on, _)| *on == account).count();
        let told = (self.spent[account] / coarse).floor() * coarse;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let told = told as u32;
        self.rooms[account].read(&[reading("5h", told)], u32::try_from(in_flight).unwrap(), NOW_MS);
    }

    fn spread(&self) -> f64 {
        let by = |a: &f64, b: &f64| a.total_cmp(b);
        let (most, least) =
            (self.spent.iter().copied().max_by(by).unwrap(), self.spent.iter().copied().min_by(by).unwrap());
        most - least
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn accounts_fill_alike_under_calls_that_run_at_once(
        at_once in 1_usize..200,
        costs in prop::collection::vec(0.5_f64..15.0, 50),
        coarse in prop::sample::select(vec![1.0, 10.0, 100.0]),
    ) {
        let mut world = World::new(10);

        for n in 0..10_000 {
            if world.in_flight.len() >= at_once {
                world.end(coarse);
            }
            world.begin(costs[n % costs.len()]);
        }
        while !world.in_flight.is_empty() {
            world.end(coarse);
        }

        prop_assert!(world.spread() <= 500.0, "{:?}", world.spent);
    }
}
