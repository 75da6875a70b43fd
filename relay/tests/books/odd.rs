//! Records with every oddity that the road can make, entered as the road enters them.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use relay::meter::cost::price;
use relay::model::id::{AccountId, KeyId};
use relay::model::outcome::Outcome;
use relay::model::usage::{Tokens, Usage};
use relay::price::Table;
use relay::store::attempt::{Attempt, Endpoint};
use uuid::Uuid;

use crate::support::{Books, attempt};

const MODELS: [&str; 6] = [
    "claude-sonnet-4-5",
    "claude-haiku-5-5",
    "claude-opus-4-8-preview",
    "unheard-of",
    "gemini-2.5-flash",
    "",
];
const FAILURES: [Outcome; 3] = [Outcome::UpstreamError, Outcome::UpstreamCut, Outcome::Rejected];
const SERVED: [Outcome; 4] = [Outcome::Ok, Outcome::Ok, Outcome::ClientGone, Outcome::UpstreamCut];

/// Start of the n-th day of Berlin's, beginning with Saturday, 24 October 2026: the second has 25 hours.
pub(crate) fn day_ms(n: i64) -> i64 {
    const DAYS: [&str; 4] =
        ["2026-10-23T22:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", "2026-10-26T23:00:00Z"];
    let day: jiff::Timestamp = DAYS[usize::try_from(n).expect("a day")].parse().expect("an instant");
    day.as_millisecond()
}

/// Makes records and enters them, the same ones each time.
pub(crate) struct Oddities {
    rng: StdRng,
    prices: Table,
    calls: u128,
    left: usize,
    entered: Vec<Attempt>,
}

impl Oddities {
    pub(crate) fn new(records: usize) -> Self {
        let prices = Table::embedded();
        Self { rng: StdRng::seed_from_u64(6), prices, calls: 0, left: records, entered: Vec::new() }
    }

    pub(crate) fn has_more(&self) -> bool {
        self.left > 0
    }

    pub(crate) fn draw(&mut self, below: u32) -> u32 {
        self.rng.random_range(0..below)
    }

    /// Enters a few hundred records: some by attempts that stay open, some twice.
    pub(crate) fn enter_some(&mut self, books: &Books) {
        let mut open = Vec::new();
        for _ in 0..self.rng.random_range(50..400) {
            for record in self.call() {
                self.left = self.left.saturating_sub(1);
                if record.n == 0 {
                    books.journal.append_settled(&record).expect("room");
                } else if self.draw(60) == 0 {
                    // The process will die while it is open.
                    open.push(books.begin(&record));
                } else {
                    books.enter(&record);
                    self.entered.push(record);
                }
            }
            if self.draw(25) == 0 && !self.entered.is_empty() {
                let again = self.rng.random_range(0..self.entered.len());
                books.journal.append_settled(&self.entered[again]).expect("room");
            }
        }
        // A ticket that is dropped is an attempt that nobody settles any more.
        drop(open);
    }

    /// Loses the process; sometimes the store's mark too, so that the journal repeats what is in the books.
    pub(crate) async fn crash(&mut self, books: Books) -> Books {
        if self.draw(2) == 0 {
            let back = "UPDATE watermark SET segment = 0, position = 0";
            books.store.durable(move |write| Ok(write.execute(back, [])?)).await.expect("a change");
        }
        books.crash().await
    }

    /// One call: refused by the relay, counted, or tried once and more.
    fn call(&mut self) -> Vec<Attempt> {
        self.calls += 1;
        let base = self.base();
        match self.draw(20) {
            0 => vec![Attempt { n: 0, account: None, accepted: false, ..failed(base, Outcome::Rejected) }],
            1 => vec![Attempt {
                endpoint: Endpoint::CountTokens,
                usage: Usage::default(),
                cost: None,
                price: None,
                ..base
            }],
            _ => self.tries(&base),
        }
    }

    fn tries(&mut self, base: &Attempt) -> Vec<Attempt> {
        let retries = u8::try_from(self.draw(8).saturating_sub(5)).expect("a few");
        let mut records: Vec<_> = (0..retries)
            .map(|n| {
                let outcome = FAILURES[usize::from(n % 2)];
                let account = AccountId::new(format!("account {}", self.draw(3)));
                Attempt { n: n + 1, last: false, account: Some(account), ..failed(base.clone(), outcome) }
            })
            .collect();
        let last = Attempt { n: retries + 1, ..base.clone() };
        let outcome = FAILURES[usize::try_from(self.draw(3)).expect("small")];
        records.push(if self.draw(12) == 0 { failed(last, outcome) } else { self.served(last) });
        records
    }

    fn served(&mut self, record: Attempt) -> Attempt {
        let outcome = SERVED[usize::try_from(self.draw(4)).expect("small")];
        let mut usage = self.usage();
        usage.output_estimated = outcome != Outcome::Ok;
        usage.input_estimated = outcome != Outcome::Ok && self.draw(3) == 0;
        let model = MODELS[usize::try_from(self.draw(6)).expect("small")];
        let model = (!model.is_empty()).then(|| model.to_owned());
        let first_byte_ms = (self.draw(10) > 0).then(|| self.draw(5_000));
        let mut record = Attempt {
            outcome,
            usage,
            model,
            first_byte_ms,
            sandbox: self.draw(15) == 0,
            total_ms: self.draw(90_000),
            endpoint: if self.draw(12) == 0 { Endpoint::Embeddings } else { Endpoint::Messages },
            cause: (outcome != Outcome::Ok).then(|| "the client left".to_owned()),
            ..record
        };
        price(&self.prices, &mut record);
        record
    }

    fn usage(&mut self) -> Usage {
        let tier = [None, None, Some("priority"), Some("batch")];
        Usage {
            tokens: Tokens {
                input: self.draw(3_000).into(),
                output: self.draw(900).into(),
                cache_write_5m: self.draw(500).into(),
                cache_write_1h: self.draw(500).into(),
                cache_read: self.draw(250_000).into(),
            },
            thinking: self.draw(90).into(),
            audio: self.draw(50).into(),
            web_searches: self.draw(12).saturating_sub(9).into(),
            service_tier: tier[usize::try_from(self.draw(4)).expect("small")].map(str::to_owned),
            fast: self.draw(9) == 0,
            us_only: self.draw(9) == 0,
            ..Usage::default()
        }
    }

    fn base(&mut self) -> Attempt {
        let at_ms = self.rng.random_range(day_ms(0)..day_ms(3));
        Attempt {
            call: Uuid::from_u128(self.calls),
            at_ms,
            key: KeyId::new(format!("key {}", self.draw(5))),
            account: Some(AccountId::new(format!("account {}", self.draw(3)))),
            ..attempt(self.calls)
        }
    }
}

fn failed(record: Attempt, outcome: Outcome) -> Attempt {
    Attempt {
        accepted: false,
        outcome,
        status: 529,
        model: None,
        usage: Usage::default(),
        cost: None,
        price: None,
        first_byte_ms: None,
        cause: Some("overloaded".to_owned()),
        ..record
    }
}
