//! Limits under every order of events: calls let in, settled, tried again, given up, days that end, limits that change.
//! A model that does nothing cleverly says what must come out.

use std::sync::Arc;

use proptest::prelude::*;
use relay::clock::Clock;
use relay::gate::limit::live::{Before, Held, Pass};
use relay::gate::limit::{Amount, Ask, Live, Past};
use relay::model::limit::{KeyLimits, Measure, Per};
use uuid::Uuid;

use super::limits;
use crate::support::NOW_MS;

const MODELS: [&str; 2] = ["claude-opus-4-5", "claude-sonnet-4-5"];
const TEXT: &str = "tokens 1000/day, tokens 1500/10m, tokens 700/day opus, cost 0.000002/month, requests 9/3m, tokens 4k/total";

#[derive(Clone, Debug)]
enum Event {
    /// A call asks, and reserves so much.
    Ask { model: usize, tokens: u64, cost: u64 },
    /// An attempt of the call ends; it used at most what was reserved, in hundredths.
    Settle { call: usize, last: bool, share: u64 },
    /// The call is over, whatever was settled.
    Drop { call: usize },
    /// Time goes on.
    Wait { ms: i64 },
    /// The limits are set anew, as they are.
    Change,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let ask = (0..2_usize, 0..400_u64, 0..900_u64);
    let event = prop_oneof![
        5 => ask.prop_map(|(model, tokens, cost)| Event::Ask { model, tokens, cost }),
        4 => (0..64_usize, any::<bool>(), 0..=100_u64)
            .prop_map(|(call, last, share)| Event::Settle { call, last, share }),
        3 => (0..64_usize).prop_map(|call| Event::Drop { call }),
        2 => (1..400_000_i64).prop_map(|ms| Event::Wait { ms }),
        1 => (1..3_i64).prop_map(|days| Event::Wait { ms: days * 86_400_000 }),
        1 => Just(Event::Change),
    ];
    prop::collection::vec(event, 1..200)
}

struct Call {
    pass: Option<Pass>,
    model: &'static str,
    at_ms: i64,
    reserved: Amount,
    /// What is still reserved, as the model has it.
    held: bool,
    sent: bool,
    n: u8,
    id: Uuid,
}

/// Everything that happened, and nothing else.
#[derive(Default)]
struct Ledger {
    calls: Vec<Call>,
    settled: Vec<Past>,
}

impl Ledger {
    /// Used and reserved under a limit, counted from the beginning.
    fn under(&self, limits: &KeyLimits, at: usize, clock: &Clock) -> (u64, u64) {
        let (limit, now_ms) = (&limits.limits[at], clock.now_ms());
        let counts = |at_ms: i64| match limit.per {
            Per::Minutes(minutes) => at_ms + i64::from(minutes) * 60_000 > now_ms,
            Per::Day => at_ms >= clock.day_start_ms(now_ms, 0),
            Per::Month => at_ms >= clock.month_start_ms(now_ms),
            Per::Total => true,
        };
        if limit.measure == Measure::Requests {
            let calls = self.calls.iter().filter(|call| limit.covers(call.model) && counts(call.at_ms));
            return (calls.filter(|call| call.sent || call.held).count() as u64, 0);
        }
        let settled = self.settled.iter().filter(|past| limit.covers(&past.model) && counts(past.at_ms));
        let used = settled.map(|past| past.amount.of(limit.measure)).sum();
        let is_window = limit.per.minutes().is_some();
        let held = self.calls.iter().filter(|call| call.held && limit.covers(call.model));
        let held = held.filter(|call| is_window || counts(call.at_ms));
        (used, held.map(|call| call.reserved.of(limit.measure)).sum())
    }
}

/// A key's limits, and beside them everything that happened.
struct Play {
    clock: Clock,
    limits: KeyLimits,
    live: Arc<Live>,
    ledger: Ledger,
}

