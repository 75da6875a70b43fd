//! A disk that takes no more, and then does again. The limit on file sizes stands in for it: it works everywhere, and
//! fails each write, also where room was set aside.

use relay::model::outcome::Outcome;
use serde_json::Value;
use upstream::{Behaviour, Gate};

use crate::account::{sums, tokens};
use crate::binary::{Home, Server};

/// A stream and a JSON answer, both under way when no file can grow any more, and let go to their ends.
async fn cut_short(home: &Home, server: &Server) {
    let gates = [Gate::new(), Gate::new()];
    let [stream, whole] = gates.each_ref().map(|gate| Behaviour::ok().events(12).gated(gate).times(1));
    home.upstream.script("sk-a", stream.then(whole).then(Behaviour::ok()));
    gates[0].release(5);
    let stream = server.message("claude-sonnet-4-5-stream", true).await;
    let whole = server.message("claude-sonnet-4-5-json", false).await;
    assert_eq!((stream.status().as_u16(), whole.status().as_u16()), (200, 200));

    server.limit_files(Some(0));
    gates.iter().for_each(Gate::open);

    let stream = stream.text().await.expect("a clean end");
    assert!(stream.contains("event: content_block_delta"), "{stream}");
    assert!(!stream.contains("message_stop"), "{stream}");
    assert!(stream.trim_end().rsplit("\n\n").next().unwrap().starts_with("event: error\n"), "{stream}");
    assert!(whole.bytes().await.is_err(), "a body that looks whole");
    server.log.says("an answer ends as cut").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_space_answers_end_as_cut_and_calls_are_refused_until_there_is_some() {
    let home = Home::new().await;
    home.account("sk-a");
    let server = home.serve().await;

    cut_short(&home, &server).await;
    let refused = server.message("claude-sonnet-4-5-refused", true).await;
    let (status, retry_after) = (refused.status(), refused.headers().get("retry-after").cloned());
    let error: Value = refused.json().await.unwrap();
    let unhealthy = server.health().await;
    let late = server.totals().await;
    server.log.says("the journal cannot be written: File too large").await;
    server.limit_files(None);
    server.recovers().await;
    let again = server.message("claude-sonnet-4-5-again", true).await.text().await.unwrap();
    let totals = server.totals().await;
    server.stop().await;

    assert_eq!((status.as_u16(), unhealthy), (503, 503));
    assert_eq!(error["type"], "error");
    assert_eq!(error["error"]["type"], "api_error");
    assert_eq!(retry_after.unwrap(), "5");
    assert_eq!(late["requests"], 0, "figures are late, but they come");
    assert!(again.contains("message_stop"), "{again}");
    let books = home.books().await;
    let exchanges = home.upstream.books().exchanges;
    assert_eq!((books.len(), exchanges.len()), (3, 3));
    for (attempt, exchange) in books.iter().zip(&exchanges) {
        assert_eq!(Some(&attempt.asked), exchange.model.as_ref());
        assert_eq!(attempt.usage.tokens, tokens(exchange.billed));
    }
    let sums = sums(&books);
    assert!(sums.as_object().unwrap().iter().all(|(name, sum)| &totals[name] == sum), "{totals} {sums}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_kept_is_written_without_a_call_to_ask_for_it() {
    let home = Home::new().await;
    home.account("sk-a");
    let server = home.serve().await;

    cut_short(&home, &server).await;
    server.limit_files(None);
    server.stop().await;
    home.serve().await.stop().await;

    let outcomes: Vec<_> = home.books().await.iter().map(|attempt| attempt.outcome).collect();
    assert_eq!(outcomes, [Outcome::Ok, Outcome::Ok]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_without_space_what_was_open_is_abandoned_once() {
    let home = Home::new().await;
    home.account("sk-a");
    let server = home.serve().await;

    cut_short(&home, &server).await;
    server.kill().await;
    let server = home.serve().await;
    let totals = server.totals().await;
    server.stop().await;

    let books = home.books().await;
    assert!(books.iter().all(|attempt| attempt.outcome == Outcome::Abandoned), "{books:#?}");
    assert_eq!(books.len(), 2);
    assert_eq!(totals["requests"], 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_torn_in_the_middle_by_a_full_disk_is_written_whole_later() {
    let home = Home::new().await;
    home.account("sk-a");
    home.upstream.script("sk-a", Behaviour::ok());
    let server = home.serve().await;
    let journal = home.segment();

    // Three in the middle of an opening, the last in the middle of a settlement.
    for part in [1, 100, 200, 500] {
        server.limit_files(None);
        server.recovers().await;
        server.message("claude-sonnet-4-5", true).await.text().await.unwrap();
        let length = std::fs::metadata(&journal).unwrap().len();
        server.limit_files(Some(length + part));
        let answer = server.message("claude-sonnet-4-5", true).await;
        assert_eq!(answer.status() == 200, part == 500);
        assert!(!answer.text().await.unwrap().contains("message_stop"));
    }
    server.limit_files(None);
    server.recovers().await;
    server.message("claude-sonnet-4-5", true).await.text().await.unwrap();
    server.kill().await;
    home.serve().await.stop().await;

    let books = home.books().await;
    assert!(books.iter().all(|attempt| attempt.outcome == Outcome::Ok), "{books:#?}");
    assert_eq!((books.len(), home.upstream.books().exchanges.len()), (6, 6));
}
