//! What usage costs at list price.
//!
//! All arithmetic is on integers and rounded once, half up, to the nano-dollar. It saturates: absurd usage costs
//! an absurd amount, never a negative one, and more usage never costs less.

use crate::model::money::Nanodollars;
use crate::model::usage::Usage;
use crate::price::{Entry, Factor, Rate, Rates, Table};

const MILLION: i128 = 1_000_000;

/// What `usage` of `model` costs at the prices of `at_ms` (milliseconds since 1970), or nothing if the table has
/// no price for the model.
///
/// The tier for long prompts is chosen by the whole prompt, compactions included: the counts of a single
/// iteration are not kept.
///
/// # Examples
/// ```
/// use relay::meter::cost::cost;
/// use relay::model::money::Nanodollars;
/// use relay::model::usage::{Tokens, Usage};
/// use relay::price::Table;
///
/// let usage = Usage { tokens: Tokens { input: 1_000, ..Tokens::default() }, ..Usage::default() };
/// assert_eq!(cost(&Table::embedded(), "claude-sonnet-4-5", &usage, 0), Some(Nanodollars(3_000_000)));
/// assert_eq!(cost(&Table::embedded(), "unheard-of", &usage, 0), None);
/// ```
pub fn cost(table: &Table, model: &str, usage: &Usage, at_ms: i64) -> Option<Nanodollars> {
    let entry = table.find(model)?.entry;
    let rates = entry.rates(usage.tokens.prompt(), usage.service_tier.as_deref(), at_ms);
    let (multiple, parts) = factor(entry, usage);
    let tokens = of_tokens(usage, &rates).saturating_mul(multiple);
    let (charged, rate) = entry.searches(usage.web_searches);
    let searches = product(charged, rate);
    let sum = tokens.saturating_add(searches.saturating_mul(parts.saturating_mul(MILLION / 1_000)));
    Some(rounded(sum, MILLION.saturating_mul(parts)))
}

/// Tokens times price. A class without a price of its own is charged as input: no provider gives away what it
/// does not list.
fn of_tokens(usage: &Usage, rates: &Rates) -> i128 {
    let input = rates.input.unwrap_or_default();
    let tokens = &usage.tokens;
    let audio = if rates.input_audio.is_some() { usage.audio.min(tokens.input) } else { 0 };
    [
        product(tokens.input - audio, input),
        product(audio, rates.input_audio.unwrap_or(input)),
        product(tokens.output, rates.output.unwrap_or_default()),
        product(tokens.cache_write_5m, rates.cache_write_5m.unwrap_or(input)),
        product(tokens.cache_write_1h, rates.cache_write_1h.or(rates.cache_write_5m).unwrap_or(input)),
        product(tokens.cache_read, rates.cache_read.unwrap_or(input)),
    ]
    .into_iter()
    .fold(0, i128::saturating_add)
}

/// What multiplies the prices of tokens, and of tokens only, as a fraction: fast mode, inference in the US, and
/// the half price of batches.
fn factor(entry: &Entry, usage: &Usage) -> (i128, i128) {
    let (mut multiple, mut parts) = (1, 1);
    for factor in
        [entry.fast.filter(|_| usage.fast), entry.us.filter(|_| usage.us_only)].into_iter().flatten()
    {
        multiple *= i128::from(factor.0);
        parts *= i128::from(Factor::UNIT);
    }
    if usage.service_tier.as_deref() == Some("batch") {
        parts *= 2;
    }
    (multiple, parts)
}

fn product(count: u64, rate: Rate) -> i128 {
    i128::from(count).saturating_mul(i128::from(rate.0))
}

fn rounded(sum: i128, parts: i128) -> Nanodollars {
    let amount = sum.saturating_add(parts / 2) / parts;
    Nanodollars(i64::try_from(amount).unwrap_or(i64::MAX))
}
