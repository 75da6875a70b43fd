//! `secrets rotate`: another encryption key, whatever happens meanwhile.

use std::collections::BTreeSet;
use std::fs;
use std::process::Stdio;
use std::time::Duration;

use relay::store::Store;
use relay::store::account::{self, StoredAccount};
use serde_json::json;

use crate::home::{Done, Home};
use crate::provider::Provider;

const KEY: &str = "an-encryption-key-of-enough-characters";
const OTHER: &str = "another-encryption-key-of-enough-length";

/// A folder with every kind of sealed field; gives a client's key, too.
fn full(provider: &Provider, home: &Home) -> String {
    home.run_with(
        "accounts add --kind claude-api-key --name keyed --secret-stdin --proxy-password-stdin \
         --proxy http://joe@127.0.0.1:9",
        "hush hush\nsk-ant-api03-good\n",
    )
    .ok();
    home.run("accounts update keyed --proxy none").ok();
    home.run_with(
        "accounts update keyed --proxy http://joe@127.0.0.1:9 --proxy-password-stdin",
        "hush hush\n",
    )
    .ok();
    let token = provider.token("claude", "refresh_token");
    home.run_with("accounts add --kind claude-oauth --name mine --token-stdin", &token).ok();
    let key = home.run("keys create --name laptop --account mine --json").json();
    key["key"].as_str().expect("a key").to_owned()
}

fn secrets(home: &Home) -> String {
    fs::read_to_string(home.data().join("secrets.env")).expect("the file")
}

fn put_secrets(home: &Home, text: &str) {
    fs::write(home.data().join("secrets.env"), text).expect("the file");
}

fn line_of(text: &str, name: &str) -> String {
    let found = text.lines().find_map(|line| line.strip_prefix(&format!("{name}=")));
    found.unwrap_or_else(|| panic!("no {name} in {text}")).to_owned()
}

