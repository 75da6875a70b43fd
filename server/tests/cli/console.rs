//! The console as the binary serves it.

use std::io::{BufRead, BufReader};

use crate::home::{Home, Server};

/// Makes an administrator and signs him in: his session's token.
fn signed_in(home: &Home, server: &Server) -> String {
    home.run_with("admin create --username joan --password-stdin", "correct horse battery\n").ok();
    let head = "POST /web/auth/login HTTP/1.1\r\ncontent-type: application/json";
    let answer = server.request(head, r#"{"username":"joan","password":"correct horse battery"}"#);
    let (_, rest) = answer.split_once(r#""token":""#).expect("a token");
    rest.split_once('"').expect("its end").0.to_owned()
}

#[test]
fn an_administrator_made_on_the_command_line_can_sign_in_at_once() {
    let home = Home::new();
    let server = home.serve("serve");

    let token = signed_in(&home, &server);
    let head = format!("GET /web/auth/user HTTP/1.1\r\nauthorization: Bearer {token}");
    let answer = server.request(&head, "");

    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("joan"), "{answer}");
}

#[test]
fn nothing_under_web_is_there_for_strangers_but_the_door() {
    let home = Home::new();
    let server = home.serve("serve");

    let statuses = ["/web", "/web/keys", "/web/live", "/web/fn/anything"].map(|path| {
        let answer = server.request(&format!("GET {path} HTTP/1.1"), "");
        answer.split(' ').nth(1).expect("a status").to_owned()
    });

    assert_eq!(statuses, ["303", "303", "401", "401"]);
}

#[test]
fn an_open_console_does_not_hold_up_a_stop() {
    let home = Home::new().with("SWITCHYARD_SHUTDOWN_GRACE", "1d");
    let server = home.serve("serve");
    let token = signed_in(&home, &server);
    let feed = server.open(&format!("GET /web/live HTTP/1.1\r\nauthorization: Bearer {token}"), "");
    let mut line = String::new();
    BufReader::new(&feed).read_line(&mut line).expect("the head");

    server.signal();

    assert_eq!(line, "HTTP/1.1 200 OK\r\n");
    assert_eq!(server.wait(), Some(0));
}

#[test]
fn a_probe_of_the_root_gets_200_and_a_browser_is_led_to_the_console() {
    let home = Home::new();
    let server = home.serve("serve");

    let probed = server.request("HEAD / HTTP/1.1", "");
    let led = server.request("GET / HTTP/1.1", "");

    assert!(probed.starts_with("HTTP/1.1 200"), "{probed}");
    assert!(led.starts_with("HTTP/1.1 303") && led.contains("location: /web\r\n"), "{led}");
}

#[test]
fn scripts_carry_the_nonce_that_the_policy_names() {
    let home = Home::new();
    let server = home.serve("serve");
    let token = signed_in(&home, &server);

    let page = server.request(&format!("GET /web HTTP/1.1\r\nauthorization: Bearer {token}"), "");

    let (_, policy) = page.split_once("'nonce-").expect("a policy");
    let (nonce, _) = policy.split_once('\'').expect("a nonce");
    let scripts: Vec<_> = page.match_indices("<script").map(|(at, _)| &page[at..]).collect();
    assert!(!scripts.is_empty(), "{page}");
    for script in scripts {
        let tag = script.split_once('>').expect("a tag").0;
        assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{tag}");
    }
}

#[test]
fn a_form_that_was_refused_gives_back_what_was_typed_once() {
    let home = Home::new();
    let server = home.serve("serve");
    let token = signed_in(&home, &server);
    let by = format!("authorization: Bearer {token}\r\naccept: text/html");
    let name = "n".repeat(101);

    let posted = server.request(
        &format!(
            "POST /web/fn/create_key HTTP/1.1\r\n{by}\r\nreferer: http://127.0.0.1/web/keys?panel=new\r\n\
             content-type: application/x-www-form-urlencoded"
        ),
        &format!("name={name}"),
    );
    let (_, page) = posted.split_once("location: ").expect("a page to go to");
    let (page, _) = page.split_once("\r\n").expect("its end");
    let (_, kept) = posted.split_once("set-cookie: typed=").expect("what was typed");
    let (kept, _) = kept.split_once(';').expect("its end");
    let path = page.trim_start_matches("http://127.0.0.1");
    let shown = server.request(&format!("GET {path} HTTP/1.1\r\n{by}\r\ncookie: typed={kept}"), "");

    assert!(!page.contains("nnn"), "{page}");
    assert!(shown.contains(&format!("value=\"{name}\"")), "{shown}");
    assert!(shown.contains("set-cookie: typed=; Path=/web; Max-Age=0"), "{shown}");
}
