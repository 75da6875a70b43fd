//! A real file system that is really full, where the system lets a test mount one; else the limit on file sizes, which
//! `disk` tests everywhere, is all there is, and the test says so.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use relay::model::outcome::Outcome;
use relay::store::attempt::Attempt;
use upstream::{Behaviour, Gate};

use crate::account::{sums, tokens};
use crate::binary::{Home, Server, books};

/// Runs a script in a mount namespace of its own; `None`, said aloud, where the system forbids that.
fn mounted(home: &Home, mount: &str, line: &str) -> Option<Command> {
    let command = |script: &str| {
        let mut command = Command::new("unshare");
        home.prepare(command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]));
        command
    };
    if command(mount).output().is_ok_and(|output| output.status.success()) {
        return Some(command(&format!("{mount} && {line}")));
    }
    eprintln!("no file system can be mounted here: the limit on file sizes is what was tested");
    None
}

/// The data folder as the server sees it.
fn inside(home: &Home, server: &Server) -> PathBuf {
    let pid = server.pid().as_raw_nonzero();
    PathBuf::from(format!("/proc/{pid}/root{}", home.data().display()))
}

/// Takes all space there is.
fn fill(path: &std::path::Path) {
    let mut file = OpenOptions::new().create(true).append(true).open(path).expect("a file");
    let mut size = 1 << 20;
    while size > 0 {
        if file.write_all(&vec![0; size]).is_err() {
            size /= 2;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_full_file_system_open_answers_end_in_order_and_no_call_is_lost() {
    let home = Home::new().await;
    home.account("sk-a");
    std::fs::rename(home.data(), home.path().join("made")).unwrap();
    std::fs::create_dir(home.data()).unwrap();
    let line = format!("cp -a made/. data && exec {} serve", env!("CARGO_BIN_EXE_switchyard"));
    let mount = "mount -t tmpfs -o size=12m,mode=700 none data";
    let Some(command) = mounted(&home, mount, &line) else { return };
    let server = home.serve_by(command).await;
    let data = inside(&home, &server);
    let gate = Gate::new();
    gate.release(5);
    home.upstream.script("sk-a", Behaviour::ok().gated(&gate).times(1).then(Behaviour::ok()));
    let stream = server.message("claude-sonnet-4-5", true).await;

    fill(&data.join("ballast"));
    let mut answered = 0;
    loop {
        let answer = server.message("claude-sonnet-4-5", true).await;
        if answer.status() == 503 {
            break;
        }
        assert!(answer.text().await.unwrap().contains("message_stop"));
        answered += 1;
        assert!(answered < 500, "the disk never fills");
    }
    let unhealthy = server.health().await;
    gate.open();
    let stream = stream.text().await.unwrap();
    server.log.says("the journal cannot be written: No space left on device").await;
    std::fs::remove_file(data.join("ballast")).unwrap();
    server.recovers().await;
    server.message("claude-sonnet-4-5", false).await.bytes().await.unwrap();
    let totals = server.totals().await;
    let copy = home.path().join("copy");
    let copied = Command::new("cp").arg("-a").arg(&data).arg(&copy).status();
    assert!(copied.unwrap().success());
    server.kill().await;

    assert!(stream.contains("message_stop"), "its record had room: {stream}");
    assert_eq!(unhealthy, 503);
    check(&home, &books(&copy).await, answered + 2);
    assert_eq!(totals["requests"], answered + 2);
}

fn check(home: &Home, books: &[Attempt], calls: usize) {
    let exchanges = home.upstream.books().exchanges;
    assert_eq!((books.len(), exchanges.len()), (calls, calls));
    assert!(books.iter().all(|attempt| attempt.outcome == Outcome::Ok), "{books:#?}");
    let billed = exchanges.iter().fold(upstream::Usage::default(), |sum, it| sum.plus(it.billed));
    assert_eq!(sums(books)["outputTokens"], tokens(billed).output);
    assert_eq!(sums(books)["inputTokens"], tokens(billed).input);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_is_read_only_is_named_at_the_start() {
    let home = Home::new().await;
    let line = format!("exec {} serve", env!("CARGO_BIN_EXE_switchyard"));
    let mount = "mount --bind data data && mount -o remount,bind,ro data";
    let Some(command) = mounted(&home, mount, &line) else { return };

    let output = Home::fail(command);

    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("error: ") && said.contains("data/lock: Read-only file system"), "{said}");
}
