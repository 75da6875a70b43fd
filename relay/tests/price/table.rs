//! Finding prices, and tables of the operator's own.

use relay::price::{Rate, Rates, Table, TableError};

fn found(model: &str) -> Option<(String, bool)> {
    Table::embedded().find(model).map(|found| (found.entry.id.clone(), found.is_guess))
}

fn rates(dollars: [Option<f64>; 5]) -> Rates {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let [input, output, cache_write_5m, cache_write_1h, cache_read] =
        dollars.map(|price| price.map(|dollars| Rate((dollars * 1e9).round() as u64)));
    Rates { input, output, cache_write_5m, cache_write_1h, cache_read, ..Rates::default() }
}

/// Milliseconds since 1970 at the beginning of 2026-12-01 and 2027-01-01, UTC.
const DECEMBER: i64 = 1_796_083_200_000;
const JANUARY: i64 = 1_798_761_600_000;

#[test]
fn names_are_found_as_listed_dated_or_by_their_beginning() {
    for (model, expected) in [
        ("claude-sonnet-4-5", Some(("claude-sonnet-4-5", false))),
        ("claude-sonnet-4-5-20250929", Some(("claude-sonnet-4-5", false))),
        ("Anthropic/Claude-Sonnet-4-5@20250929", Some(("claude-sonnet-4-5", false))),
        ("claude-opus-4-8[1m]", Some(("claude-opus-4-8", false))),
        ("claude-opus-4-8-20260801", Some(("claude-opus-4-8", false))),
        ("claude-opus-4-8-latest", Some(("claude-opus-4-8", false))),
        ("claude-opus-4-8-preview", Some(("claude-opus-4-8", true))),
        ("claude-sonnet-4-5-20250929-v1:0", Some(("claude-sonnet-4-5", true))),
        ("claude-opus-4", Some(("claude-opus-4-0", false))),
        ("claude-opus-4-9", None),
        ("claude-opus-4-5-1", None),
        ("claude-opus-4-55", None),
        ("models/gemini-2.5-pro", Some(("gemini-2.5-pro", false))),
        ("gemini-2.5-flash-preview-05-20", Some(("gemini-2.5-flash-preview", false))),
        ("gpt-5.9", None),
        ("gpt-4omega", None),
        ("claude", None),
        ("", None),
        ("-", None),
    ] {
        assert_eq!(found(model), expected.map(|(id, guess)| (id.to_owned(), guess)), "{model}");
    }
}

#[test]
fn a_tier_holds_above_its_limit_for_all_classes() {
    let table = Table::embedded();
    let entry = table.find("claude-haiku-5-5").expect("it is listed").entry;

    let standard = rates([Some(0.1), Some(0.5), Some(0.125), Some(0.2), Some(0.01)]);
    assert_eq!(entry.rates(100_000, None, 0), standard);
    assert_eq!(
        entry.rates(100_001, None, 0),
        rates([Some(0.5), Some(2.5), Some(0.625), Some(1.0), Some(0.05)])
    );
}

#[test]
fn a_planned_price_holds_from_its_day_on() {
    let table = Table::embedded();
    let price = |model, at_ms| table.find(model).expect("it is listed").entry.rates(0, None, at_ms);

    let low = rates([Some(2.0), Some(10.0), None, None, Some(0.1)]);
    let high = rates([Some(4.0), Some(20.0), None, None, Some(0.2)]);
    assert_eq!(price("gemini-4-argon", DECEMBER - 1), low);
    assert_eq!(price("gemini-4-argon", DECEMBER), high);
    assert_eq!(price("gemini-3.8-flash", JANUARY - 1).input, Some(Rate(750_000_000)));
    assert_eq!(price("gemini-3.8-flash", JANUARY).input, Some(Rate(1_500_000_000)));
}

#[test]
fn price_classes_have_their_own_prices() {
    let table = Table::embedded();
    let pro = table.find("gemini-2.5-pro").expect("it is listed").entry;

    let tiered = rates([Some(2.5), Some(18.0), None, None, Some(0.25)]);
    assert_eq!(pro.rates(0, Some("priority"), 0), rates([Some(2.25), Some(18.0), None, None, Some(0.225)]));
    assert_eq!(pro.rates(200_001, Some("priority"), 0), tiered);
    assert_eq!(pro.rates(0, Some("flex"), 0), rates([Some(0.625), Some(5.0), None, None, Some(0.125)]));
    assert_eq!(pro.rates(0, Some("standard"), 0), pro.rates(0, None, 0));
}

