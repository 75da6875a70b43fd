//! Whatever happens in whatever order, the sums are the sums over the attempts, and those are what was entered.

use std::collections::BTreeMap;

use proptest::prelude::*;
use relay::journal::Ticket;
use relay::model::figure::Totals;
use relay::model::id::{AccountId, KeyId};
use relay::model::money::Nanodollars;
use relay::model::outcome::Outcome;
use relay::model::usage::{Tokens, Usage};
use relay::store::attempt::{Attempt, Endpoint};
use relay::store::figure::{self, Filter};
use uuid::Uuid;

use crate::support::{Books, NOW_MS, append, attempt, latest_segment, sum};

#[derive(Clone, Debug)]
enum Step {
    Begin(Box<Attempt>),
    /// Settles one of those open.
    Settle(prop::sample::Index),
    Refuse(Box<Attempt>),
    /// One batch.
    Fold,
    /// Enters one again that is settled.
    Repeat(prop::sample::Index),
    /// The process dies, and leaves so many bytes of a frame.
    Crash(usize),
}

fn any_attempt() -> impl Strategy<Value = Attempt> {
    let tokens = (0..5_000_u64, 0..5_000_u64, 0..99_u64, 0..99_u64, 0..9_000_u64);
    let outcomes = vec![Outcome::Ok, Outcome::ClientGone, Outcome::UpstreamCut, Outcome::UpstreamError];
    (
        tokens,
        prop::option::of(0..1_000_000_i64),
        0..3 * 86_400_000_i64,
        prop::sample::select(outcomes),
        prop::sample::select(vec![Endpoint::Messages, Endpoint::Messages, Endpoint::CountTokens]),
        any::<[bool; 4]>(),
        0..3_u8,
    )
        .prop_map(
            |(tokens, cost, later_ms, outcome, endpoint, [last, accepted, sandbox, estimated], which)| {
                let (input, output, cache_write_5m, cache_write_1h, cache_read) = tokens;
                Attempt {
                    last,
                    accepted,
                    sandbox,
                    outcome,
                    endpoint,
                    at_ms: NOW_MS + later_ms,
                    key: KeyId::new(format!("key {}", which % 2)),
                    account: Some(AccountId::new(format!("account {which}"))),
                    usage: Usage {
                        tokens: Tokens { input, output, cache_write_5m, cache_write_1h, cache_read },
                        output_estimated: estimated,
                        ..Usage::default()
                    },
                    cost: cost.map(Nanodollars),
                    ..attempt(0)
                }
            },
        )
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => any_attempt().prop_map(|attempt| Step::Begin(Box::new(attempt))),
        6 => any::<prop::sample::Index>().prop_map(Step::Settle),
        2 => any_attempt().prop_map(|attempt| Step::Refuse(Box::new(attempt))),
        3 => Just(Step::Fold),
        1 => any::<prop::sample::Index>().prop_map(Step::Repeat),
        1 => (0..300_usize).prop_map(Step::Crash),
    ]
}

/// The books, and what they are to say.
struct Run {
    books: Books,
    open: Vec<(Ticket, Attempt)>,
    settled: BTreeMap<(Uuid, u8), Attempt>,
    calls: u128,
}

impl Run {
    fn number(&mut self, attempt: Attempt) -> Attempt {
        self.calls += 1;
        // Two attempts a call.
        let n = u8::try_from(self.calls % 2).expect("0 or 1") + 1;
        Attempt { call: Uuid::from_u128(self.calls / 2), n, ..attempt }
    }

    fn expect(&mut self, attempt: Attempt) {
        self.settled.insert((attempt.call, attempt.n), attempt);
    }

    async fn step(mut self, step: Step) -> Self {
        match step {
            Step::Begin(attempt) => {
                let attempt = self.number(*attempt);
                self.open.push((self.books.begin(&attempt), attempt));
            }
            Step::Settle(_) if self.open.is_empty() => {}
            Step::Settle(which) => {
                let (ticket, attempt) = self.open.swap_remove(which.index(self.open.len()));
                self.books.journal.settle(ticket, &attempt).expect("room");
                self.expect(attempt);
            }
            Step::Refuse(attempt) => {
                let refused = Attempt {
                    account: None,
                    accepted: false,
                    outcome: Outcome::Rejected,
                    usage: Usage::default(),
                    cost: None,
                    ..self.number(*attempt)
                };
                self.books.journal.append_settled(&refused).expect("room");
                self.expect(refused);
            }
            Step::Fold => drop(self.books.fold.step().await.expect("a fold")),
            Step::Repeat(_) if self.settled.is_empty() => {}
            Step::Repeat(which) => {
                let again = self.settled.values().nth(which.index(self.settled.len())).expect("one of them");
                self.books.journal.append_settled(again).expect("room");
            }
            Step::Crash(torn) => return self.crash(torn).await,
        }
        self
    }

    /// What was open is abandoned, and nothing else.
    async fn crash(mut self, torn: usize) -> Self {
        self.books = self.books.crash_after(|folder| tear(folder, torn)).await;
        let lost: Vec<_> = self.open.drain(..).map(|(_, attempt)| (attempt.call, attempt.n)).collect();
        let abandoned = self.books.abandoned.clone();
        let new = abandoned.iter().map(|attempt| (attempt.call, attempt.n));
        let new: Vec<_> = new.filter(|attempt| !self.settled.contains_key(attempt)).collect();
        assert_eq!(new.len(), lost.len());
        assert!(lost.iter().all(|attempt| new.contains(attempt)));
        for attempt in abandoned {
            self.settled.entry((attempt.call, attempt.n)).or_insert(attempt);
        }
        self
    }

    async fn check(mut self) {
        self.books.catch_up().await;
        let expected: Vec<_> = self.settled.into_values().collect();
        assert_eq!(self.books.attempts().await, expected);
        let metered: Vec<_> =
            expected.into_iter().filter(|attempt| attempt.endpoint == Endpoint::Messages).collect();
        for size in ["m", "h", "d"] {
            assert_eq!(self.books.totals(size).await, sum(&metered), "by {size}");
        }
        for key in ["key 0", "key 1"].map(KeyId::new) {
            let of_key = metered.iter().filter(|attempt| attempt.key == key);
            let filter = Filter::since("d", 0).of_key(key.clone());
            let totals: Totals = figure::totals(&self.books.store, filter).await.expect("sums");
            assert_eq!(totals, sum(of_key));
        }
    }
}

/// Leaves the beginning of a frame at the end of the latest segment.
fn tear(folder: &std::path::Path, bytes: usize) {
    let Some(path) = latest_segment(folder) else { return };
    let frames = std::fs::read(&path).expect("frames");
    let length = frames.len().min(bytes).min(100);
    append(&path, &frames[..length]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn sums_are_the_sums_of_what_was_entered(steps in prop::collection::vec(any_step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mut run =
                Run { books: Books::new().await, open: Vec::new(), settled: BTreeMap::new(), calls: 1 };
            for step in steps {
                run = run.step(step).await;
            }
            run.check().await;
        });
    }
}
