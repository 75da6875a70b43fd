//! Calls that might have been: a few keys make most of them, each of some models and on accounts that it stays with,
//! over 85 days.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use relay::meter::cost::price;
use relay::model::id::{AccountId, KeyId};
use relay::model::outcome::Outcome;
use relay::model::usage::{Tokens, Usage};
use relay::price::Table;
use relay::store::attempt::{Attempt, Charge, Endpoint};
use uuid::Uuid;

/// Tuesday, 24 November 2026, 15:30 in Berlin.
pub(crate) const NOW_MS: i64 = 1_795_530_600_000;
const SPAN_MS: i64 = 85 * 24 * 3_600_000;
const MODELS: [&str; 8] = [
    "claude-sonnet-4-5-20250929",
    "claude-haiku-4-5-20251001",
    "claude-opus-4-5-20251101",
    "claude-opus-4-1-20250805",
    "claude-sonnet-4-20250514",
    "gemini-2.5-pro",
    "gemini-2.5-flash",
    "a-model-without-a-price",
];

/// Who calls, and on whose account.
pub(crate) struct Crowd {
    pub(crate) keys: Vec<KeyId>,
    pub(crate) accounts: Vec<AccountId>,
    rng: StdRng,
}

impl Default for Crowd {
    fn default() -> Self {
        Self { keys: Vec::new(), accounts: Vec::new(), rng: StdRng::seed_from_u64(6) }
    }
}

impl Crowd {
    /// The attempts of one call of `of`: two where the first account failed.
    pub(crate) fn call(&mut self, at: u32, of: u32, prices: &Table) -> Vec<Attempt> {
        let at_ms = NOW_MS - SPAN_MS + SPAN_MS / i64::from(of) * i64::from(at);
        let mut record = self.answer(at_ms);
        match self.rng.random_range(0..100) {
            0 | 1 => record = failed(&record, 529, Outcome::UpstreamError, "overloaded (529)"),
            2 => record = failed(&record, 429, Outcome::Rejected, "the budget per day is used up"),
            3 => record.outcome = Outcome::ClientGone,
            4 | 5 => {
                let first = failed(&record, 429, Outcome::UpstreamError, "rate limit (429)");
                record.n = 2;
                record.account = Some(self.account());
                price(prices, &mut record);
                return vec![Attempt { last: false, ..first }, record];
            }
            _ => {}
        }
        price(prices, &mut record);
        vec![record]
    }

    fn answer(&mut self, at_ms: i64) -> Attempt {
        // Squared twice, the first keys come most.
        let draw = self.rng.random_range(0.0..1.0_f64).powi(4);
        let key = self.one_of(draw, self.keys.len());
        let model = MODELS[(key + self.rng.random_range(0..3_usize).pow(2)) % MODELS.len()];
        let stamp = u128::from(at_ms.unsigned_abs()) << 80;
        let tokens = Tokens {
            input: self.rng.random_range(1..5_000),
            output: self.rng.random_range(1..3_000),
            cache_write_5m: self.rng.random_range(0..2_000),
            cache_write_1h: 0,
            cache_read: self.rng.random_range(0..90_000),
        };
        let total_ms = self.rng.random_range(300..60_000);
        Attempt {
            call: Uuid::from_u128(stamp | u128::from(self.rng.random::<u64>())),
            n: 1,
            last: true,
            accepted: true,
            at_ms,
            key: self.keys[key].clone(),
            account: Some(self.accounts[(key + self.rng.random_range(0..2)) % self.accounts.len()].clone()),
            endpoint: Endpoint::Messages,
            asked: model.to_owned(),
            model: Some(model.to_owned()),
            stream: true,
            sandbox: false,
            status: 200,
            outcome: Outcome::Ok,
            cause: None,
            usage: Usage { tokens, ..Usage::default() },
            cost: None,
            price: None,
            surplus: Charge::default(),
            first_byte_ms: Some(self.rng.random_range(100..total_ms)),
            total_ms,
            decision: None,
        }
    }

    fn account(&mut self) -> AccountId {
        let at = self.rng.random_range(0..self.accounts.len());
        self.accounts[at].clone()
    }

    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a draw from 0 to 1 times a small count"
    )]
    fn one_of(&self, draw: f64, count: usize) -> usize {
        ((draw * count as f64) as usize).min(count - 1)
    }
}

fn failed(record: &Attempt, status: u16, outcome: Outcome, cause: &str) -> Attempt {
    Attempt {
        accepted: false,
        model: None,
        usage: Usage::default(),
        status,
        outcome,
        cost: None,
        price: None,
        first_byte_ms: None,
        cause: Some(cause.to_owned()),
        ..record.clone()
    }
}
