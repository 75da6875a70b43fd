//! Without a server: commands work on the data folder themselves.

use std::process::Stdio;

use serde_json::json;

use crate::home::Home;

#[test]
fn a_key_is_made_shown_once_and_listed_without_its_text() {
    let home = Home::new();

    let created = home.run("keys create --name laptop --json").json();
    let listed = home.run("keys list --json");

    let key = created["key"].as_str().expect("a key");
    assert_eq!(created.as_object().expect("an object").len(), 3);
    assert!(
        key.strip_prefix("cr_")
            .is_some_and(|hex| hex.len() == 64 && hex.chars().all(|c| c.is_ascii_hexdigit()))
    );
    assert!(!listed.stdout.contains(key));
    assert_eq!(listed.json()[0]["id"], created["id"]);
    assert_eq!(listed.json()[0]["name"], "laptop");
}

#[test]
fn a_key_is_bound_disabled_renamed_and_deleted_by_name() {
    let home = Home::new();
    home.run("accounts add --kind sandbox --name playground").ok();
    home.run("keys create --name demo --account playground").ok();

    let disabled = home.run("keys disable demo --json").json();
    let renamed = home.run("keys rename demo --name show --json").json();
    let enabled = home.run("keys enable show --json").json();
    let deleted = home.run("keys delete show --json").json();

    assert_eq!(disabled["bound"]["name"], "playground");
    assert_eq!((&disabled["enabled"], &enabled["enabled"]), (&json!(false), &json!(true)));
    assert_eq!(renamed["name"], "show");
    assert_eq!(deleted, json!({"id": disabled["id"], "name": "show", "deleted": true}));
    assert_eq!(home.run("keys list --json").json(), json!([]));
}

#[test]
fn an_account_keeps_its_secret_to_itself() {
    let home = Home::new();
    let secret = "sk-ant-api03-not-a-real-one-wxyz";

    let added = home.run_with(
        "accounts add --kind claude-api-key --name team --base-url http://127.0.0.1:9/ --priority 7 --secret-stdin --json",
        &format!("{secret}\n"),
    );
    let listed = home.run("accounts list --json");

    assert!(!added.stdout.contains(secret) && !listed.stdout.contains(secret));
    let account = &listed.json()[0];
    assert_eq!(account["id"], added.json()["id"]);
    assert_eq!(account["base_url"], "http://127.0.0.1:9");
    assert_eq!(account["secret_hint"], "wxyz");
    assert_eq!(account["priority"], 7);
    assert_eq!(account["kind"], "claude_api_key");
}

#[test]
fn an_account_is_paused_resumed_and_deleted() {
    let home = Home::new();
    home.run("accounts add --kind sandbox --name playground").ok();

    let paused = home.run("accounts pause playground --json").json();
    let resumed = home.run("accounts resume playground --json").json();
    let deleted = home.run("accounts delete playground --json").json();

    assert_eq!((&paused["state"], &resumed["state"]), (&json!("paused"), &json!("able")));
    assert_eq!(deleted["deleted"], true);
    assert_eq!(home.run("accounts list --json").json(), json!([]));
}

#[test]
fn a_sandbox_passes_its_test() {
    let home = Home::new();
    home.run("accounts add --kind sandbox --name playground").ok();

    let tested = home.run("accounts test playground --json").json();

    assert_eq!(tested["passed"], true);
    assert_eq!(tested["steps"].as_array().expect("steps").len(), 3);
}

#[test]
fn an_account_that_cannot_be_reached_fails_its_test_and_the_command() {
    let home = Home::new();
    let add = "accounts add --kind claude-api-key --name gone --base-url http://127.0.0.1:9 --secret-stdin";
    home.run_with(add, "sk-not-real\n").ok();

    let tested = home.run("accounts test gone --json");

    assert_eq!(tested.code, Some(1));
    assert!(
        tested.stdout.contains("\"passed\": false") && tested.stdout.contains("\"not_run\""),
        "{tested:?}"
    );
    assert_eq!(tested.stderr, "error: account gone cannot serve\n");
}

#[test]
fn an_administrator_is_made_and_gets_another_password_from_standard_input() {
    let home = Home::new();

    let created =
        home.run_with("admin create --username joan --password-stdin --json", "correct horse battery\n");
    let again = home.run_with("admin create --username joan --password-stdin", "correct horse battery\n");
    let reset = home
        .run_with("admin reset-password --username joan --password-stdin --json", "other horse battery\n");
    let unknown =
        home.run_with("admin reset-password --username jack --password-stdin", "other horse battery\n");

    assert_eq!((created.json(), reset.json()), (json!({"username": "joan"}), json!({"username": "joan"})));
    assert_eq!((again.code, unknown.code), (Some(1), Some(1)));
    assert!(again.stderr.contains("this name is taken"), "{again:?}");
}

