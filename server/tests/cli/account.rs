//! Accounts, their proxies and their groups from the command line.

use serde_json::json;

use crate::home::Home;
use crate::provider::Provider;

const SECRET: &str = "sk-ant-api03-not-a-real-one-wxyz";

fn added(home: &Home, more: &str) -> serde_json::Value {
    let line = format!("accounts add --kind claude-api-key --name team --secret-stdin --json {more}");
    home.run_with(&line, &format!("{SECRET}\n")).json()
}

#[test]
fn everything_that_can_be_set_is_set_and_changed_in_part() {
    let home = Home::new();
    let first = "--base-url http://127.0.0.1:9 --priority 7 --weight 3 --concurrency 4 --note ours";

    let added = added(&home, &format!("{first} --proxy http://127.0.0.1:3128"));
    let changed = home.run("accounts update team --weight 5 --concurrency 0 --name crew --json").json();
    let direct = home.run("accounts update crew --proxy none --json").json();

    assert_eq!(
        (&added["priority"], &added["weight"], &added["concurrency"]),
        (&json!(7), &json!(3), &json!(4))
    );
    assert_eq!((&added["note"], &added["proxy"]["port"]), (&json!("ours"), &json!(3128)));
    assert_eq!((&changed["name"], &changed["weight"]), (&json!("crew"), &json!(5)));
    assert_eq!((&changed["concurrency"], &changed["priority"]), (&json!(null), &json!(7)));
    assert_eq!((&changed["base_url"], &changed["proxy"]), (&json!("http://127.0.0.1:9"), &added["proxy"]));
    assert_eq!((&direct["proxy"], &direct["note"]), (&json!(null), &json!("ours")));
}

#[test]
fn the_proxy_s_password_is_the_first_line_and_shows_nowhere() {
    let home = Home::new();
    let line = "accounts add --kind claude-api-key --name team --secret-stdin --proxy socks5://joe@127.0.0.1:9 \
                --proxy-password-stdin --json";

    let added = home.run_with(line, &format!("hush hush\n{SECRET}\n"));
    let shown = home.run("accounts show team");
    let tested = home.run("accounts test team --json");

    assert_eq!(added.json()["secret_hint"], "wxyz");
    assert!(shown.stdout.contains("socks5://joe@127.0.0.1:9"), "{shown:?}");
    assert_eq!(tested.code, Some(1));
    assert!(tested.stdout.contains("\"proxy\""), "{tested:?}");
    for done in [&added, &shown, &tested] {
        assert!(!done.stdout.contains("hush hush") && !done.stderr.contains("hush hush"), "{done:?}");
    }
}

#[test]
fn a_new_api_key_takes_the_old_one_s_place() {
    let provider = Provider::start();
    let home = provider.home();
    added(&home, "");

    let before = home.run("accounts test team");
    home.run_with("accounts update team --secret-stdin", "sk-ant-api03-good\n").ok();
    let after = home.run("accounts test team");

    assert_eq!((before.code, after.code), (Some(1), Some(0)), "{before:?} {after:?}");
}

#[test]
fn clearing_ends_what_keeps_an_account_out_but_no_pause() {
    let home = Home::new();
    added(&home, "");
    home.run("accounts pause team").ok();

    let cleared = home.run("accounts clear team --json").json();
    let resumed = home.run("accounts resume team --json").json();

    assert_eq!((&cleared["state"], &resumed["state"]), (&json!("paused"), &json!("able")));
}

#[test]
fn groups_are_made_listed_changed_and_deleted_and_keys_bound_to_them() {
    let home = Home::new();
    added(&home, "");

    let made = home.run("groups create --name red --account team --json").json();
    let bound = home.run("keys create --name laptop --group red --json").json();
    let listed = home.run("keys list --json").json();
    let groups = home.run("groups list --json").json();
    let kept = home.run("groups delete red");
    home.run("keys delete laptop").ok();
    let emptied = home.run("groups set red --name blue --empty --json").json();
    let deleted = home.run("groups delete blue --json").json();

    assert_eq!((&made["name"], &made["names"]), (&json!("red"), &json!(["team"])));
    assert_eq!((&listed[0]["id"], &listed[0]["bound"]["name"]), (&bound["id"], &json!("red")));
    assert_eq!((&groups[0]["id"], &groups[0]["bound_keys"]), (&made["id"], &json!(1)));
    assert_eq!(kept.code, Some(1));
    assert!(kept.stderr.contains("keys first") || kept.stderr.contains("bound"), "{kept:?}");
    assert_eq!((&emptied["name"], &emptied["names"]), (&json!("blue"), &json!([])));
    assert_eq!(deleted["deleted"], true);
    assert_eq!(home.run("groups list --json").json(), json!([]));
}

#[test]
fn what_a_kind_does_not_have_is_wrong_usage() {
    let home = Home::new();
    let lines = [
        "--kind sandbox --secret-stdin",
        "--kind sandbox --proxy http://127.0.0.1:1",
        "--kind claude-oauth --base-url http://127.0.0.1:1",
        "--kind claude-oauth --secret-stdin",
        "--kind claude-oauth --project mine",
        "--kind claude-oauth --token-stdin --setup-token",
        "--kind claude-api-key --token-stdin",
        "--kind gemini-oauth --setup-token",
        "--kind claude-api-key --priority 0",
        "--kind claude-api-key --proxy ftp://127.0.0.1:1",
        "--kind claude-api-key --proxy socks5://joe:secret@127.0.0.1:1",
    ];

    for line in lines {
        let done = home.run(&format!("accounts add --name a {line}"));
        assert_eq!(done.code, Some(2), "{line}: {done:?}");
    }
    assert_eq!(home.run("accounts list --json").json(), json!([]));
}

#[test]
fn an_account_of_one_s_own_project_keeps_it() {
    let provider = Provider::start();
    let home = provider.home();
    let file = json!({
        "access_token": provider.token("google", "access_token"),
        "refresh_token": provider.token("google", "refresh_token"),
        "expiry_date": 4_000_000_000_000_i64,
    });

    let line = "accounts add --kind gemini-oauth --name g --token-stdin --project my-own-project --json";
    let added = home.run_with(line, &file.to_string()).json();

    assert_eq!((&added["project"], &added["state"]), (&json!("my-own-project"), &json!("able")));
}
