//! What usage costs at list price.
//!
//! All arithmetic is on integers and rounded once, half up, to the nano-dollar. It saturates: absurd usage costs
//! an absurd amount, never a negative one, and more usage never costs less.

use crate::model::money::Nanodollars;
use crate::model::price::{Breakdown, CostClass, CostLine, FactorKind};
use crate::model::usage::Usage;
use crate::price::{Entry, Factor, Rate, Table};
use crate::store::attempt::Attempt;

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
    Some(Bill::of(table.find(model)?.entry, usage, at_ms)?.total())
}

/// Gives a record its cost and the version of the prices, or neither: a sandbox's answer costs nothing and has no
/// price, nor has what upstream did not take.
pub fn price(table: &Table, record: &mut Attempt) {
    let cost = if record.is_charged() {
        cost(table, record.shown_model(), &record.usage, record.at_ms)
    } else {
        None
    };
    record.cost = cost;
    record.price = cost.map(|_| table.version().to_owned());
}

/// How the cost of `usage` of `model` comes about, class by class. The classes' amounts add up to what [`cost`] gives:
/// what rounding leaves over goes to those that it took most from.
pub fn breakdown(table: &Table, model: &str, usage: &Usage, at_ms: i64) -> Option<Breakdown> {
    let found = table.find(model)?;
    let bill = Bill::of(found.entry, usage, at_ms)?;
    Some(Breakdown {
        entry: found.entry.id.clone(),
        is_guess: found.is_guess,
        is_own: found.entry.is_own(at_ms),
        tier: found.entry.tier(usage.tokens.prompt()),
        service_tier: usage.service_tier.clone(),
        factors: bill.factors(),
        lines: bill.lines(),
        total: bill.total(),
    })
}

/// Counts and prices by class, and what multiplies them.
struct Bill {
    items: [(CostClass, u64, Rate); 7],
    fast: Option<Factor>,
    us: Option<Factor>,
    is_batch: bool,
}

impl Bill {
    /// A class without a price of its own is charged as input: no provider gives away what it does not list. Nothing
    /// if the model has no price at that instant.
    fn of(entry: &Entry, usage: &Usage, at_ms: i64) -> Option<Self> {
        let tokens = &usage.tokens;
        let rates = entry.rates(tokens.prompt(), usage.service_tier.as_deref(), at_ms);
        let (input, output) = (rates.input?, rates.output?);
        let audio = if rates.input_audio.is_some() { usage.audio.min(tokens.input) } else { 0 };
        let write_1h = rates.cache_write_1h.or(rates.cache_write_5m).unwrap_or(input);
        let (searches, by_search) = entry.searches(usage.web_searches, at_ms);
        let items = [
            (CostClass::Input, tokens.input - audio, input),
            (CostClass::InputAudio, audio, rates.input_audio.unwrap_or(input)),
            (CostClass::CacheWrite5m, tokens.cache_write_5m, rates.cache_write_5m.unwrap_or(input)),
            (CostClass::CacheWrite1h, tokens.cache_write_1h, write_1h),
            (CostClass::CacheRead, tokens.cache_read, rates.cache_read.unwrap_or(input)),
            (CostClass::Output, tokens.output, output),
            (CostClass::WebSearch, searches, by_search),
        ];
        Some(Self {
            items,
            fast: entry.fast.filter(|_| usage.fast),
            us: entry.us.filter(|_| usage.us_only),
            is_batch: usage.service_tier.as_deref() == Some("batch"),
        })
    }

    /// What multiplies the prices of tokens, and of tokens only, as a fraction: fast mode, inference in the US, and
    /// the half price of batches.
    fn factor(&self) -> (i128, i128) {
        let (mut multiple, mut parts) = (1, 1);
        for factor in [self.fast, self.us].into_iter().flatten() {
            multiple *= i128::from(factor.0);
            parts *= i128::from(Factor::UNIT);
        }
        if self.is_batch {
            parts *= 2;
        }
        (multiple, parts)
    }

    /// The amount of each class, and how many of its units make a nano-dollar.
    fn amounts(&self) -> ([i128; 7], i128) {
        let (multiple, parts) = self.factor();
        let amounts = self.items.map(|(class, count, rate)| {
            let product = i128::from(count).saturating_mul(i128::from(rate.0));
            match class {
                CostClass::WebSearch => product.saturating_mul(parts.saturating_mul(MILLION / 1_000)),
                _ => product.saturating_mul(multiple),
            }
        });
        (amounts, MILLION.saturating_mul(parts))
    }

    fn total(&self) -> Nanodollars {
        let (amounts, unit) = self.amounts();
        let sum = amounts.into_iter().fold(0, i128::saturating_add);
        Nanodollars(whole(sum.saturating_add(unit / 2) / unit))
    }

    fn factors(&self) -> Vec<(FactorKind, u64)> {
        let batch = self.is_batch.then_some(Factor(Factor::UNIT / 2));
        let factors = [(FactorKind::Fast, self.fast), (FactorKind::Us, self.us), (FactorKind::Batch, batch)];
        factors.into_iter().filter_map(|(kind, factor)| Some((kind, factor?.0))).collect()
    }

    fn lines(&self) -> Vec<CostLine> {
        let (amounts, unit) = self.amounts();
        let mut left = self.total().0;
        let mut shares = amounts.map(|amount| {
            let share = whole(amount / unit).min(left);
            left -= share;
            share
        });
        let mut order = [0, 1, 2, 3, 4, 5, 6];
        order.sort_by_key(|at: &usize| std::cmp::Reverse(amounts[*at] % unit));
        for at in order {
            let more = left.min(1);
            shares[at] += more;
            left -= more;
        }
        let lines = self.items.iter().zip(shares).filter(|((_, count, _), _)| *count > 0);
        lines
            .map(|((class, count, rate), share)| CostLine {
                class: *class,
                count: *count,
                rate: rate.0,
                amount: Nanodollars(share),
            })
            .collect()
    }
}

fn whole(amount: i128) -> i64 {
    i64::try_from(amount).unwrap_or(i64::MAX)
}
