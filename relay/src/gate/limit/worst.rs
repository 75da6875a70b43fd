//! The most that a call can use: what it reserves in the strict mode. Where nobody can tell, it is refused.

use super::Amount;
use super::estimate::{Known, whole};
use crate::meter::cost::cost;
use crate::model::account::Service;
use crate::model::usage::{Tokens, Usage};
use crate::price::Table;
use crate::wire::anthropic;
use crate::wire::bound::{Bound, Unbounded};
use crate::wire::google;

/// Tokens that a provider may add to any prompt of its own accord: its words about tools and the form of the answer.
const PER_REQUEST: u64 = 1_000;
/// Tokens that it may add for each tool that it knows by type (`bash_…`, `text_editor_…`, `computer_…`).
const PER_TYPED_TOOL: u64 = 2_000;
/// Tokens that an image may be, however small its bytes.
const PER_IMAGE: u64 = 5_000;

/// The body of a call, by dialect.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// Of the Messages API.
    Anthropic(&'a [u8]),
    /// Of the Gemini API.
    Gemini(&'a [u8]),
    /// The same in the wrapper of Code Assist.
    CodeAssist(&'a [u8]),
}

/// One token for each byte of the body, and what the provider may add; the output that the client allows; each at its
/// dearest class.
///
/// # Errors
/// Why it cannot be told. `needs_cost` is whether money is limited.
pub fn worst(
    prices: &Table,
    known: &Known<'_>,
    body: Body<'_>,
    needs_cost: bool,
) -> Result<Amount, Unbounded> {
    let bound = match body {
        Body::Anthropic(body) => anthropic::bound::read(body)?,
        Body::Gemini(body) => google::bound::read(body)?,
        Body::CodeAssist(body) => google::bound::read_wrapped(body)?,
    };
    let prompt = known
        .body_length
        .saturating_add(PER_REQUEST)
        .saturating_add(bound.typed_tools.saturating_mul(PER_TYPED_TOOL))
        .saturating_add(bound.images.saturating_mul(PER_IMAGE));
    let output = output(prices, known, &bound)?;
    let cost = match dearest(prices, known, &bound, prompt, output) {
        _ if known.is_free => 0,
        None if needs_cost => return Err(Unbounded::Unpriced(known.model.to_owned())),
        cost => cost.unwrap_or(0),
    };
    Ok(Amount { requests: 1, tokens: prompt.saturating_add(output), cost })
}

/// What the client allows, else what the model is known to end at.
fn output(prices: &Table, known: &Known<'_>, bound: &Bound) -> Result<u64, Unbounded> {
    if known.without_output {
        return Ok(0);
    }
    let most = match (bound.max_output, known.service) {
        (Some(most), _) => Some(most),
        (None, Service::Claude) => None,
        (None, Service::Gemini) => prices.find(known.model).and_then(|found| found.entry.max_output),
    };
    Ok(most.ok_or(Unbounded::NoMaximum)?.saturating_mul(bound.answers))
}

fn dearest(prices: &Table, known: &Known<'_>, bound: &Bound, prompt: u64, output: u64) -> Option<u64> {
    let tier = bound.priority.then(|| "priority".to_owned());
    let usage = |tokens: Tokens| Usage {
        tokens: Tokens { output, ..tokens },
        service_tier: tier.clone(),
        fast: bound.fast,
        us_only: true,
        ..Usage::default()
    };
    let classes = [
        Usage { audio: prompt, ..usage(Tokens { input: prompt, ..Tokens::default() }) },
        usage(Tokens { input: prompt, ..Tokens::default() }),
        usage(Tokens { cache_write_5m: prompt, ..Tokens::default() }),
        usage(Tokens { cache_write_1h: prompt, ..Tokens::default() }),
        usage(Tokens { cache_read: prompt, ..Tokens::default() }),
    ];
    let costs = classes.iter().map(|usage| cost(prices, known.model, usage, known.at_ms));
    costs.map(|cost| cost.map(|cost| whole(Some(cost)))).try_fold(0, |most, cost| Some(most.max(cost?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(model: &str, body: &str) -> Result<Amount, Unbounded> {
        let known = Known {
            service: Service::Claude,
            model,
            body_length: body.len() as u64,
            max_output: None,
            without_output: false,
            is_free: false,
            at_ms: 0,
        };
        worst(&Table::embedded(), &known, Body::Anthropic(body.as_bytes()), true)
    }

    #[test]
    fn the_prompt_is_a_token_a_byte_and_the_output_all_that_is_allowed() {
        let body = r#"{"model":"m","max_tokens":100,"messages":[]}"#;

        let amount = amount("claude-sonnet-4-5", body);

        let prompt = body.len() as u64 + 1_000;
        // All of the prompt as a cache write of an hour ($6), the output at $15 a million.
        let cost = prompt * 6_000 + 100 * 15_000;
        assert_eq!(amount, Ok(Amount { requests: 1, tokens: prompt + 100, cost }));
    }

    #[test]
    fn a_long_prompt_is_at_the_price_of_long_prompts() {
        let body = format!(r#"{{"model":"m","max_tokens":1,"messages":[],"x":"{}"}}"#, "a".repeat(200_000));

        let amount = amount("claude-sonnet-4-5", &body).unwrap_or_default();

        assert_eq!(amount.cost, (amount.tokens - 1) * 12_000 + 22_500);
    }

    #[test]
    fn without_a_bound_or_a_price_there_is_no_amount() {
        let bounded = r#"{"model":"m","max_tokens":100,"messages":[]}"#;

        assert_eq!(amount("claude-sonnet-4-5", r#"{"model":"m","messages":[]}"#), Err(Unbounded::NoMaximum));
        assert_eq!(amount("unheard-of", bounded), Err(Unbounded::Unpriced("unheard-of".to_owned())));
    }
}
