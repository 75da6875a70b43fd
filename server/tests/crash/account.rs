//! The books against what clients received and what upstream billed.

use std::collections::{HashMap, HashSet};

use relay::model::money::Nanodollars;
use relay::model::outcome::Outcome;
use relay::model::usage::Tokens;
use relay::store::attempt::Attempt;
use serde_json::{Value, json};
use upstream::{Books, Exchange, Usage};

use crate::load::{Call, Sort};

/// Three accounts of what happened.
pub(crate) struct Accounts<'a> {
    pub(crate) calls: &'a [Call],
    pub(crate) upstream: &'a Books,
    pub(crate) books: &'a [Attempt],
    /// Ids of accounts by their secrets.
    pub(crate) ids: &'a HashMap<String, String>,
}

impl Accounts<'_> {
    /// Every answer that a client received in full is in the books once, with what upstream billed for it.
    pub(crate) fn check_received(&self) {
        let attempts = self.by_model();
        for call in self.calls.iter().filter(|call| call.is_whole) {
            let attempts = &attempts[call.model.as_str()];
            let answered: Vec<_> = attempts.iter().filter(|attempt| attempt.outcome == Outcome::Ok).collect();
            assert_eq!(answered.len(), 1, "{call:?} {attempts:#?}");
            let attempt = answered[0];
            assert!(attempt.last && attempts.iter().all(|other| other.n <= attempt.n), "{attempts:#?}");
            assert_eq!(Some(attempt.call.to_string()), call.id, "{attempt:?}");
            assert!(!attempt.usage.output_estimated, "{attempt:?}");
            let exchange = self.exchange(attempt).expect("upstream answered it");
            assert_eq!(attempt.usage.tokens, tokens(exchange.billed), "{exchange:?}");
            assert_eq!(attempt.model.as_deref(), Some(call.model.as_str()));
        }
    }

    /// Every attempt that upstream saw is in the books, once.
    pub(crate) fn check_seen(&self) {
        let mut found = HashSet::new();
        for attempt in self.books.iter().filter(|attempt| attempt.n > 0) {
            assert!(found.insert((attempt.asked.as_str(), account(attempt))), "twice: {attempt:?}");
        }
        for exchange in self.upstream.messages() {
            // Without a model its body did not arrive; it is counted below.
            let Some(model) = exchange.model.as_deref() else { continue };
            assert!(found.contains(&(model, self.id(exchange))), "upstream alone knows of {exchange:?}");
        }
        for (secret, id) in self.ids {
            let seen = self.upstream.of(secret).filter(|exchange| exchange.is_message()).count();
            let kept = self.books.iter().filter(|attempt| account(attempt) == *id).count();
            assert!(kept >= seen, "{kept} of {seen} on {secret}");
        }
    }

    /// What upstream did not see was interrupted on its way there, and no call has two ids.
    pub(crate) fn check_rest(&self) {
        for attempt in self.books.iter().filter(|attempt| self.exchange(attempt).is_none()) {
            let outcome = attempt.outcome;
            assert!(matches!(outcome, Outcome::Abandoned | Outcome::ClientGone), "{attempt:?}");
        }
        for (model, attempts) in self.by_model() {
            assert!(
                attempts.iter().all(|attempt| attempt.call == attempts[0].call),
                "{model}: {attempts:#?}"
            );
        }
    }

    /// The key's sums are those over the books, at least what was received, at most what upstream could bill.
    pub(crate) fn check_sums(&self, totals: &Value) {
        let sums = sums(self.books);
        for (name, sum) in sums.as_object().expect("sums") {
            assert_eq!(&totals[name], sum, "{name}");
        }
        let whole = || self.calls.iter().filter(|call| call.is_whole).map(|call| call.model.as_str());
        let whole: HashSet<_> = whole().collect();
        let answered =
            |exchange: &&Exchange| exchange.model.as_deref().is_some_and(|model| whole.contains(model));
        let received =
            self.upstream.messages().filter(answered).fold(Usage::default(), |sum, it| sum.plus(it.billed));
        let length: HashMap<_, _> =
            self.calls.iter().map(|call| (call.model.as_str(), call.length)).collect();
        let most_output = self.upstream.messages().map(|exchange| exchange.billed.output).max().unwrap_or(0);
        let prompts = self.books.iter().map(|attempt| length[attempt.asked.as_str()].div_ceil(4) as u64);
        let between = |name: &str, least: u64, most: u64| {
            let sum = totals[name].as_u64().expect("a sum");
            assert!((least..=most).contains(&sum), "{name}: {least} <= {sum} <= {most}");
        };
        between("requests", whole.len() as u64, self.books.len() as u64);
        between("inputTokens", received.input, prompts.sum());
        between("outputTokens", received.output, self.books.len() as u64 * most_output);
    }

    /// How often calls of a sort were received in full.
    pub(crate) fn whole(&self, sort: Sort) -> usize {
        self.calls.iter().filter(|call| call.is_whole && call.sort == sort).count()
    }

    /// How often an attempt ended so.
    pub(crate) fn ended(&self, outcome: Outcome) -> usize {
        self.books.iter().filter(|attempt| attempt.outcome == outcome).count()
    }

    fn by_model(&self) -> HashMap<&str, Vec<&Attempt>> {
        let mut attempts: HashMap<&str, Vec<&Attempt>> = HashMap::new();
        for attempt in self.books {
            attempts.entry(attempt.asked.as_str()).or_default().push(attempt);
        }
        attempts
    }

    fn exchange(&self, attempt: &Attempt) -> Option<&Exchange> {
        let is_its = |exchange: &&Exchange| {
            exchange.model.as_deref() == Some(attempt.asked.as_str()) && self.id(exchange) == account(attempt)
        };
        self.upstream.messages().find(is_its)
    }

    fn id(&self, exchange: &Exchange) -> &str {
        &self.ids[exchange.token.as_deref().expect("a credential")]
    }
}

/// The sums that a key's holder is to see for these attempts, by their names there.
pub(crate) fn sums(books: &[Attempt]) -> Value {
    let mut tokens = Tokens::default();
    let mut cost = Nanodollars::default();
    for attempt in books {
        tokens += attempt.usage.tokens;
        cost += attempt.cost.unwrap_or_default();
    }
    json!({
        "requests": books.iter().filter(|attempt| attempt.is_request()).count(),
        "failed": books.iter().filter(|attempt| attempt.is_failure()).count(),
        "inputTokens": tokens.input,
        "outputTokens": tokens.output,
        "cacheCreateTokens": tokens.cache_write(),
        "cacheReadTokens": tokens.cache_read,
        "costNanodollars": cost.0,
    })
}

/// What upstream billed, as the books have it.
pub(crate) fn tokens(billed: Usage) -> Tokens {
    Tokens {
        input: billed.input,
        output: billed.output,
        cache_write_5m: billed.cache_write_5m,
        cache_write_1h: billed.cache_write_1h,
        cache_read: billed.cache_read,
    }
}

fn account(attempt: &Attempt) -> &str {
    attempt.account.as_ref().map_or("", |id| id.as_str())
}
