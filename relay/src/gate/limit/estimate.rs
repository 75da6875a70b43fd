//! What a call is likely to use: what it reserves in the normal mode.

use super::Amount;
use super::habit::Habits;
use crate::meter::cost::cost;
use crate::model::account::Service;
use crate::model::money::Nanodollars;
use crate::model::usage::{Tokens, Usage};
use crate::price::Table;

/// Tokens of output that a call of a key without history reserves at most. Claude Code always asks for 128,000.
const FIRST_OUTPUT: u64 = 8_192;

/// What is known of a call before it is made.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// Whose models.
    pub service: Service,
    /// The model that is asked for.
    pub model: &'a str,
    /// Bytes of the body.
    pub body_length: u64,
    /// The bound on the output, if the client gave one.
    pub max_output: Option<u64>,
    /// Nothing is generated: embeddings.
    pub without_output: bool,
    /// It costs nothing: a sandbox answers.
    pub is_free: bool,
    /// When it comes, milliseconds since 1970.
    pub at_ms: i64,
}

/// The prompt by the body's length, the output by the latest calls of the key, each at its usual price. A model
/// without a price is taken to cost nothing: what it cost in the end is not known either.
pub fn estimate(prices: &Table, habits: &Habits, known: &Known<'_>) -> Amount {
    let prompt = habits.prompt(known.service, known.body_length);
    let usual = habits.output().unwrap_or(FIRST_OUTPUT);
    let output =
        if known.without_output { 0 } else { known.max_output.map_or(usual, |most| usual.min(most)) };
    let usage = Usage { tokens: Tokens { input: prompt, output, ..Tokens::default() }, ..Usage::default() };
    let cost = cost(prices, known.model, &usage, known.at_ms).filter(|_| !known.is_free);
    Amount { requests: 1, tokens: prompt.saturating_add(output), cost: whole(cost) }
}

/// Money as limits count it.
pub fn whole(cost: Option<Nanodollars>) -> u64 {
    cost.map_or(0, |cost| u64::try_from(cost.0).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::limit::habit::Lesson;

    fn call(body_length: u64, max_output: Option<u64>) -> Known<'static> {
        Known {
            service: Service::Claude,
            model: "claude-sonnet-4-5",
            body_length,
            max_output,
            without_output: false,
            is_free: false,
            at_ms: 0,
        }
    }

    #[test]
    fn without_history_the_output_is_bounded_by_what_is_asked_for_and_by_8192() {
        let tokens = |most| estimate(&Table::embedded(), &Habits::default(), &call(4_000, most)).tokens;

        assert_eq!(tokens(Some(64)), 1_064);
        assert_eq!(tokens(Some(128_000)), 9_192);
        assert_eq!(tokens(None), 9_192);
    }

    #[test]
    fn with_history_the_output_is_what_it_usually_was() {
        let mut habits = Habits::default();
        habits.learn(&Lesson { service: Service::Claude, body_length: 4_000, prompt: 1_000, output: 500 });

        let amount = estimate(&Table::embedded(), &habits, &call(4_000, Some(128_000)));

        // 1,000 at $3 and 500 at $15 a million.
        assert_eq!(amount, Amount { requests: 1, tokens: 1_500, cost: 10_500_000 });
    }

    #[test]
    fn what_is_free_or_has_no_price_reserves_no_money() {
        let (prices, habits) = (Table::embedded(), Habits::default());
        let free = Known { is_free: true, ..call(4_000, Some(10)) };
        let unknown = Known { model: "unheard-of", ..call(4_000, Some(10)) };
        let embedding = Known { without_output: true, ..call(4_000, None) };

        assert_eq!(estimate(&prices, &habits, &free).cost, 0);
        assert_eq!(estimate(&prices, &habits, &unknown).cost, 0);
        assert_eq!(estimate(&prices, &habits, &embedding).tokens, 1_000);
    }
}
