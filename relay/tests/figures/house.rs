//! A Switchyard in a temporary folder with a clock that a test moves, and books that a test writes.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use relay::admin::{Admin, account, key, local};
use relay::clock::Clock;
use relay::config::Config;
use relay::folder::FolderLock;
use relay::meter::cost::price;
use relay::model::account::{AccountKind, NewAccount};
use relay::model::figure::{Times, Totals};
use relay::model::id::{AccountId, KeyId};
use relay::model::key::NewKey;
use relay::model::outcome::Outcome;
use relay::model::usage::{Tokens, Usage};
use relay::state::Shared;
use relay::store::attempt::{Attempt, Charge, Endpoint};
use tempfile::TempDir;
use uuid::Uuid;

/// Tuesday, 24 November 2026, 15:30 in Berlin.
pub(crate) const NOW: &str = "2026-11-24T14:30:00Z";
pub(crate) const HOUR_MS: i64 = 3_600_000;
pub(crate) const DAY_MS: i64 = 24 * HOUR_MS;

pub(crate) struct House {
    pub(crate) shared: Shared,
    pub(crate) clock: Clock,
    pub(crate) admin: Admin,
    pub(crate) keys: Vec<KeyId>,
    pub(crate) accounts: Vec<AccountId>,
    lock: FolderLock,
    folder: TempDir,
    calls: u128,
}

pub(crate) fn ms(instant: &str) -> i64 {
    Clock::instant_ms(instant).unwrap()
}

impl House {
    /// In Berlin, with three keys and two accounts.
    pub(crate) async fn new() -> Self {
        Self::at(NOW).await
    }

