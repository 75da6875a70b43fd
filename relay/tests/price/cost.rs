//! Usage times price.

use proptest::prelude::*;
use relay::meter::cost::cost;
use relay::model::money::Nanodollars;
use relay::model::usage::{Tokens, Usage};
use relay::price::Table;
use relay::stream::observe::{End, JSON_LIMIT, Observer};

fn tokens(input: u64, cache_write_5m: u64, cache_write_1h: u64, cache_read: u64, output: u64) -> Usage {
    Usage { tokens: Tokens { input, output, cache_write_5m, cache_write_1h, cache_read }, ..Usage::default() }
}

/// Nano-dollars of `usage`, before any planned change of prices.
fn price(model: &str, usage: &Usage) -> Option<i64> {
    cost(&Table::embedded(), model, usage, 0).map(|amount| amount.0)
}

#[test]
fn the_check_values_of_the_price_list_hold() {
    assert_eq!(price("claude-sonnet-4-5", &tokens(12, 500, 1500, 5000, 34)), Some(12_921_000));
    assert_eq!(price("claude-haiku-5-5", &tokens(200_000, 0, 0, 0, 1000)), Some(102_500_000));
}

#[test]
fn every_fixture_costs_what_it_must() {
    for (name, nano_dollars) in [
        ("gemini-stream.sse", 2_137_500),
        ("gemini-stream-array.json", 2_137_500),
        ("gemini-nonstream.json", 144_200),
        ("gemini-blocked.json", 5_700),
        ("codeassist-stream.sse", 265_000),
        ("anthropic-text.sse", 300_000),
        ("anthropic-tool-use.sse", 2_751_000),
        ("anthropic-thinking.sse", 3_855_000),
        ("anthropic-cache-1h.sse", 12_921_000),
        ("anthropic-server-tool.sse", 59_696_000),
        ("anthropic-error-midstream.sse", 7_485_000),
        ("anthropic-truncated.sse", 165_000),
        ("anthropic-nonstream.json", 22_921_000),
    ] {
        let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
        let mut observer = match (name.starts_with("anthropic-"), name.ends_with(".json")) {
            (true, true) => Observer::json(JSON_LIMIT),
            (true, false) => Observer::stream(),
            (false, true) => Observer::google_json(JSON_LIMIT),
            (false, false) => Observer::google_stream(),
        };
        observer.feed(&std::fs::read(path).expect("the fixture is there"));
        let reading = observer.finish(End::Whole);

        let model = reading.model.expect("it is named");

        assert_eq!(price(&model, &reading.usage), Some(nano_dollars), "{name}");
    }
}

#[test]
fn searches_are_charged_by_the_piece_and_no_factor_applies_to_them() {
    let usage = Usage { web_searches: 3, fast: true, us_only: true, ..tokens(1000, 0, 0, 0, 0) };

    assert_eq!(price("claude-opus-5", &usage), Some(11_000_000 + 30_000_000));
}

#[test]
fn google_charges_older_models_by_the_request_that_searched() {
    let usage = Usage { web_searches: 3, ..Usage::default() };

    assert_eq!(price("gemini-2.5-pro", &usage), Some(35_000_000));
    assert_eq!(price("gemini-3.5-flash", &usage), Some(3 * 14_000_000));
}

#[test]
fn audio_in_the_prompt_has_a_price_of_its_own_where_one_is_listed() {
    let usage = Usage { audio: 400, ..tokens(1000, 0, 0, 0, 0) };

    assert_eq!(price("gemini-2.5-flash", &usage), Some(600 * 300 + 400 * 1000));
    assert_eq!(price("gemini-2.5-pro", &usage), price("gemini-2.5-pro", &tokens(1000, 0, 0, 0, 0)));
}

