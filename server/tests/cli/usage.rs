//! Usage and prices from the command line.

use serde_json::{Value, json};

use crate::home::Home;
use crate::office::Office;

fn sum(parts: &Value, figure: &str) -> u64 {
    let parts = parts.as_array().expect("parts").iter();
    parts.map(|part| part["totals"][figure].as_u64().expect(figure)).sum()
}

#[test]
fn usage_is_told_by_whatever_is_asked_and_every_part_adds_up() {
    let office = Office::open();
    for (key, model) in [(0, "claude-sonnet-4-5"), (0, "claude-haiku-4-5"), (1, "claude-sonnet-4-5")] {
        office.call(key, model);
    }

    let total = office.ask("usage --since today")["total"].clone();

    assert_eq!((&total["requests"], &total["failed"]), (&json!(3), &json!(0)));
    assert!(total["cost"].as_u64() > Some(0), "{total}");
    for by in ["model", "key", "account", "owner", "tag", "outcome", "day", "hour"] {
        let asked = office.ask(&format!("usage --since 24h --by {by}"));
        assert_eq!(asked["total"], total, "{by}");
        for figure in ["requests", "input", "output", "cache_read", "cost"] {
            assert_eq!(sum(&asked["parts"], figure), total[figure].as_u64().expect(figure), "{by} {figure}");
        }
    }
    let laptop = office.ask("usage --since today --key laptop --by model");
    assert_eq!(laptop["total"]["requests"], 2);
    assert_eq!(laptop["parts"].as_array().map(Vec::len), Some(2));
}

#[test]
fn usage_is_the_same_with_and_without_a_server_and_as_csv() {
    let office = Office::open();
    office.call(0, "claude-sonnet-4-5");
    office.call(1, "claude-haiku-4-5");
    let lines = ["usage --by key --csv", "usage --by key", "prices list"];

    let through = lines.map(|line| office.home.run(line));
    let Office { home, server, provider: _provider, .. } = office;
    server.stop();
    let alone = lines.map(|line| home.run(line));

    for (through, alone) in through.iter().zip(&alone) {
        through.ok();
        assert_eq!(through.stdout, alone.stdout);
    }
    let csv: Vec<_> = through[0].stdout.split("\r\n").collect();
    assert!(csv[0].starts_with("id,name,requests,failed,input_tokens,"), "{csv:?}");
    assert_eq!(csv.len(), 4, "{csv:?}");
    assert!(through[1].stdout.contains("laptop") && through[1].stdout.contains("total"), "{through:?}");
}

#[test]
fn the_books_are_verified() {
    let office = Office::open();
    office.call(0, "claude-sonnet-4-5");

    let found = office.ask("usage verify");

    assert_eq!((&found["records"], &found["differences"]), (&json!(1), &json!([])));
    assert!(office.home.run("usage verify").stdout.ends_with("The books add up.\n"));
}

#[test]
fn prices_are_overridden_and_the_past_keeps_its_own_until_it_is_priced_anew() {
    let office = Office::open();
    office.call(0, "claude-sonnet-4-5");
    let before = office.ask("usage --since today")["total"].clone();

    let own = office.ask("prices override claude-sonnet-4-5 --from today --input 1000 --output 2000.5");
    let kept = office.ask("usage --since today")["total"].clone();
    let repriced = office.ask("prices reprice --since today");
    let after = office.ask("usage --since today")["total"].clone();
    let listed = office.ask("prices list --model claude-sonnet-4-5");
    office.ask("prices remove claude-sonnet-4-5");
    office.ask("prices reprice --since today");
    let back = office.ask("usage --since today")["total"].clone();

    assert_eq!(
        (&own["input"], &own["output"]),
        (&json!(1_000_000_000_000_u64), &json!(2_000_500_000_000_u64))
    );
    assert_eq!(kept, before);
    assert_eq!((&repriced["records"], &repriced["changed"]), (&json!(1), &json!(1)));
    assert_eq!((&repriced["before"], &repriced["after"]), (&before["cost"], &after["cost"]));
    let tokens = |class: &str| after[class].as_u64().expect(class);
    assert_eq!(after["cost"], tokens("input") * 1_000_000 + tokens("output") * 2_000_500);
    assert_eq!(listed["rows"][0]["now"]["input"], json!(1_000_000_000_000_u64));
    assert_eq!(back, before);
    assert_eq!(office.ask("usage verify")["differences"], json!([]));
}

#[test]
fn what_is_no_question_is_refused() {
    let home = Home::new();
    for (line, code, words) in [
        ("usage --by colour", 2, "one of: model, key"),
        ("usage --since soon", 1, "since: must be a day"),
        ("usage --key nobody", 1, "key nobody: does not exist"),
        ("usage --csv --json", 2, "--json"),
        ("usage verify --by key", 2, ""),
        ("prices override m --input 1", 1, "output: this is required"),
        ("prices override claude-sonnet-4-5 --input cheap", 1, "input: must be a price"),
        ("prices remove claude-sonnet-4-5", 1, "model: does not exist"),
    ] {
        let done = home.run(line);
        assert_eq!(done.code, Some(code), "{line}: {done:?}");
        assert!(done.stderr.contains(words), "{line}: {done:?}");
    }
}