#[test]
fn an_operators_table_lies_over_the_embedded_one() {
    let table = Table::with_json(
        r#"[{"id":"claude-opus-5","input":1.5,"output":2e0},
            {"id":"House-Model","aliases":["claude-sonnet-5"],"input":0.000000001,"output":0}]"#,
    )
    .expect("it is valid");
    let input = |model| table.find(model).and_then(|found| found.entry.rates(0, None, 0).input);

    assert_eq!(input("claude-opus-5"), Some(Rate(1_500_000_000)));
    assert_eq!(input("house-model"), Some(Rate(1)));
    assert_eq!(input("claude-sonnet-5"), Some(Rate(1)));
    assert_eq!(input("claude-opus-4-5"), Some(Rate(5_000_000_000)));
    assert_ne!(table.version(), Table::embedded().version());
}

#[test]
fn the_version_names_the_contents() {
    let version = Table::embedded().version().to_owned();

    assert_eq!(version.len(), 12);
    assert_eq!(version, Table::embedded().version());
}

#[test]
fn a_bad_table_is_refused_with_the_reason() {
    for (json, reason) in [
        ("", "a price table must be a JSON array of entries"),
        ("{}", "a price table must be a JSON array of entries"),
        ("[]", "the price table has no entries"),
        ("[5]", "entry 1 of the price table (without id): the entry must be an object"),
        (r#"[{"input":1,"output":1}]"#, "entry 1 of the price table (without id): id is missing"),
        (r#"[{"id":"a","input":1}]"#, r#"entry 1 of the price table ("a"): output is missing"#),
        (
            r#"[{"id":"a","input":1,"output":1},{"id":"b","input":-1,"output":1}]"#,
            r#"entry 2 of the price table ("b"): input is not a price: -1"#,
        ),
        (
            r#"[{"id":"a","input":1,"output":"1"}]"#,
            r#"entry 1 of the price table ("a"): output is not a price: "1""#,
        ),
        (
            r#"[{"id":"a","input":1,"output":1e400}]"#,
            r#"entry 1 of the price table ("a"): output is not a price: 1e400"#,
        ),
        (
            r#"[{"id":"a","input":1,"output":1,"above_200k":{"input":null}}]"#,
            r#"entry 1 of the price table ("a"): input is not a price: null"#,
        ),
        (
            r#"[{"id":"a","input":1,"output":1,"above_200k":5}]"#,
            r#"entry 1 of the price table ("a"): above_200k must be an object"#,
        ),
        (
            r#"[{"id":"a","input":1,"output":1,"factors":{"us":-1}}]"#,
            r#"entry 1 of the price table ("a"): factors.us is not a factor: -1"#,
        ),
        (
            r#"[{"id":"a","input":1,"output":1,"next":{"from":"soon"}}]"#,
            r#"entry 1 of the price table ("a"): next.from is not a date: "soon""#,
        ),
        (
            r#"[{"id":"a","input":1,"output":1,"aliases":"b"}]"#,
            r#"entry 1 of the price table ("a"): aliases must be a list of names"#,
        ),
        (
            r#"[{"id":"a","input":1,"output":1},{"id":"b","aliases":["A"],"input":1,"output":1}]"#,
            "the price table has two entries for a",
        ),
    ] {
        assert_eq!(Table::with_json(json).expect_err("must be refused").to_string(), reason, "{json}");
    }
}

#[test]
fn a_missing_file_is_named() {
    let path = std::env::temp_dir().join("no-such-folder").join("prices.json");

    let error = Table::with_file(&path).expect_err("there is none");

    assert!(matches!(&error, TableError::Unreadable { path: named, .. } if *named == path), "{error}");
}

#[test]
fn every_entry_is_found_by_its_own_names_with_its_own_prices() {
    let path = format!("{}/prices.json", env!("CARGO_MANIFEST_DIR"));
    let json = std::fs::read_to_string(path).expect("the table is there");
    let listed: Vec<serde_json::Value> = serde_json::from_str(&json).expect("it is valid");
    let table = Table::embedded();
    for entry in listed {
        let aliases = entry["aliases"].as_array().cloned().unwrap_or_default();
        let dollars = |field: &str| entry[field].as_f64();
        let expected = rates([
            dollars("input"),
            dollars("output"),
            dollars("cache_write_5m").or(dollars("cache_write")),
            dollars("cache_write_1h"),
            dollars("cache_read"),
        ]);
        let input_audio = rates([dollars("input_audio"), None, None, None, None]).input;
        let expected = Rates { input_audio, ..expected };
        for name in aliases.iter().chain([&entry["id"]]).filter_map(serde_json::Value::as_str) {
            let found = table.find(name).expect("it is listed");

            assert_eq!(found.entry.rates(0, None, 0), expected, "{name}");
            assert!(!found.is_guess, "{name}");
        }
    }
}
