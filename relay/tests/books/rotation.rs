//! Segments: begun, left behind, and removed once nobody needs them.

use relay::model::outcome::Outcome;
use relay::store::attempt::Attempt;

use crate::support::{Books, attempt, segments};

/// Enough records for a segment and some.
const SEGMENT: u128 = 4_500;

fn fill(books: &Books, from: u128) -> u128 {
    for call in from..from + SEGMENT {
        let cause = Some("x".repeat(600));
        books.journal.append_settled(&Attempt { cause, ..attempt(call) }).unwrap();
    }
    from + SEGMENT
}

#[tokio::test]
async fn segments_go_once_they_are_in_the_books() {
    let mut books = Books::new().await;
    let next = fill(&books, 1);
    let end = fill(&books, next);
    let most = segments(books.path()).len();
    books.catch_up().await;

    assert!(most >= 2, "{most}");
    assert_eq!(segments(books.path()).len(), 1);
    assert_eq!(books.calls().await, (1..end).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_long_attempt_keeps_its_segment_and_all_later_ones_until_it_ends() {
    let mut books = Books::new().await;
    let long = attempt(1);
    let ticket = books.begin(&long);
    let next = fill(&books, 2);
    fill(&books, next);
    books.catch_up().await;
    let kept = segments(books.path()).len();

    books.journal.settle(ticket, &long).unwrap();
    books.catch_up().await;

    assert!(kept >= 2, "{kept}");
    assert_eq!(segments(books.path()).len(), 1);
    assert_eq!(books.attempts().await.len(), 2 * usize::try_from(SEGMENT).unwrap() + 1);
}

#[tokio::test]
async fn a_long_attempt_whose_process_dies_is_abandoned_from_its_old_segment() {
    let mut books = Books::new().await;
    let _lost = books.begin(&attempt(1));
    fill(&books, 2);
    books.catch_up().await;

    let mut books = books.crash().await;
    books.catch_up().await;

    let attempts = books.attempts().await;
    assert_eq!((attempts[0].call, attempts[0].outcome), (attempt(1).call, Outcome::Abandoned));
    assert_eq!(attempts.len(), usize::try_from(SEGMENT).unwrap() + 1);
    assert_eq!(segments(books.path()).len(), 1);
}
