//! One model, one point of a trend, an amount of money, as the original shows them.

use serde_json::{Value, json};

use crate::clock::Clock;
use crate::model::explore::Step;
use crate::model::figure::{Share, Totals};
use crate::model::money::Nanodollars;
use crate::price::Table;

/// A model's use and cost.
pub(super) fn model(prices: &Table, part: &Share, period: &str, at_ms: i64) -> Value {
    let (totals, tokens) = (&part.totals, &part.totals.tokens);
    json!({
        "model": part.id,
        "period": period,
        "requests": totals.requests,
        "inputTokens": tokens.input,
        "outputTokens": tokens.output,
        "cacheCreateTokens": tokens.cache_write(),
        "cacheReadTokens": tokens.cache_read,
        "allTokens": tokens.all(),
        "usage": {
            "requests": totals.requests,
            "inputTokens": tokens.input,
            "outputTokens": tokens.output,
            "cacheCreateTokens": tokens.cache_write(),
            "cacheReadTokens": tokens.cache_read,
            "totalTokens": tokens.all(),
        },
        "costs": { "total": dollars(totals.cost), "totalNanodollars": totals.cost },
        "formatted": { "total": formatted(totals.cost) },
        "unpricedRequests": totals.unpriced,
        "pricing": pricing(prices, &part.id, at_ms),
    })
}

/// Dollars per million tokens now, for short prompts; nothing for a model without a price.
fn pricing(prices: &Table, model: &str, at_ms: i64) -> Value {
    let Some(found) = prices.find(model) else { return Value::Null };
    let now = found.entry.rates(0, None, at_ms).prices();
    let rate =
        |rate: Option<u64>| rate.map(|rate| dollars(Nanodollars(i64::try_from(rate).unwrap_or(i64::MAX))));
    json!({
        "input": rate(now.input),
        "output": rate(now.output),
        "cacheWrite": rate(now.cache_write_5m),
        "cacheWrite1h": rate(now.cache_write_1h),
        "cacheRead": rate(now.cache_read),
    })
}

/// All of a cost.
pub(super) fn costs(cost: Nanodollars) -> Value {
    json!({
        "totalCost": dollars(cost),
        "totalNanodollars": cost,
        "formatted": { "totalCost": formatted(cost) },
    })
}

/// A day or an hour of a trend.
pub(super) fn point(clock: &Clock, at_ms: i64, step: Step, totals: &Totals) -> Value {
    let tokens = &totals.tokens;
    let mut point = json!({
        "requests": totals.requests,
        "failed": totals.failed,
        "inputTokens": tokens.input,
        "outputTokens": tokens.output,
        "cacheCreateTokens": tokens.cache_write(),
        "cacheReadTokens": tokens.cache_read,
        "totalTokens": tokens.all(),
        "cost": dollars(totals.cost),
        "costNanodollars": totals.cost,
    });
    if let (Value::Object(point), Value::Object(when)) = (&mut point, instant(clock, at_ms, step)) {
        point.extend(when);
    }
    point
}

/// When it is: the day, and the hour with it.
pub(super) fn instant(clock: &Clock, at_ms: i64, step: Step) -> Value {
    let day = clock.day_name(at_ms);
    match step {
        Step::Day => json!({ "date": day }),
        Step::Hour => json!({ "date": day, "hour": Clock::rfc3339(at_ms), "label": clock.time_name(at_ms) }),
    }
}

/// As a number of JSON, for reading: the exact amount stands beside it.
pub(super) fn dollars(cost: Nanodollars) -> f64 {
    cost.as_dollars()
}

fn formatted(cost: Nanodollars) -> String {
    format!("${:.6}", cost.as_dollars())
}
