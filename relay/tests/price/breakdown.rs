//! How a cost comes about.

use proptest::prelude::*;
use relay::meter::cost::{breakdown, cost};
use relay::model::money::Nanodollars;
use relay::model::price::{CostClass, CostLine, FactorKind};
use relay::model::usage::{Tokens, Usage};
use relay::price::Table;

fn lines(model: &str, usage: &Usage) -> Vec<(CostClass, u64, u64, i64)> {
    let breakdown = breakdown(&Table::embedded(), model, usage, 0).expect("it is listed");
    breakdown.lines.iter().map(|line| (line.class, line.count, line.rate, line.amount.0)).collect()
}

#[test]
fn each_class_has_its_count_its_rate_and_its_share() {
    let tokens =
        Tokens { input: 12, output: 34, cache_write_5m: 500, cache_write_1h: 1500, cache_read: 5000 };
    let usage = Usage { tokens, web_searches: 2, ..Usage::default() };

    assert_eq!(
        lines("claude-sonnet-4-5", &usage),
        [
            (CostClass::Input, 12, 3_000_000_000, 36_000),
            (CostClass::CacheWrite5m, 500, 3_750_000_000, 1_875_000),
            (CostClass::CacheWrite1h, 1500, 6_000_000_000, 9_000_000),
            (CostClass::CacheRead, 5000, 300_000_000, 1_500_000),
            (CostClass::Output, 34, 15_000_000_000, 510_000),
            (CostClass::WebSearch, 2, 10_000_000_000, 20_000_000),
        ]
    );
}

#[test]
fn tier_factors_and_guesses_are_told() {
    let table = Table::embedded();
    let usage = Usage {
        tokens: Tokens { input: 200_000, ..Tokens::default() },
        us_only: true,
        service_tier: Some("batch".into()),
        ..Usage::default()
    };

    let found = breakdown(&table, "claude-haiku-5-5-preview", &usage, 0).expect("it begins like one");

    assert_eq!((found.entry.as_str(), found.is_guess, found.is_own), ("claude-haiku-5-5", true, false));
    assert_eq!(found.tier, Some(100_000));
    assert_eq!(found.factors, [(FactorKind::Us, 1_100_000), (FactorKind::Batch, 500_000)]);
    assert_eq!(found.total, Nanodollars(55_000_000));
    assert_eq!(breakdown(&table, "unheard-of", &usage, 0), None);
}

#[test]
fn what_rounding_leaves_goes_to_the_class_that_lost_most() {
    let table = Table::with_json(r#"[{"id":"m","input":0.0004,"output":0.0003,"cache_read":0.0003}]"#)
        .expect("it is valid");
    let tokens = Tokens { input: 1, output: 1, cache_read: 1, ..Tokens::default() };
    let usage = Usage { tokens, ..Usage::default() };

    let found = breakdown(&table, "m", &usage, 0).expect("it is listed");

    let shares: Vec<_> = found.lines.iter().map(|line| (line.class, line.amount.0)).collect();
    assert_eq!(found.total, Nanodollars(1));
    assert_eq!(shares, [(CostClass::Input, 1), (CostClass::CacheRead, 0), (CostClass::Output, 0)]);
}

fn any_count() -> impl Strategy<Value = u64> {
    prop_oneof![0..10_u64, 0..1_000_000_u64, any::<u64>()]
}

proptest! {
    #[test]
    fn the_shares_add_up_to_the_cost_to_the_nano_dollar(
        counts in [(); 7].map(|()| any_count()),
        tier in proptest::sample::select(vec![None, Some("batch"), Some("priority"), Some("flex")]),
        fast in any::<bool>(),
        us_only in any::<bool>(),
        model in proptest::sample::select(vec!["claude-haiku-5-5", "claude-opus-5", "claude-2", "gemini-2.5-flash", "gpt-5.5"]),
    ) {
        let table = Table::embedded();
        let [input, output, cache_write_5m, cache_write_1h, cache_read, audio, web_searches] = counts;
        let usage = Usage {
            tokens: Tokens { input, output, cache_write_5m, cache_write_1h, cache_read },
            audio,
            web_searches,
            fast,
            us_only,
            service_tier: tier.map(Into::into),
            ..Usage::default()
        };

        let found = breakdown(&table, model, &usage, 0).expect("it is listed");

        let sum: i128 = found.lines.iter().map(|line: &CostLine| i128::from(line.amount.0)).sum();
        prop_assert_eq!(Some(found.total), cost(&table, model, &usage, 0));
        prop_assert_eq!(sum, i128::from(found.total.0));
        prop_assert!(found.lines.iter().all(|line| line.amount >= Nanodollars::ZERO && line.count > 0));
    }
}
