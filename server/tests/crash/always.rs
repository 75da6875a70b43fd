//! `journal.sync = always`, and a disk that is slow or refuses. The system's own call is watched and held by a library
//! that is loaded into the binary, so that nothing in the product is stood in for.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use relay::model::outcome::Outcome;
use tempfile::TempDir;
use upstream::{Behaviour, Gate};

use crate::account::tokens;
use crate::binary::{Home, Server};

/// What can be done to the journal's syncs, by files in a folder.
struct Syncs(TempDir);

impl Syncs {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/crash/sync.c");
        let mut cc = Command::new("cc");
        cc.args(["-shared", "-fPIC", "-o"]).arg(folder.path().join("sync.so")).arg(source);
        assert!(cc.status().expect("a C compiler, which the build needs as well").success());
        Self(folder)
    }

    async fn serve(&self, home: &Home) -> Server {
        let mut command = home.command("serve");
        command.env("LD_PRELOAD", self.0.path().join("sync.so")).env("SYNCS", self.0.path());
        home.serve_by(command).await
    }

    fn set(&self, word: &str) {
        std::fs::write(self.path(word), "").expect("a file");
    }

    fn unset(&self, word: &str) {
        std::fs::remove_file(self.path(word)).expect("a file");
    }

    fn path(&self, word: &str) -> PathBuf {
        self.0.path().join(word)
    }

    /// How many syncs were asked for.
    fn asked(&self) -> usize {
        std::fs::read(self.path("asked")).map_or(0, |bytes| bytes.len())
    }

    async fn asked_since(&self, before: usize) {
        while self.asked() == before {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// How many bytes of the journal's present segment are on disk.
    fn on_disk(&self) -> usize {
        let text = std::fs::read_to_string(self.path("done")).unwrap_or_default();
        text.lines().last().map_or(0, |line| line.parse().expect("a number"))
    }
}

async fn always() -> Home {
    let mut home = Home::new().await;
    home.account("sk-a");
    home.set("SWITCHYARD_JOURNAL_SYNC", "always");
    home
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_attempt_is_on_disk_before_upstream_sees_it() {
    let (home, syncs) = (always().await, Syncs::new());
    home.upstream.script("sk-a", Behaviour::ok());
    let server = syncs.serve(&home).await;
    syncs.set("hold");
    let before = syncs.asked();

    let call = server.message("claude-sonnet-4-5", false);
    let seen = async {
        syncs.asked_since(before).await;
        let seen = home.upstream.books().exchanges.len();
        syncs.unset("hold");
        seen
    };
    let (answer, seen) = tokio::join!(call, seen);

    assert_eq!(seen, 0);
    assert_eq!(answer.status(), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_an_answer_comes_after_its_record_is_on_disk() {
    let (home, syncs) = (always().await, Syncs::new());
    home.upstream.script("sk-a", Behaviour::ok());
    let server = syncs.serve(&home).await;

    for is_stream in [true, false] {
        for _ in 0..10 {
            let answer = server.message("claude-sonnet-4-5", is_stream).await;
            let id = answer.headers()["x-switchyard-request-id"].to_str().unwrap().to_owned();
            answer.bytes().await.unwrap();
            let on_disk = syncs.on_disk();

            let journal = std::fs::read(home.segment()).unwrap();
            let journal = String::from_utf8_lossy(&journal[..on_disk]).into_owned();
            assert_eq!(journal.matches(&id).count(), 2, "opened and settled are on disk");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_last_event_waits_for_the_disk() {
    let (home, syncs) = (always().await, Syncs::new());
    let gate = Gate::new();
    home.upstream.script("sk-a", Behaviour::ok().events(12).gated(&gate));
    gate.release(11);
    let server = syncs.serve(&home).await;
    let mut answer = server.message("claude-sonnet-4-5", true).await;
    let mut received = String::new();
    while !received.contains("event: message_delta") {
        received.push_str(std::str::from_utf8(&answer.chunk().await.unwrap().unwrap()).unwrap());
    }
    syncs.set("hold");
    let before = syncs.asked();

    gate.open();
    syncs.asked_since(before).await;
    let early = tokio::time::timeout(Duration::from_millis(100), answer.chunk()).await;
    syncs.unset("hold");
    let rest = answer.text().await.unwrap();

    assert!(early.is_err(), "{early:?}");
    assert!(rest.contains("message_stop"), "{rest}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_refuses_cuts_answers_and_stops_calls_until_it_takes_them() {
    let (home, syncs) = (always().await, Syncs::new());
    let gate = Gate::new();
    home.upstream.script("sk-a", Behaviour::ok().gated(&gate).times(1).then(Behaviour::ok()));
    gate.release(5);
    let server = syncs.serve(&home).await;
    let answer = server.message("claude-sonnet-4-5-cut", true).await;

    syncs.set("refuse");
    gate.open();
    let cut = answer.text().await.unwrap();
    let refused = server.message("claude-sonnet-4-5-refused", true).await.status();
    let unhealthy = server.health().await;
    server.log.says("the journal does not reach the disk").await;
    syncs.unset("refuse");
    server.recovers().await;
    let again = server.message("claude-sonnet-4-5-again", true).await.text().await.unwrap();
    server.kill().await;
    home.serve().await.stop().await;

    assert!(!cut.contains("message_stop") && cut.contains("event: error"), "{cut}");
    assert_eq!((refused.as_u16(), unhealthy), (503, 503));
    assert!(again.contains("message_stop"), "{again}");
    let (books, exchanges) = (home.books().await, home.upstream.books().exchanges);
    assert_eq!((books.len(), exchanges.len()), (2, 2));
    for (attempt, exchange) in books.iter().zip(&exchanges) {
        assert_eq!(attempt.usage.tokens, tokens(exchange.billed));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_attempt_that_the_disk_refuses_is_not_made_and_not_lost() {
    let (home, syncs) = (always().await, Syncs::new());
    home.upstream.script("sk-a", Behaviour::ok());
    let server = syncs.serve(&home).await;

    syncs.set("refuse");
    let refused = server.message("claude-sonnet-4-5", true).await.status();
    syncs.unset("refuse");
    server.recovers().await;
    server.stop().await;

    let books = home.books().await;
    assert_eq!(refused, 503);
    assert_eq!(home.upstream.books().exchanges.len(), 0);
    assert_eq!(books.iter().map(|attempt| attempt.outcome).collect::<Vec<_>>(), [Outcome::Rejected]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_always_a_slow_disk_slows_nobody() {
    let (mut home, syncs) = (Home::new().await, Syncs::new());
    home.account("sk-a");
    home.set("SWITCHYARD_JOURNAL_SYNC", "1ms");
    home.upstream.script("sk-a", Behaviour::ok());
    let server = syncs.serve(&home).await;

    syncs.set("hold");
    for _ in 0..20 {
        let answer = server.message("claude-sonnet-4-5", true).await.text().await.unwrap();
        assert!(answer.contains("message_stop"), "{answer}");
    }
    let requests = server.totals().await["requests"].clone();
    syncs.unset("hold");
    server.stop().await;

    assert_eq!(requests, 20);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_always_a_disk_that_refuses_stops_new_calls_but_cuts_no_answer() {
    let (mut home, syncs) = (Home::new().await, Syncs::new());
    home.account("sk-a");
    home.set("SWITCHYARD_JOURNAL_SYNC", "1ms");
    let gate = Gate::new();
    home.upstream.script("sk-a", Behaviour::ok().gated(&gate).times(1).then(Behaviour::ok()));
    gate.release(5);
    syncs.set("refuse");
    let server = syncs.serve(&home).await;
    let answer = server.message("claude-sonnet-4-5", true).await;

    server.log.says("the journal does not reach the disk").await;
    let refused = server.message("claude-sonnet-4-5", true).await.status();
    gate.open();
    let answer = answer.text().await.unwrap();
    syncs.unset("refuse");
    server.recovers().await;
    server.stop().await;

    assert_eq!(refused, 503);
    assert!(answer.contains("message_stop"), "{answer}");
    assert_eq!((home.books().await.len(), home.upstream.books().exchanges.len()), (1, 1));
}