/// The client's key still opens the door, and the tokens behind it are good.
fn serves(home: &Home, key: &str) {
    let server = home.serve("serve");
    let body = r#"{"model":"claude-sonnet-4-5","max_tokens":1,"messages":[{"role":"user","content":"hi"}]}"#;
    let head = format!("POST /api/v1/messages HTTP/1.1\r\nx-api-key: {key}\r\nanthropic-version: 2023-06-01");
    let answer = server.request(&head, body);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

fn refused(done: &Done, words: &str) {
    assert_ne!(done.code, Some(0), "{done:?}");
    assert!(done.stderr.contains(words), "{done:?}");
}

#[test]
fn all_is_sealed_under_the_new_key_and_clients_notice_nothing() {
    let provider = Provider::start();
    let home = provider.home();
    let key = full(&provider, &home);
    let before = secrets(&home);
    let seals = seals(&home);

    let rotated = home.run("secrets rotate --json").json();

    let after = secrets(&home);
    assert_eq!(seals.len(), 1, "all under one key: {seals:?}");
    let new = self::seals(&home);
    assert!(new.len() == 1 && new.is_disjoint(&seals), "none is left under the old one: {new:?}");
    // An API key, a proxy's password, two tokens, the pepper of client keys.
    assert_eq!(rotated, json!({"sealed": 5, "key": "secrets.env"}));
    assert_ne!(line_of(&before, "ENCRYPTION_KEY"), line_of(&after, "ENCRYPTION_KEY"));
    assert_eq!(line_of(&before, "JWT_SECRET"), line_of(&after, "JWT_SECRET"));
    assert_eq!((home.mode("secrets.env"), after.contains("NEXT")), (0o600, false));
    serves(&home, &key);
    put_secrets(&home, &before);
    refused(&home.run("accounts list"), "ENCRYPTION_KEY is not the one");
}

#[test]
fn a_key_from_outside_is_changed_by_whoever_gave_it() {
    let provider = Provider::start();
    let home = provider.home().with("ENCRYPTION_KEY", KEY);
    let key = full(&provider, &home);

    refused(&home.run("secrets rotate"), "give it in the old one's place");
    refused(&home.run_with("secrets rotate --new-key-stdin", "short\n"), "32 characters");
    refused(&home.run_with("secrets rotate --new-key-stdin", &format!("{KEY}\n")), "the one in force");
    let rotated = home.run_with("secrets rotate --new-key-stdin", &format!("{OTHER}\n"));

    rotated.ok();
    assert!(rotated.stdout.contains("Set ENCRYPTION_KEY to the new key"), "{rotated:?}");
    assert!(!secrets(&home).contains("ENCRYPTION_KEY"));
    refused(&home.run("accounts list"), "ENCRYPTION_KEY is not the one");
    serves(&home.with("ENCRYPTION_KEY", OTHER), &key);
}

#[test]
fn a_given_key_is_kept_in_the_folder_s_own_file() {
    let home = Home::new();
    home.run("keys create --name laptop").ok();

    home.run_with("secrets rotate --new-key-stdin", &format!("{KEY}\n")).ok();
    refused(
        &home.run_with("secrets rotate --new-key-stdin", "a key with blanks, # and $ in it, long enough\n"),
        "may have letters, digits",
    );

    assert_eq!(line_of(&secrets(&home), "ENCRYPTION_KEY"), KEY);
    home.run("keys list").ok();
}

#[test]
fn while_a_server_runs_nothing_is_changed() {
    let home = Home::new();
    let _server = home.serve("serve");
    let before = secrets(&home);

    refused(&home.run("secrets rotate"), "a server runs on this folder");

    assert_eq!(secrets(&home), before);
}

#[test]
fn a_rotation_that_died_before_the_store_was_changed_never_was() {
    let home = Home::new();
    home.run("keys create --name laptop").ok();
    let before = secrets(&home);

    put_secrets(&home, &format!("{before}ENCRYPTION_KEY_NEXT={OTHER}\n"));
    home.run("keys list").ok();

    assert_eq!(secrets(&home), before);
}

#[test]
fn a_rotation_that_died_after_the_store_was_changed_is_finished_by_the_next_start() {
    let home = Home::new();
    home.run("keys create --name laptop").ok();
    let before = secrets(&home);
    home.run("secrets rotate").ok();
    let after = secrets(&home);

    let next = line_of(&after, "ENCRYPTION_KEY");
    put_secrets(&home, &format!("{before}ENCRYPTION_KEY_NEXT={next}\n"));
    home.run("keys list").ok();

    assert_eq!(secrets(&home), after);
}

#[test]
fn killed_at_any_moment_it_leaves_a_folder_that_opens() {
    let provider = Provider::start();
    let home = provider.home();
    let key = full(&provider, &home);

    for round in 0..12 {
        let mut command = home.command("secrets rotate");
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the binary");
        // Nothing tells how far it is: each round lets it come a little further.
        std::thread::sleep(Duration::from_millis(3 * round));
        // It may be done already.
        let _ = child.kill();
        child.wait().expect("its end");
        home.run("accounts list").ok();
    }

    serves(&home, &key);
}

#[test]
fn a_sealed_text_moved_to_another_account_does_not_open() {
    let home = Home::new();
    for name in ["one", "two"] {
        let line = format!("accounts add --kind claude-api-key --name {name} --secret-stdin");
        home.run_with(&line, &format!("sk-ant-api03-the-secret-of-{name}\n")).ok();
    }

    move_secret(&home);

    for line in ["accounts list", "secrets rotate"] {
        refused(&home.run(line), "does not belong here, or was changed");
    }
}

/// The names of all keys under which anything is sealed in the store's file, wherever it stands in it.
fn seals(home: &Home) -> BTreeSet<String> {
    let bytes = fs::read(home.data().join("switchyard.db")).expect("the store");
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let names = text.match_indices("v1.").filter_map(|(at, _)| text.get(at + 3..at + 20));
    let is_name = |name: &&str| name.ends_with('.') && name[..16].chars().all(|c| c.is_ascii_hexdigit());
    names.filter(is_name).map(str::to_owned).collect()
}

fn move_secret(home: &Home) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let store = Store::open(&home.data().join("switchyard.db")).expect("the store");
        let [one, two] = account::all(&store).await.expect("accounts").try_into().expect("two accounts");
        let moved = StoredAccount { secret: one.secret, ..two };
        assert!(account::update(&store, moved).await.expect("a change"));
    });
}
