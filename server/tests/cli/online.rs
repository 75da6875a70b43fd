//! With a server: commands reach it through the socket, and what they change holds at once.

use serde_json::json;

use crate::home::Home;

#[test]
fn commands_reach_the_running_server() {
    let home = Home::new();
    let server = home.serve("serve");

    let status = home.run("status --json").json();
    home.run("accounts add --kind sandbox --name playground").ok();
    home.run("keys create --name demo --account playground").ok();

    assert_eq!(status["running"], true);
    assert_eq!(status["pid"], server.pid());
    assert_eq!(status["address"], format!("http://{}", server.address));
    assert_eq!(home.run("keys list --json").json()[0]["bound"]["name"], "playground");
    assert_eq!(home.mode("control.sock"), 0o600);
}

#[test]
fn a_key_works_from_the_moment_it_is_made_until_it_is_disabled() {
    let home = Home::new();
    let server = home.serve("serve");
    home.run("accounts add --kind sandbox --name playground").ok();
    let key = home.run("keys create --name demo --account playground --json").json();
    let head =
        format!("POST /api/v1/messages HTTP/1.1\r\nx-api-key: {}", key["key"].as_str().expect("a key"));
    let body = r#"{"model":"claude-sandbox-1","max_tokens":1,"messages":[{"role":"user","content":"hi"}]}"#;

    let answered = server.request(&head, body);
    home.run("keys disable demo").ok();
    let refused = server.request(&head, body);

    assert!(answered.starts_with("HTTP/1.1 200"), "{answered}");
    assert!(refused.starts_with("HTTP/1.1 401"), "{refused}");
}

#[test]
fn both_ways_give_the_same_json() {
    let home = Home::new();
    home.run("accounts add --kind sandbox --name playground").ok();
    home.run("keys create --name demo --account playground").ok();
    let lines = ["keys list --json", "accounts list --json", "keys disable demo --json", "keys disable demo"];

    let alone = lines.map(|line| home.run(line).stdout);
    let server = home.serve("serve");
    let through = lines.map(|line| home.run(line).stdout);

    // The lists were taken before the key was disabled.
    assert_eq!(alone[0].replace("\"enabled\": true", "\"enabled\": false"), through[0]);
    assert_eq!(alone[1..], through[1..]);
    drop(server);
}

#[test]
fn both_ways_give_the_same_errors() {
    let home = Home::new();
    home.run("accounts add --kind sandbox --name playground").ok();
    let lines =
        ["keys delete nobody", "accounts add --kind sandbox --name playground", "accounts test nobody"];

    let alone = lines.map(|line| home.run(line));
    let server = home.serve("serve");
    let through = lines.map(|line| home.run(line));

    for (alone, through) in alone.iter().zip(&through) {
        assert_eq!((alone.code, &alone.stderr), (through.code, &through.stderr));
        assert_eq!(alone.code, Some(1));
    }
    drop(server);
}

#[test]
fn a_second_server_on_the_folder_is_refused_and_told_who_has_it() {
    let home = Home::new();
    let server = home.serve("serve");

    let second = home.run("serve");

    assert_eq!(second.code, Some(1));
    assert_eq!(
        second.stderr,
        format!(
            "error: ./data is in use by the Switchyard that runs at http://{} (process {})\n\
             hint: stop that one, or set SWITCHYARD_DATA to another folder\n",
            server.address,
            server.pid()
        )
    );
}

#[test]
fn a_port_that_is_taken_is_named() {
    let server_home = Home::new();
    let server = server_home.serve("serve");
    let home = Home::new().with("PORT", &server.address.port().to_string());

    let done = home.run("serve");

    assert_eq!(done.code, Some(1));
    assert_eq!(
        done.stderr,
        format!(
            "error: {} is taken by another program\n\
             hint: stop that one, or set PORT to another port (0 takes a free one)\n",
            server.address
        )
    );
}

#[test]
fn a_socket_left_by_a_killed_server_is_in_nobodys_way() {
    let home = Home::new();
    drop(home.serve("serve"));
    assert!(home.data().join("control.sock").exists());

    assert_eq!(home.run("status --json").json()["running"], false);
    let server = home.serve("serve");
    assert_eq!(home.run("status --json").json()["pid"], server.pid());
}

#[test]
fn a_path_too_long_for_a_socket_works_all_the_same() {
    let home = Home::new();
    let deep = home.path().join("d".repeat(120));
    std::fs::create_dir(&deep).expect("a folder");
    let home = home.with("SWITCHYARD_DATA", deep.to_str().expect("UTF-8"));

    let server = home.serve("serve");

    assert_eq!(home.run("status --json").json()["pid"], server.pid());
    assert!(deep.join("control.sock").exists());
}

#[test]
fn a_signal_ends_it_with_0() {
    let home = Home::new();

    let (code, _) = home.serve("serve").stop();

    assert_eq!(code, Some(0));
    assert_eq!(home.run("status --json").json()["running"], json!(false));
}
