//! Signing in to providers from the command line, with a server and without.

use serde_json::json;
use upstream::{ClaudeAccount, CodeAssist, GoogleAccount};

use crate::home::Home;
use crate::provider::{Dialog, Provider};

const ADD: &str = "accounts add --kind claude-oauth --name mine --json";

fn signs_in(provider: &Provider, home: &Home) {
    let mut dialog = Dialog::start(home, ADD);
    let shown = provider.upstream.authorize(&dialog.link()).expect("a code").shown;
    dialog.paste("not a code at all");
    assert!(dialog.read_to("Paste another code").contains("error: code: "));
    dialog.paste(&shown);
    let added = dialog.end().json();

    let shown = home.run("accounts show mine --json");
    assert_eq!((&added["kind"], &added["state"]), (&json!("claude_oauth"), &json!("able")));
    assert_eq!(added["identity"]["email"], "claude@example.com");
    assert_eq!(shown.json()["id"], added["id"]);
    assert!(!shown.stdout.contains("sk-ant-"), "{shown:?}");
}

#[test]
fn a_code_makes_an_account_without_a_server() {
    let provider = Provider::start();
    signs_in(&provider, &provider.home());
}

#[test]
fn a_code_makes_an_account_through_a_server() {
    let provider = Provider::start();
    let home = provider.home();
    let _server = home.serve("serve");

    signs_in(&provider, &home);
}

#[test]
fn google_is_signed_in_to_in_the_same_way() {
    let provider = Provider::start();
    let home = provider.home();
    let mut dialog = Dialog::start(&home, "accounts add --kind gemini-oauth --name mine --json");

    let authorized = provider.upstream.authorize_as(&dialog.link(), "google").expect("a code");
    dialog.paste(&authorized.address);
    let added = dialog.end().json();

    assert_eq!((&added["kind"], &added["state"]), (&json!("gemini_oauth"), &json!("able")));
    assert!(added["identity"]["project"].is_string(), "{added}");
}

#[test]
fn a_project_that_turns_out_to_be_missing_is_asked_for() {
    let provider = Provider::start();
    let home = provider.home();
    provider.upstream.google_account(GoogleAccount {
        assist: CodeAssist::NeedsOwnProject,
        project: None,
        ..GoogleAccount::new("google")
    });
    let mut dialog = Dialog::start(&home, "accounts add --kind gemini-oauth --name mine --json");

    let authorized = provider.upstream.authorize_as(&dialog.link(), "google").expect("a code");
    dialog.paste(&authorized.code);
    let asked = dialog.read_to("Its project's id: ");
    dialog.paste("123456");
    let again = dialog.read_to("Its project's id: ");
    dialog.paste("my-own-project");
    let added = dialog.end().json();

    assert!(asked.contains("needs a project of its own"), "{asked}");
    assert!(again.contains("error: project: "), "{again}");
    assert_eq!((&added["project"], &added["state"]), (&json!("my-own-project"), &json!("able")));
}

#[test]
fn without_a_code_nothing_is_made() {
    let provider = Provider::start();
    let home = provider.home();
    let mut dialog = Dialog::start(&home, ADD);

    dialog.link();
    let done = dialog.end();

    assert_eq!((done.code, done.stdout.as_str()), (Some(1), ""));
    assert!(done.stderr.contains("error: no code was pasted"), "{done:?}");
    assert_eq!(home.run("accounts list --json").json(), json!([]));
}

#[test]
fn tokens_from_standard_input_make_accounts() {
    let provider = Provider::start();
    let home = provider.home();
    provider.upstream.claude_account(ClaudeAccount::new("bob"));
    let tokens = json!({"claudeAiOauth": {
        "accessToken": provider.token("claude", "access_token"),
        "refreshToken": provider.token("claude", "refresh_token"),
        "expiresAt": 4_000_000_000_000_i64,
    }});
    let file = format!("{tokens:#}");

    let of_file = home.run_with("accounts add --kind claude-oauth --name file --token-stdin --json", &file);
    let of_refresh = home.run_with(
        "accounts add --kind claude-oauth --name bob --token-stdin --json",
        &provider.token("bob", "refresh_token"),
    );
    let of_nothing = home.run_with("accounts add --kind claude-oauth --name no --token-stdin", "hello\n");

    assert_eq!(of_file.json()["identity"]["email"], "claude@example.com");
    assert_eq!(of_refresh.json()["identity"]["email"], "bob@example.com");
    assert_eq!(of_nothing.code, Some(1));
    assert!(of_nothing.stderr.starts_with("error: tokens: "), "{of_nothing:?}");
}

#[test]
fn an_account_is_signed_in_to_anew_by_code_and_by_tokens() {
    let provider = Provider::start();
    let home = provider.home();
    let token = provider.token("claude", "refresh_token");
    let added = home.run_with("accounts add --kind claude-oauth --name mine --token-stdin --json", &token);
    provider.upstream.revoke("claude");
    let refreshed = home.run("accounts refresh mine");

    let mut dialog = Dialog::start(&home, "accounts login mine --json");
    let shown = provider.upstream.authorize(&dialog.link()).expect("a code").shown;
    dialog.paste(&shown);
    let by_code = dialog.end().json();
    let token = provider.token("claude", "refresh_token");
    let by_token = home.run_with("accounts login mine --token-stdin --json", &token).json();
    provider.upstream.claude_account(ClaudeAccount::new("bob"));
    let other = home.run_with("accounts login mine --token-stdin", &provider.token("bob", "refresh_token"));

    assert_eq!(refreshed.code, Some(1), "{refreshed:?}");
    for again in [&by_code, &by_token] {
        assert_eq!((&again["id"], &again["state"]), (&added.json()["id"], &json!("able")));
    }
    assert_eq!(other.code, Some(1));
    assert!(other.stderr.contains("belongs to"), "{other:?}");
}

#[test]
fn a_refresh_is_in_the_history() {
    let provider = Provider::start();
    let home = provider.home();
    let token = provider.token("claude", "refresh_token");
    home.run_with("accounts add --kind claude-oauth --name mine --token-stdin", &token).ok();

    home.run("accounts refresh mine").ok();
    let shown = home.run("accounts show mine --json").json();
    let text = home.run("accounts show mine").stdout;

    assert_eq!(shown["refreshes"].as_array().expect("a list").len(), 1);
    assert_eq!(shown["refreshes"][0]["renewed"], true);
    assert!(text.contains("claude@example.com") && text.contains("renewed"), "{text}");
}

#[test]
fn a_setup_token_has_no_refresh() {
    let provider = Provider::start();
    let home = provider.home();
    let mut dialog = Dialog::start(&home, &format!("{ADD} --setup-token"));

    let authorized = provider.upstream.authorize(&dialog.link()).expect("a code");
    dialog.paste(&authorized.shown);
    dialog.end().ok();
    let refreshed = home.run("accounts refresh mine");

    assert_eq!(refreshed.code, Some(1), "{refreshed:?}");
}
