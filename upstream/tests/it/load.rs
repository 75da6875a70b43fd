//! The loader as a program, against a real upstream.

use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::Command;
use upstream::Upstream;

use crate::start;

fn loader(upstream: &Upstream, token: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_load"));
    command.args(["--url", &format!("{}/v1/messages", upstream.url()), "--key", token]);
    command.args(arguments).kill_on_drop(true);
    command
}

async fn load(token: &str, arguments: &[&str]) -> (Upstream, Value) {
    let upstream = start().await;
    let output = loader(&upstream, token, arguments).output().await.expect("a loader");
    let report = serde_json::from_slice(&output.stdout).expect("a report");
    (upstream, report)
}

#[tokio::test]
async fn small_messages_are_counted_once_each() {
    let (upstream, report) = load("sk-fake-ok", &["message", "--count", "50", "--connections", "4"]).await;

    assert_eq!((&report["intact"], &report["failed"]), (&50.into(), &0.into()), "{report}");
    let totals = upstream.books().totals;
    assert_eq!((totals.complete, totals.connections), (50, 4));
}

#[tokio::test]
async fn whole_streams_are_intact() {
    let (_, report) = load("sk-fake-events-40", &["stream", "--count", "20"]).await;

    assert_eq!((&report["intact"], &report["failed"]), (&20.into(), &0.into()), "{report}");
}

#[tokio::test]
async fn cut_streams_and_streams_of_another_length_are_not() {
    for token in
        ["sk-fake-events-40+cut-39", "sk-fake-events-39", "sk-fake-events-40+unterminated", "sk-fake-529"]
    {
        let (_, report) = load(token, &["stream", "--count", "3"]).await;

        assert_eq!((&report["intact"], &report["failed"]), (&0.into(), &3.into()), "{token}: {report}");
        assert!(report["trouble"].is_string(), "{token}: {report}");
    }
}

#[tokio::test]
async fn an_open_loop_counts_from_when_a_call_was_due() {
    let delayed = "sk-fake-ok+delay-50";
    let arguments = ["paced", "--rate", "200", "--count", "20", "--connections", "1"];
    let (_, report) = load(delayed, &arguments).await;

    // Twenty calls that were due within 0.1 s and took 0.05 s each, one after the other.
    assert_eq!(report["intact"], 20, "{report}");
    assert!(report["p99_us"].as_f64().expect("a number") > 800_000.0, "{report}");
}

#[tokio::test]
async fn held_streams_are_all_open_at_once() {
    let upstream = start().await;
    let mut loader =
        loader(&upstream, "sk-fake-events-12+interval-200", &["hold", "--streams", "30", "--events", "12"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a loader");
    let mut lines = BufReader::new(loader.stdout.take().expect("a pipe")).lines();

    let open = lines.next_line().await.expect("a line").expect("a line");
    let told = upstream.books().totals.open;
    loader.stdin.take().expect("a pipe").write_all(b"\n").await.expect("a listener");
    let end = lines.next_line().await.expect("a line").expect("a line");

    assert_eq!((open.as_str(), told), (r#"{"open":30}"#, 30));
    let end: Value = serde_json::from_str(&end).expect("a report");
    assert_eq!((&end["intact"], &end["ended_early"]), (&30.into(), &0.into()), "{end}");
}
