//! Files that do not hold what was written into them.

use relay::model::outcome::Outcome;

use crate::support::{Books, append, attempt, latest_segment, length, sum};

#[tokio::test]
async fn a_torn_last_frame_is_cut_off_and_what_was_before_counts() {
    let books = Books::new().await;
    books.enter(&attempt(1));
    books.enter(&attempt(2));
    let whole = length(&latest_segment(books.path()).unwrap());

    let mut books = books
        .crash_after(|folder| {
            let path = latest_segment(folder).unwrap();
            let frames = std::fs::read(&path).unwrap();
            append(&path, &frames[..frames.len() / 3]);
            append(&path, &frames[..100]);
        })
        .await;
    let cut = length(&books.path().join("journal/0000000001.journal"));
    books.enter(&attempt(3));
    books.catch_up().await;

    assert!(cut >= whole, "{cut} of {whole}");
    assert_eq!(books.calls().await, [1, 2, 3]);
    assert_eq!(books.totals("d").await, sum(&[attempt(1), attempt(2), attempt(3)]));
}

#[tokio::test]
async fn a_last_record_cut_at_any_byte_leaves_an_abandoned_attempt_or_the_record() {
    let books = Books::new().await;
    books.enter(&attempt(1));
    let before = length(&latest_segment(books.path()).unwrap());
    books.enter(&attempt(2));
    let frames = std::fs::read(latest_segment(books.path()).unwrap()).unwrap();
    drop(books);

    let mut outcomes = Vec::new();
    for end in (usize::try_from(before).unwrap()..=frames.len()).step_by(61).chain([frames.len()]) {
        let mut books = Books::new()
            .await
            .crash_after(|folder| {
                std::fs::write(folder.join("journal/0000000001.journal"), &frames[..end]).unwrap()
            })
            .await;
        books.catch_up().await;
        let attempts = books.attempts().await;
        assert_eq!(attempts[0], attempt(1));
        assert_eq!(books.totals("m").await, sum(&attempts));
        outcomes.push(attempts.get(1).map(|attempt| attempt.outcome));
    }

    outcomes.dedup();
    assert_eq!(outcomes, [None, Some(Outcome::Abandoned), Some(Outcome::Ok)]);
}

#[tokio::test]
async fn a_damaged_frame_costs_itself_and_nothing_behind_it() {
    let books = Books::new().await;
    for call in 101..=109 {
        books.journal.append_settled(&attempt(call)).unwrap();
    }
    let whole = length(&latest_segment(books.path()).unwrap());

    let mut books = books
        .crash_after(|folder| {
            let path = latest_segment(folder).unwrap();
            let mut bytes = std::fs::read(&path).unwrap();
            // The fourth frame's checksum, the seventh one's length.
            bytes[usize::try_from(whole / 9 * 3 + 5).unwrap()] ^= 0xff;
            bytes[usize::try_from(whole / 9 * 6 + 1).unwrap()] ^= 0xff;
            std::fs::write(&path, bytes).unwrap();
        })
        .await;
    let kept = length(&latest_segment(books.path()).unwrap());
    books.enter(&attempt(110));
    books.catch_up().await;

    assert_eq!(kept, whole);
    assert_eq!(books.calls().await, [101, 102, 103, 105, 106, 108, 109, 110]);
}

#[tokio::test]
async fn damage_larger_than_a_batch_is_stepped_over() {
    let books = Books::new().await;
    books.enter(&attempt(1));

    let mut books = books
        .crash_after(|folder| {
            let path = latest_segment(folder).unwrap();
            let frames = std::fs::read(&path).unwrap();
            append(&path, &b"{\"not\":\"a frame\"}".repeat(100_000));
            append(&path, &[0; 70_000]);
            append(&path, &frames);
        })
        .await;
    books.enter(&attempt(2));
    books.catch_up().await;

    assert_eq!(books.calls().await, [1, 2]);
}

#[tokio::test]
async fn an_empty_and_a_foreign_file_are_no_obstacle() {
    let books = Books::new().await;
    books.enter(&attempt(1));

    let mut books = books
        .crash_after(|folder| {
            std::fs::write(folder.join("journal/0000000007.journal"), b"").unwrap();
            std::fs::write(folder.join("journal/0000000009.journal"), b"no frames at all").unwrap();
            std::fs::write(folder.join("journal/notes.txt"), b"a person's").unwrap();
        })
        .await;
    books.enter(&attempt(2));
    books.catch_up().await;

    assert_eq!(books.calls().await, [1, 2]);
    assert!(books.path().join("journal/notes.txt").exists());
}
