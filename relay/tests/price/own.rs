//! Prices of the operator's own.

use relay::meter::cost::cost;
use relay::model::price::{ClassPrices, PriceOverride};
use relay::model::usage::{Tokens, Usage};
use relay::price::{Prices, Table};

const DOLLAR: u64 = 1_000_000_000;

fn own(model: &str, from_ms: i64, prices: ClassPrices) -> PriceOverride {
    PriceOverride { model: model.to_owned(), from_ms, prices }
}

fn input(dollars: u64) -> ClassPrices {
    ClassPrices { input: Some(dollars * DOLLAR), ..ClassPrices::default() }
}

fn flat(dollars: u64) -> ClassPrices {
    ClassPrices { output: Some(dollars * DOLLAR), ..input(dollars) }
}

/// Nano-dollars of a million tokens of input and two million of output.
fn price(table: &Table, model: &str, at_ms: i64) -> Option<i64> {
    let tokens = Tokens { input: 1_000, output: 2_000, ..Tokens::default() };
    cost(table, model, &Usage { tokens, ..Usage::default() }, at_ms).map(|amount| amount.0 / 1_000_000)
}

#[test]
fn an_own_price_holds_from_its_instant_on_until_the_next() {
    let table = Table::embedded().with_overrides(&[
        own("claude-opus-5", 1_000, input(7)),
        own("claude-opus-5", 2_000, ClassPrices::default()),
        own("claude-opus-5", 3_000, flat(1)),
    ]);

    let at = |at_ms| price(&table, "claude-opus-5", at_ms);

    assert_eq!(at(999), Some(5 + 2 * 25));
    assert_eq!(at(1_000), Some(7 + 2 * 25), "output stays as listed");
    assert_eq!(at(1_999), Some(7 + 2 * 25));
    assert_eq!(at(2_000), Some(5 + 2 * 25), "the list's again");
    assert_eq!(at(3_000), Some(3));
}

#[test]
fn an_own_price_of_a_listed_model_holds_for_all_its_names() {
    let table = Table::embedded().with_overrides(&[own("Claude-Sonnet-4-5@20250929", 0, flat(1))]);

    for model in ["claude-sonnet-4-5", "claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4-5[1m]"] {
        assert_eq!(price(&table, model, 0), Some(3), "{model}");
    }
    assert_eq!(price(&table, "claude-sonnet-4-6", 0), Some(3 + 2 * 15));
}

#[test]
fn an_own_price_holds_whatever_the_prompts_length_and_the_service_tier() {
    let table = Table::embedded().with_overrides(&[own("gemini-2.5-pro", 0, input(1))]);
    let entry = table.find("gemini-2.5-pro").expect("it is listed").entry;

    for tier in [None, Some("priority"), Some("flex")] {
        for prompt in [1, 1_000_000] {
            assert_eq!(entry.rates(prompt, tier, 0).input.map(|rate| rate.0), Some(DOLLAR));
        }
    }
    assert_eq!(entry.rates(1_000_000, None, 0).output.map(|rate| rate.0), Some(15 * DOLLAR));
}

#[test]
fn an_unlisted_model_is_priced_from_its_own_price_on_and_unpriced_before() {
    let table = Table::embedded().with_overrides(&[own("house-model", 5, flat(2))]);

    assert_eq!(price(&table, "house-model", 4), None);
    assert_eq!(price(&table, "house-model", 5), Some(6));
    assert_eq!(price(&table, "House-Model-20270101", 5), Some(6));
    assert_eq!(price(&table, "house-model-2", 5), None);
}

#[test]
fn half_a_price_of_an_unlisted_model_is_none() {
    let table = Table::embedded().with_overrides(&[own("house-model", 0, input(2))]);

    assert_eq!(price(&table, "house-model", 0), None);
}

#[test]
fn a_variant_that_was_a_guess_gets_a_price_alone() {
    let table = Table::embedded().with_overrides(&[own("claude-opus-4-8-preview", 0, flat(1))]);

    assert_eq!(price(&table, "claude-opus-4-8-preview", 0), Some(3));
    assert_eq!(price(&table, "claude-opus-4-8", 0), Some(5 + 2 * 25));
    assert!(!table.find("claude-opus-4-8-preview").expect("it is there").is_guess);
}

#[test]
fn own_searches_replace_the_lists() {
    let prices = ClassPrices { web_search: Some(DOLLAR), ..ClassPrices::default() };
    let table = Table::embedded().with_overrides(&[own("claude-opus-5", 10, prices)]);
    let usage = Usage { web_searches: 3, ..Usage::default() };

    assert_eq!(cost(&table, "claude-opus-5", &usage, 9).map(|amount| amount.0), Some(30_000_000));
    assert_eq!(cost(&table, "claude-opus-5", &usage, 10).map(|amount| amount.0), Some(3_000_000));
}

#[test]
fn the_version_tells_overrides_apart_and_a_table_can_be_restored() {
    let table = Table::embedded().with_overrides(&[own("claude-opus-5", 1, flat(1))]);
    let other = Table::embedded().with_overrides(&[own("claude-opus-5", 2, flat(1))]);

    let layers = table.layers().map(str::to_owned).collect();
    let restored = Table::restored(layers, table.own()).expect("it is a table");

    assert_ne!(table.version(), other.version());
    assert_ne!(table.version(), Table::embedded().version());
    assert_eq!(restored.version(), table.version());
    assert_eq!(price(&restored, "claude-opus-5", 1), Some(3));
}

#[test]
fn prices_in_force_change_for_all_who_hold_them() {
    let prices = Prices::new(Table::embedded());
    let held = prices.clone();
    let before = held.load();

    prices.set(prices.with(&[own("claude-opus-5", 0, flat(1))]));

    assert_eq!(price(&before, "claude-opus-5", 0), Some(55));
    assert_eq!(price(&held.load(), "claude-opus-5", 0), Some(3));
    prices.set(prices.with(&[]));
    assert_eq!(held.load().version(), before.version());
}
