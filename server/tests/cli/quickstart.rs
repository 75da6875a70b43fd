//! `serve --quickstart`: from nothing to a streamed answer.

use std::io::Read;

use serde_json::json;

use crate::home::{Home, Server};

fn key(home: &Home) -> String {
    std::fs::read_to_string(home.data().join("quickstart-key")).expect("the key").trim().to_owned()
}

fn ask(server: &Server, key: &str, words: &str) -> std::net::TcpStream {
    let head =
        format!("POST /api/v1/messages HTTP/1.1\r\nx-api-key: {key}\r\ncontent-type: application/json");
    let body = json!({"model": "claude-sandbox-1", "max_tokens": 1024, "stream": true,
        "messages": [{"role": "user", "content": words}]});
    server.open(&head, &body.to_string())
}

fn answer(mut stream: std::net::TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("an answer");
    text
}

#[test]
fn the_first_start_prints_a_key_and_a_curl_line_that_streams_an_answer() {
    let home = Home::new();
    let server = home.serve("serve --quickstart");

    let streamed = answer(ask(&server, &key(&home), "Hello"));
    let key = key(&home);
    let address = server.address;
    let (_, said) = server.stop();

    assert!(streamed.starts_with("HTTP/1.1 200") && streamed.contains("event: message_stop"), "{streamed}");
    assert!(said.contains(&key), "{said}");
    let curl = said.lines().find(|line| line.trim_start().starts_with("curl ")).expect("a curl line");
    assert!(curl.contains(&format!("http://{address}/api/v1/messages")) && !curl.contains(&key), "{curl}");
    assert!(said.contains("/web/setup?token="));
    assert_eq!(home.mode("quickstart-key"), 0o600);
}

#[test]
fn the_curl_line_works_as_it_is_printed() {
    let home = Home::new();
    let mut first = home.serve("serve --quickstart");
    let curl = first.line_with("curl ");

    let output = std::process::Command::new("sh").arg("-c").arg(curl).output().expect("a shell");

    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.contains("event: message_stop"), "{text} {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn behind_a_proxy_links_are_public_and_the_curl_line_is_local() {
    let home = Home::new().with("SWITCHYARD_PUBLIC_URL", "https://relay.example/");
    let server = home.serve("serve --quickstart");
    let address = server.address;

    let (_, said) = server.stop();

    assert!(said.contains("  Console  https://relay.example/web\n"), "{said}");
    assert!(said.contains("https://relay.example/web/setup?token="), "{said}");
    assert!(said.contains(&format!("curl -N http://{address}/")), "{said}");
}

#[test]
fn a_later_start_prints_the_curl_line_but_no_key() {
    let home = Home::new();
    home.serve("serve --quickstart").stop();
    let key = key(&home);

    let server = home.serve("serve --quickstart");
    let streamed = answer(ask(&server, &key, "Hello"));
    let (_, said) = server.stop();

    assert!(streamed.contains("event: message_stop"), "{streamed}");
    assert!(said.contains("curl ") && !said.contains(&key), "{said}");
    assert_eq!(home.run("keys list --json").json().as_array().expect("keys").len(), 1);
}

#[test]
fn once_the_key_is_deleted_the_file_goes_and_nothing_is_made_anew() {
    let home = Home::new();
    home.serve("serve --quickstart").stop();
    home.run("keys delete quickstart").ok();

    let (_, said) = home.serve("serve --quickstart").stop();

    assert!(!said.contains("curl "), "{said}");
    assert!(!home.data().join("quickstart-key").exists());
    assert_eq!(home.run("keys list --json").json(), json!([]));
}

#[test]
fn a_store_that_is_not_empty_gets_no_sandbox() {
    let home = Home::new();
    home.run("keys create --name mine").ok();

    home.serve("serve --quickstart").stop();

    assert_eq!(home.run("accounts list --json").json(), json!([]));
}

#[test]
fn a_plain_serve_makes_nothing() {
    let home = Home::new();

    let (_, said) = home.serve("serve").stop();

    assert!(!said.contains("curl ") && said.contains("There is no account yet"), "{said}");
    assert_eq!(home.run("accounts list --json").json(), json!([]));
    assert_eq!(home.run("keys list --json").json(), json!([]));
}

#[test]
fn a_stop_lets_a_stream_finish() {
    let home = Home::new();
    let server = home.serve("serve --quickstart");
    let mut stream = ask(&server, &key(&home), "Hello");
    let mut head = [0; 16];
    stream.read_exact(&mut head).expect("the head");

    server.signal();
    let rest = answer(stream);

    assert!(rest.contains("event: message_stop"), "{rest}");
    assert_eq!(server.wait(), Some(0));
}

#[test]
fn a_second_signal_ends_it_at_once_and_still_with_0() {
    let home = Home::new().with("SWITCHYARD_SHUTDOWN_GRACE", "1d");
    let server = home.serve("serve --quickstart");
    let mut stream = ask(&server, &key(&home), "sandbox:stall");
    let mut head = [0; 16];
    stream.read_exact(&mut head).expect("the head");

    server.signal();
    // The first has arrived when nobody is let in any more.
    while std::net::TcpStream::connect(server.address).is_ok() {
        std::thread::yield_now();
    }
    server.signal();

    assert_eq!(server.wait(), Some(0));
    drop(stream);
}