impl Play {
    fn new() -> Self {
        let (clock, limits) = (Clock::fake(NOW_MS), limits(TEXT));
        let live = Arc::new(Live::new(clock.clone(), &limits, Before::default()));
        Self { clock, limits, live, ledger: Ledger::default() }
    }

    fn go_on(&mut self, event: Event) -> Result<(), TestCaseError> {
        match event {
            Event::Ask { model, tokens, cost } => {
                self.ask(MODELS[model], Amount { requests: 1, tokens, cost })?;
            }
            Event::Settle { call, last, share } => self.settle(call, last, share),
            Event::Drop { call } => {
                if let Some(call) = self.ledger.calls.get_mut(call) {
                    drop(call.pass.take());
                    call.held = false;
                }
            }
            Event::Wait { ms } => self.clock.advance(ms),
            Event::Change => Live::set(&self.live, &self.limits, Vec::new()),
        }
        self.check()
    }

    fn ask(&mut self, model: &'static str, reserved: Amount) -> Result<(), TestCaseError> {
        let fits = (0..self.limits.limits.len()).all(|at| {
            let limit = &self.limits.limits[at];
            let (used, held) = self.ledger.under(&self.limits, at, &self.clock);
            !limit.covers(model) || used + held + reserved.of(limit.measure) <= limit.most
        });
        let decided = self.live.admit(Ask { model, amount: reserved }, None);
        prop_assert_eq!(decided.is_ok(), fits);
        if let Err(held) = &decided {
            prop_assert!(matches!(held, Held::Exceeded(_)));
        }
        if let Ok(pass) = decided {
            let (at_ms, id) = (pass.at_ms, Uuid::from_u128(self.ledger.calls.len() as u128));
            let pass = Some(pass);
            self.ledger.calls.push(Call { pass, model, at_ms, reserved, held: true, sent: false, n: 0, id });
        }
        Ok(())
    }

    fn settle(&mut self, call: usize, last: bool, share: u64) {
        let Some(call) = self.ledger.calls.get_mut(call).filter(|call| call.held) else { return };
        let (Some(pass), true) = (&call.pass, call.n < 4) else { return };
        let Amount { tokens, cost, .. } = call.reserved;
        let (tokens, cost) = (tokens * share / 100, cost * share / 100);
        let mut amount = Amount { requests: u64::from(last), tokens, cost };
        // Strict limits let another attempt be made only if there is room for what this one used.
        let charged = Amount { requests: 0, ..amount };
        if !last && !self.live.may_go_on(pass.hold, charged) {
            amount.requests = 1;
        }
        call.n += 1;
        call.sent = true;
        call.held = amount.requests == 0;
        let model = call.model.to_owned();
        let past = Past { call: call.id, n: call.n, at_ms: call.at_ms, model, amount };
        self.live.settle(past.clone(), Some(pass.hold), None);
        self.ledger.settled.push(past);
    }

    fn check(&self) -> Result<(), TestCaseError> {
        let usage = self.live.usage();
        for (at, shown) in usage.limits.iter().enumerate() {
            let (used, reserved) = self.ledger.under(&self.limits, at, &self.clock);
            prop_assert_eq!((shown.used, shown.reserved), (used, reserved), "{:?}", shown.limit);
            prop_assert!(used + reserved <= shown.limit.most, "{:?}", shown);
        }
        let under_way = self.ledger.calls.iter().filter(|call| call.pass.is_some()).count();
        prop_assert_eq!(usage.active as usize, under_way);
        Ok(())
    }
}

fn play(events: Vec<Event>) -> Result<(), TestCaseError> {
    let mut play = Play::new();
    for event in events {
        play.go_on(event)?;
    }
    play.ledger.calls.clear();
    let idle = play.live.usage();
    prop_assert!(idle.active == 0 && idle.limits.iter().all(|limit| limit.reserved == 0), "{:?}", idle);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn used_and_reserved_are_what_happened_and_never_more_than_the_limit(events in events()) {
        play(events)?;
    }
}