#[test]
fn factors_multiply_all_prices_of_tokens() {
    let usage = tokens(10, 20, 30, 40, 50);
    let plain = price("claude-opus-5", &usage).expect("it is listed");
    let with = |change: fn(&mut Usage)| {
        let mut usage = usage.clone();
        change(&mut usage);
        price("claude-opus-5", &usage).expect("it is listed")
    };

    assert_eq!(with(|usage| usage.fast = true), plain * 2);
    assert_eq!(with(|usage| usage.us_only = true) * 10, plain * 11);
    assert_eq!(with(|usage| usage.service_tier = Some("batch".into())) * 2, plain);
    assert_eq!(with(|usage| usage.service_tier = Some("priority".into())), plain);
    assert_eq!(
        with(|usage| {
            usage.fast = true;
            usage.us_only = true;
            usage.service_tier = Some("batch".into());
        }) * 10,
        plain * 11
    );
}

#[test]
fn a_factor_that_a_model_does_not_have_changes_nothing() {
    let usage = tokens(10, 20, 30, 40, 50);

    let modified = Usage { fast: true, us_only: true, ..usage.clone() };

    assert_eq!(price("claude-haiku-4-5", &modified), price("claude-haiku-4-5", &usage));
}

#[test]
fn amounts_below_a_nano_dollar_are_rounded_once_half_up() {
    let table = Table::with_json(r#"[{"id":"m","input":0.0005,"output":0.0004,"cache_read":0.000001}]"#)
        .expect("it is valid");
    let price = |usage: Usage| cost(&table, "m", &usage, 0);

    assert_eq!(price(tokens(1, 0, 0, 0, 0)), Some(Nanodollars(1)));
    assert_eq!(price(tokens(0, 0, 0, 0, 1)), Some(Nanodollars(0)));
    assert_eq!(price(tokens(0, 0, 0, 0, 2)), Some(Nanodollars(1)));
    assert_eq!(price(tokens(1, 0, 0, 0, 1)), Some(Nanodollars(1)));
    assert_eq!(price(tokens(0, 0, 0, 499, 0)), Some(Nanodollars(0)));
}

#[test]
fn a_class_without_a_price_is_charged_as_input() {
    assert_eq!(price("claude-2", &tokens(0, 1, 2, 3, 0)), Some(6 * 8000));
}

#[test]
fn an_unknown_model_has_no_cost() {
    assert_eq!(price("unheard-of", &tokens(1, 1, 1, 1, 1)), None);
}

#[test]
fn absurd_usage_costs_an_absurd_amount_and_never_wraps() {
    let usage = Usage {
        web_searches: u64::MAX,
        fast: true,
        us_only: true,
        ..tokens(u64::MAX, u64::MAX, u64::MAX, u64::MAX, u64::MAX)
    };

    assert_eq!(price("claude-opus-5", &usage), Some(i64::MAX));
}

fn any_count() -> impl Strategy<Value = u64> {
    prop_oneof![0..1000_u64, 0..10_000_000_u64, any::<u64>()]
}

fn any_usage() -> impl Strategy<Value = Usage> {
    let counts = [(); 6].map(|()| any_count());
    let tier = prop_oneof![Just(None), Just(Some("batch")), Just(Some("priority")), Just(Some("flex"))];
    (counts, tier, any::<bool>(), any::<bool>()).prop_map(
        |([a, b, c, d, e, web_searches], tier, fast, us_only)| Usage {
            web_searches,
            service_tier: tier.map(Into::into),
            fast,
            us_only,
            ..tokens(a, b, c, d, e)
        },
    )
}

proptest! {
    #[test]
    fn more_usage_never_costs_less_and_nothing_costs_less_than_nothing(
        usage in any_usage(),
        more in [(); 6].map(|()| any_count()),
        model in proptest::sample::select(vec![
            "claude-haiku-5-5", "claude-sonnet-4-5", "claude-opus-5", "claude-2", "gemini-2.5-pro", "gpt-5.5",
        ]),
        at_ms in any::<i64>(),
    ) {
        let table = Table::embedded();
        let mut larger = usage.clone();
        let [a, b, c, d, e, searches] = more;
        larger.tokens += tokens(a, b, c, d, e).tokens;
        larger.web_searches = larger.web_searches.saturating_add(searches);

        let amount = cost(&table, model, &usage, at_ms);

        prop_assert!(amount >= Some(Nanodollars::ZERO));
        prop_assert!(cost(&table, model, &larger, at_ms) >= amount);
    }
}