    pub(crate) async fn at(now: &str) -> Self {
        let clock = Clock::fake_in("Europe/Berlin", ms(now)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let lock = FolderLock::take(folder.path()).unwrap();
        let shared = open(&folder, &clock, &lock).await;
        let admin = local::by_lock(&lock);
        let mut house =
            Self { shared, clock, admin, keys: Vec::new(), accounts: Vec::new(), lock, folder, calls: 0 };
        for name in ["laptop", "desktop", "Robot 100%"] {
            let new = NewKey::new(name);
            house.keys.push(key::create(&house.shared, &house.admin, new).await.unwrap().id);
        }
        for name in ["team", "spare"] {
            let new = NewAccount::new(name.to_owned(), AccountKind::Sandbox);
            house.accounts.push(account::create(&house.shared, &house.admin, new, None).await.unwrap().id);
        }
        house
    }

    /// Ends the process in order and starts another one, after something was done in between.
    pub(crate) async fn again(mut self) -> Self {
        self.shared.tasks.stop().await;
        self.shared = open(&self.folder, &self.clock, &self.lock).await;
        self
    }

    /// The same, and days begin in another zone from then on.
    pub(crate) async fn again_in(mut self, zone: &str) -> Self {
        self.clock = Clock::fake_in(zone, self.clock.now_ms()).unwrap();
        self.again().await
    }

    /// Puts records into the journal.
    pub(crate) fn enter(&self, records: &[Attempt]) {
        records.iter().for_each(|record| self.shared.ledger.journal.append_settled(record).unwrap());
    }

    /// An answer of a few tokens, given at an instant.
    pub(crate) fn answer(&mut self, at_ms: i64) -> Attempt {
        self.calls += 1;
        let tokens =
            Tokens { input: 1_000, output: 100, cache_write_5m: 10, cache_write_1h: 20, cache_read: 5_000 };
        let mut record = Attempt {
            call: Uuid::from_u128(self.calls),
            n: 1,
            last: true,
            accepted: true,
            at_ms,
            key: self.keys[0].clone(),
            account: Some(self.accounts[0].clone()),
            endpoint: Endpoint::Messages,
            asked: "claude-sonnet-4-5".to_owned(),
            model: Some("claude-sonnet-4-5-20250929".to_owned()),
            stream: true,
            sandbox: false,
            status: 200,
            outcome: Outcome::Ok,
            cause: None,
            usage: Usage { tokens, ..Usage::default() },
            cost: None,
            price: None,
            surplus: Charge::default(),
            first_byte_ms: Some(400),
            total_ms: 2_000,
            decision: None,
        };
        self.price(&mut record);
        record
    }

    pub(crate) fn price(&self, record: &mut Attempt) {
        price(&self.shared.ledger.prices.load(), record);
    }

    /// Calls of all sorts over the days before now, the same ones each time: some failed over, some refused.
    pub(crate) fn history(&mut self, calls: usize, days: i64) -> Vec<Attempt> {
        let mut rng = StdRng::seed_from_u64(3);
        let now_ms = self.clock.now_ms();
        (0..calls).flat_map(|_| self.call(&mut rng, now_ms - days * DAY_MS, now_ms)).collect()
    }

    fn call(&mut self, rng: &mut StdRng, from_ms: i64, to_ms: i64) -> Vec<Attempt> {
        let mut record = self.answer(rng.random_range(from_ms..to_ms));
        record.key = self.keys[rng.random_range(0..3)].clone();
        record.account = Some(self.accounts[rng.random_range(0..2)].clone());
        let models = ["claude-sonnet-4-5", "claude-opus-5", "unheard-of", "gemini-2.5-pro"];
        record.model = Some(models[rng.random_range(0..4)].to_owned());
        record.usage.tokens.input = rng.random_range(0..5_000);
        record.usage.web_searches = rng.random_range(0..9_u64).saturating_sub(7);
        record.total_ms = rng.random_range(1..90_000);
        match rng.random_range(0..12) {
            0 => return vec![self.refused(&record)],
            1 => record.outcome = Outcome::ClientGone,
            2 | 3 => {
                let first = Attempt { last: false, ..failed(&record, 529, Outcome::UpstreamError) };
                record.n = 2;
                record.account = Some(self.accounts[1].clone());
                self.price(&mut record);
                return vec![first, record];
            }
            4 => return vec![failed(&record, 500, Outcome::UpstreamError)],
            5 => record.endpoint = Endpoint::CountTokens,
            _ => {}
        }
        self.price(&mut record);
        vec![record]
    }

    fn refused(&self, record: &Attempt) -> Attempt {
        Attempt { n: 0, account: None, ..failed(record, 403, Outcome::Rejected) }
    }
}

pub(crate) fn failed(record: &Attempt, status: u16, outcome: Outcome) -> Attempt {
    Attempt {
        accepted: false,
        model: None,
        usage: Usage::default(),
        status,
        outcome,
        cost: None,
        price: None,
        first_byte_ms: None,
        cause: Some(format!("a refusal 100% of {status}")),
        ..record.clone()
    }
}

async fn open(folder: &TempDir, clock: &Clock, lock: &FolderLock) -> Shared {
    let values = [
        ("SWITCHYARD_DATA", folder.path().to_str().unwrap()),
        ("JWT_SECRET", "a signing secret for tests, 32 letters long"),
    ];
    let config = Config::from_values(&values).unwrap();
    relay::start::open(config, clock.clone(), lock).await.unwrap()
}

/// What the books must say of these records in sum.
pub(crate) fn sum<'a>(records: impl IntoIterator<Item = &'a Attempt>) -> Totals {
    let mut totals = Totals::default();
    for record in records.into_iter().filter(|record| record.endpoint.is_metered()) {
        let is_request = record.last && record.accepted;
        totals += Totals {
            requests: is_request.into(),
            failed: (record.last && !record.accepted).into(),
            tokens: record.usage.tokens,
            cost: record.cost.unwrap_or_default(),
            unpriced: (is_request && record.cost.is_none() && !record.sandbox).into(),
            web_searches: record.usage.web_searches,
            times: match record.first_byte_ms {
                Some(first_byte_ms) if is_request => {
                    Times { timed: 1, first_byte_ms: first_byte_ms.into(), total_ms: record.total_ms.into() }
                }
                _ => Times::default(),
            },
        };
    }
    totals
}
