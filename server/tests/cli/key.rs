//! Keys with limits, by command.

use serde_json::json;

use crate::home::Home;

#[test]
fn a_key_gets_limits_and_shows_them() {
    let home = Home::new();

    home.run_words(&[
        "keys",
        "create",
        "--name",
        "laptop",
        "--limit",
        "1M",
        "--limit",
        "cost 5/month opus",
        "--limit",
        "concurrency 4 wait 10s",
        "--owner",
        "joan",
        "--tag",
        "Team A",
        "--service",
        "claude",
        "--block-model",
        "haiku",
        "--budget",
        "strict",
        "--expires-after-first-use",
        "30",
    ])
    .ok();
    let shown = home.run("keys show laptop --json").json();
    let text = home.run("keys show laptop").stdout;

    assert_eq!(shown["limits"]["limits"][0], json!({"measure": "tokens", "most": 1_000_000, "per": "total"}));
    assert_eq!(shown["limits"]["limits"][1]["models"], "opus");
    assert_eq!(shown["limits"]["concurrency"], json!({"most": 4, "wait_ms": 10_000}));
    assert_eq!(shown["limits"]["expiry"], json!({"days_after_first_use": 30}));
    assert_eq!((&shown["limits"]["budget"], &shown["about"]["tags"]), (&json!("strict"), &json!(["team a"])));
    assert_eq!(shown["usage"]["limits"][0]["used"], 0);
    for words in [
        "1,000,000 tokens in total",
        "$5.00 a month for opus",
        "0 of 4",
        "30 days after its first use",
        "joan",
    ] {
        assert!(text.contains(words), "{words:?} in {text}");
    }
}

#[test]
fn an_update_changes_what_it_names_and_leaves_the_rest() {
    let home = Home::new();
    home.run_words(&["keys", "create", "--name", "a", "--limit", "tokens 5/day", "--limit", "requests 9/1m"])
        .ok();

    home.run_words(&[
        "keys",
        "update",
        "a",
        "--limit",
        "tokens 7/day",
        "--note",
        "n",
        "--expires",
        "2099-01-31",
    ])
    .ok();
    let changed = home.run("keys show a --json").json();
    home.run_words(&["keys", "update", "a", "--clear-limits", "--name", "b"]).ok();
    let cleared = home.run("keys show b --json").json();

    let most: Vec<_> =
        changed["limits"]["limits"].as_array().expect("limits").iter().map(|l| &l["most"]).collect();
    assert_eq!(most, [7, 9]);
    assert_eq!(changed["about"]["note"], "n");
    assert!(changed["expires_ms"].as_i64().is_some_and(|at_ms| at_ms > 4_000_000_000_000));
    assert_eq!((&cleared["limits"], &cleared["about"]["note"]), (&json!({}), &json!("n")));
}

#[test]
fn many_keys_come_as_a_table() {
    let home = Home::new();

    let table = home.run("keys create --name laptop --count 3 --tag spare --csv");
    let listed = home.run("keys list --tag spare --json").json();

    table.ok();
    let lines: Vec<_> = table.stdout.lines().collect();
    assert_eq!((lines.len(), lines[0]), (4, "name,id,key"));
    assert!(lines[1].starts_with("\"laptop 1\",") && lines[3].contains(",\"cr_"), "{lines:?}");
    assert_eq!(listed.as_array().expect("keys").len(), 3);
}

#[test]
fn a_key_gets_another_text() {
    let home = Home::new();
    let first = home.run("keys create --name a --json").json();

    let second = home.run("keys rotate a --grace 1h --json").json();
    let shown = home.run("keys show a --json").json();

    assert_eq!(first["id"], second["id"]);
    assert_ne!(first["key"], second["key"]);
    assert!(shown["former_until_ms"].is_i64());
}

#[test]
fn what_is_no_limit_is_wrong_usage_with_an_example() {
    let home = Home::new();

    let wrong = home.run_words(&["keys", "create", "--name", "a", "--limit", "tokens many/day"]);

    assert_eq!(wrong.code, Some(2));
    assert!(wrong.stderr.contains("tokens 1M/day"), "{wrong:?}");
    let late = home.run_words(&["keys", "create", "--name", "a", "--expires", "tomorrow"]);
    assert_eq!(late.code, Some(1));
    assert!(late.stderr.contains("2027-01-31"), "{late:?}");
}