#[test]
fn a_failure_names_cause_and_hint_on_standard_error() {
    let home = Home::new();

    let failed = home.run("keys disable nobody");

    assert_eq!((failed.code, failed.stdout.as_str()), (Some(1), ""));
    assert_eq!(
        failed.stderr,
        "error: key nobody: does not exist, or was deleted\n\
         hint: `switchyard accounts list` and `switchyard keys list` show what there is\n"
    );
}

#[test]
fn a_name_that_two_keys_have_needs_the_id() {
    let home = Home::new();
    let first = home.run("keys create --name twin --json").json();
    home.run("keys create --name twin").ok();

    let by_name = home.run("keys delete twin");
    let by_id = home.run(&format!("keys delete {} --json", first["id"].as_str().expect("an id"))).json();

    assert_eq!(by_name.code, Some(1));
    assert!(by_name.stderr.starts_with("error: 2 keys are named twin"), "{by_name:?}");
    assert_eq!(by_id["deleted"], true);
}

#[test]
fn wrong_usage_exits_with_2() {
    let home = Home::new();
    let lines = [
        "",
        "keys",
        "keys create",
        "nonsense",
        "accounts add --kind teapot --name a",
        "accounts add --kind sandbox --name a --secret-stdin",
        "accounts add --kind claude-api-key --name a",
        "accounts add --kind sandbox --name a --priority 0",
        "admin create --username joan",
        "admin create --username joan --password-stdin",
    ];

    for line in lines {
        let done = home.run(line);
        assert_eq!(done.code, Some(2), "{line}: {done:?}");
        assert!(!done.stderr.is_empty(), "{line}");
    }
}

#[test]
fn the_data_folder_is_its_owners_alone() {
    let home = Home::new();
    home.run("keys create --name laptop").ok();

    let folder = std::fs::metadata(home.data()).expect("a folder");
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&folder.permissions()) & 0o777, 0o700);
    for file in ["secrets.env", "switchyard.db", "lock"] {
        assert_eq!(home.mode(file), 0o600, "{file}");
    }
}

#[test]
fn two_commands_at_once_both_get_their_turn() {
    let home = Home::new();
    home.run("status").ok();

    let names = ["one", "two", "three", "four"];
    let start = |name: &&str| {
        let mut command = home.command(&format!("keys create --name {name}"));
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary")
    };
    let children: Vec<_> = names.iter().map(start).collect();
    for mut child in children {
        assert!(child.wait().expect("its end").success());
    }

    assert_eq!(home.run("keys list --json").json().as_array().expect("keys").len(), names.len());
}

#[test]
fn status_works_without_a_server() {
    let home = Home::new();
    home.run("keys create --name laptop").ok();

    let status = home.run("status --json").json();

    assert_eq!((&status["running"], &status["address"]), (&json!(false), &json!(null)));
    assert_eq!(status["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(status["keys"], json!({"total": 1, "usable": 1}));
}

#[test]
fn which_account_a_call_would_get_is_explained() {
    let home = Home::new();
    let add = "accounts add --kind claude-api-key --base-url http://127.0.0.1:9 --secret-stdin --name";
    home.run_with(&format!("{add} first --priority 10"), "sk-ant-one\n").ok();
    home.run_with(&format!("{add} second"), "sk-ant-two\n").ok();
    home.run("keys create --name demo").ok();

    let goes = home.run("accounts explain --model claude-opus-4-5 --key demo --session s --json").json();
    let told = home.run("accounts explain --model claude-opus-4-5");
    home.run("accounts pause first").ok();
    home.run("accounts pause second").ok();
    let refused = home.run("accounts explain --model claude-opus-4-5");

    assert_eq!((&goes["reason"], &goes["outlook"]["outlook"]), (&json!("priority"), &json!("goes")));
    assert_eq!((&goes["accounts"][0]["name"], &goes["accounts"][0]["is"]), (&json!("first"), &json!("able")));
    assert!(
        told.stdout.starts_with("A call for claude-opus-4-5 would go to first: its priority.\n"),
        "{}",
        told.stdout
    );
    assert!(
        refused.stdout.starts_with("A call for claude-opus-4-5 would be refused with 503: "),
        "{}",
        refused.stdout
    );
    assert!(refused.stdout.contains("Cause: every account is out (paused; paused).\n"), "{}", refused.stdout);
}
