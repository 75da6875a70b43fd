//! A process that dies, and the one after it.

use std::path::{Path, PathBuf};

use relay::model::outcome::Outcome;
use relay::model::usage::Tokens;
use relay::store::attempt::{Attempt, Endpoint};

use crate::support::{Books, attempt, latest_segment, length, segments, sum};

#[tokio::test]
async fn an_attempt_that_was_never_settled_is_abandoned_with_a_marked_estimate() {
    let books = Books::new().await;
    books.enter(&attempt(1));
    let _lost = books.begin(&attempt(2));

    let mut books = books.crash().await;
    books.catch_up().await;

    let attempts = books.attempts().await;
    assert_eq!(attempts.len(), 2);
    let abandoned = &attempts[1];
    assert_eq!(abandoned.outcome, Outcome::Abandoned);
    assert_eq!(abandoned.usage.tokens, Tokens { input: 11, ..Tokens::default() });
    assert!(books.abandoned[0].usage.input_estimated && books.abandoned[0].usage.output_estimated);
    assert!(abandoned.usage.output_estimated, "the mark is in the books");
    assert_eq!(abandoned.cost.unwrap().0, 33_000, "an estimate has a price like any usage");
    assert!(abandoned.is_request());
    assert_eq!(books.totals("d").await, sum(&attempts));
}

#[tokio::test]
async fn an_abandoned_count_of_tokens_is_free() {
    let books = Books::new().await;
    let _lost = books.begin(&Attempt { endpoint: Endpoint::CountTokens, ..attempt(1) });

    let mut books = books.crash().await;
    books.catch_up().await;

    let attempts = books.attempts().await;
    assert_eq!((attempts[0].outcome, attempts[0].cost), (Outcome::Abandoned, None));
    assert_eq!(books.totals("d").await, sum(&[]));
}

#[tokio::test]
async fn replaying_twice_changes_nothing() {
    let books = Books::new().await;
    books.enter(&attempt(1));
    let _lost = books.begin(&attempt(2));

    let mut books = books.crash().await;
    books.catch_up().await;
    let (attempts, totals) = (books.attempts().await, books.totals("h").await);
    let again = books.crash().await;
    let mut books = again.crash().await;
    books.catch_up().await;

    assert!(books.abandoned.is_empty());
    assert_eq!(books.attempts().await, attempts);
    assert_eq!(books.totals("h").await, totals);
}

#[tokio::test]
async fn dying_before_what_was_abandoned_is_folded_abandons_it_once() {
    let books = Books::new().await;
    let _lost = books.begin(&attempt(1));

    let mut books = books.crash().await.crash().await.crash().await;
    books.catch_up().await;

    assert_eq!(books.calls().await, [1]);
    assert_eq!(books.totals("d").await.requests, 1);
}

#[tokio::test]
async fn a_segment_that_comes_back_after_it_was_removed_counts_once() {
    let books = Books::new().await;
    books.enter(&attempt(1));
    let _lost = books.begin(&attempt(2));
    let mut books = books.crash().await;
    books.enter(&attempt(3));
    books.catch_up().await;
    let copies: Vec<_> =
        segments(books.path()).into_iter().map(|path| (std::fs::read(&path).unwrap(), path)).collect();
    let mut books = books.crash().await;
    books.catch_up().await;
    let (attempts, totals) = (books.attempts().await, books.totals("d").await);
    let removed = |folder: &Path| copies.iter().any(|(_, path)| !segments(folder).contains(path));
    assert!(removed(books.path()));

    let restore = |_: &Path| copies.iter().for_each(|(bytes, path)| std::fs::write(path, bytes).unwrap());
    let mut books = books.crash_after(restore).await;
    books.catch_up().await;

    assert_eq!(books.attempts().await, attempts);
    assert_eq!(books.totals("d").await, totals);
    assert_eq!(attempts.len(), 3);
}

#[tokio::test]
async fn an_attempt_that_comes_twice_counts_once_and_as_it_first_was() {
    let mut books = Books::new().await;
    let second = Attempt { n: 2, ..attempt(1) };
    books.enter(&attempt(1));
    books.journal.append_settled(&attempt(1)).unwrap();
    books.catch_up().await;
    books.journal.append_settled(&Attempt { call: attempt(1).call, ..attempt(5) }).unwrap();
    books.enter(&second);
    books.catch_up().await;

    assert_eq!(books.attempts().await, [attempt(1), second.clone()]);
    assert_eq!(books.totals("d").await, sum(&[attempt(1), second]));
}

/// The store's files, whole.
fn store_files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let names = ["switchyard.db", "switchyard.db-wal"].map(|name| folder.join(name));
    names.into_iter().filter_map(|path| std::fs::read(&path).ok().map(|bytes| (path, bytes))).collect()
}

#[tokio::test]
async fn a_store_that_lost_its_last_transactions_gets_them_from_the_journal_again() {
    let mut books = Books::new().await;
    books.enter(&attempt(1));
    books.catch_up().await;
    let early = store_files(books.path());
    books.enter(&attempt(2));
    books.catch_up().await;
    let _lost = books.begin(&attempt(3));
    books.catch_up().await;

    let power_cut = |folder: &Path| {
        for (path, _) in store_files(folder) {
            std::fs::remove_file(path).unwrap();
        }
        early.iter().for_each(|(path, bytes)| std::fs::write(path, bytes).unwrap());
    };
    let mut books = books.crash_after(power_cut).await;
    books.catch_up().await;

    let attempts = books.attempts().await;
    assert_eq!(books.calls().await, [1, 2, 3]);
    assert_eq!(attempts[2].outcome, Outcome::Abandoned);
    assert_eq!(books.totals("d").await, sum(&attempts));
}

#[tokio::test]
async fn a_journal_that_lost_its_tail_loses_nothing_that_the_store_has() {
    let mut books = Books::new().await;
    (1..=9).for_each(|call| books.enter(&attempt(call)));
    books.catch_up().await;

    let power_cut = |folder: &Path| {
        let path = latest_segment(folder).unwrap();
        let half = length(&path) / 2;
        std::fs::OpenOptions::new().write(true).open(path).unwrap().set_len(half).unwrap();
    };
    let mut books = books.crash_after(power_cut).await;
    books.enter(&attempt(10));
    books.catch_up().await;

    assert_eq!(books.calls().await, (1..=10).collect::<Vec<_>>());
    let attempts = books.attempts().await;
    assert!(attempts.iter().all(|attempt| attempt.outcome == Outcome::Ok));
    assert_eq!(books.totals("d").await, sum(&attempts));
}
