//! Counting the books anew.

use relay::clock::Clock;
use relay::meter::cost;
use relay::model::price::{ClassPrices, PriceOverride};
use relay::model::verify::{Difference, Verification};
use relay::price::Table;
use relay::store::attempt::Attempt;
use relay::store::reprice::{Cursor, Pricing, step};
use relay::store::retention::{self, Horizon};
use relay::store::verify::verify;

use crate::odd::{Oddities, day_ms};
use crate::support::{Books, sum};

const HOUR_MS: i64 = 3_600_000;

fn clock() -> Clock {
    Clock::system(Some("Europe/Berlin")).expect("a zone")
}

async fn verified(books: &Books) -> Verification {
    verify(&books.store, clock().zone()).await.expect("the books")
}

/// Books of a number of records with every oddity there is, and the records.
async fn odd_books(records: usize) -> (Books, Vec<Attempt>) {
    let mut oddities = Oddities::new(records);
    let mut books = Books::in_zone(clock()).await;
    while oddities.has_more() {
        oddities.enter_some(&books);
        for _ in 0..oddities.draw(3) {
            books.fold.step().await.expect("a fold");
        }
        if oddities.draw(4) == 0 {
            books = oddities.crash(books).await;
        }
    }
    books = oddities.crash(books).await;
    books.catch_up().await;
    let records = books.attempts().await;
    (books, records)
}

#[tokio::test]
async fn ten_thousand_records_with_every_oddity_are_summed_without_a_difference() {
    let (books, records) = odd_books(10_000).await;

    let found = verified(&books).await;

    assert!(records.len() >= 10_000, "{}", records.len());
    let metered: Vec<_> = records.iter().filter(|attempt| attempt.endpoint.is_metered()).collect();
    assert_eq!(found.differences, []);
    assert_eq!(found.records, metered.len() as u64);
    assert!(found.compared > 10_000 && found.beyond == 0, "{found:?}");
    assert_eq!(books.totals("d").await, sum(metered));
}

/// Changes the store behind the relay's back.
async fn tamper(books: &Books, change: &'static str) {
    let changed = books.store.durable(move |write| Ok(write.execute(change, [])?)).await.expect("a change");
    assert_eq!(changed, 1, "{change}");
}

#[tokio::test]
async fn whatever_is_changed_in_a_sum_is_found() {
    let (books, _) = odd_books(300).await;
    let one = "(size, bucket_ms, key_id, account_id, model, outcome) =
        (SELECT size, bucket_ms, key_id, account_id, model, outcome FROM rollup WHERE size = 'd' AND requests > 0 LIMIT 1)";
    let changes: [(&str, &[&str]); 5] = [
        ("UPDATE rollup SET cost = cost + 1 WHERE ", &["cost"]),
        ("UPDATE rollup SET total_ms = total_ms + 1, last_ms = last_ms - 1 WHERE ", &["total_ms", "last_ms"]),
        ("UPDATE rollup SET outcome = 'nobody' WHERE ", &["attempts", "requests", "total_ms", "last_ms"]),
        ("UPDATE rollup SET bucket_ms = bucket_ms + 1 WHERE ", &["attempts", "requests", "last_ms"]),
        ("UPDATE rollup SET size = 'none' WHERE ", &["attempts", "requests", "total_ms", "last_ms"]),
    ];
    for (change, figures) in changes {
        let before = verified(&books).await.differences;

        tamper(&books, String::leak(format!("{change}{one}"))).await;

        let found = verified(&books).await.differences;
        let new: Vec<_> = found.iter().filter(|difference| !before.contains(difference)).collect();
        for figure in figures {
            let is_told = |difference: &&Difference| difference.figure == *figure && difference.size == "day";
            assert!(new.iter().any(is_told), "{change}: {new:?}");
        }
    }
}

#[tokio::test]
async fn a_changed_narrow_sum_and_a_changed_record_are_found() {
    let (books, _) = odd_books(300).await;

    tamper(
        &books,
        "UPDATE rollup_by SET input = input + 7 WHERE (size, dimension, bucket_ms, id) =
         (SELECT size, dimension, bucket_ms, id FROM rollup_by WHERE size = 'h' AND dimension = 'key' LIMIT 1)",
    )
    .await;
    let narrow = verified(&books).await.differences;
    tamper(
        &books,
        "UPDATE attempt SET output = output + 1 WHERE (call, n) =
         (SELECT call, n FROM attempt WHERE accepted AND endpoint = 'messages' LIMIT 1)",
    )
    .await;
    let both = verified(&books).await.differences;

    assert_eq!(narrow.len(), 1, "{narrow:?}");
    let Difference { size, of, figure, kept, counted, .. } = &narrow[0];
    assert_eq!((size.as_str(), figure.as_str(), kept - counted), ("hour", "input", 7));
    assert!(of.starts_with("key "), "{of}");
    // Minute, hour and day, each by all, by each dimension and by all together.
    assert_eq!(both.len() - narrow.len(), 3 * 6, "{both:?}");
}

#[tokio::test]
async fn what_is_forgotten_is_left_out_to_the_record() {
    let (books, records) = odd_books(2_000).await;
    let noon_ms = day_ms(1) + 12 * HOUR_MS + 1;
    let horizon =
        Horizon { records_ms: noon_ms, minutes_ms: day_ms(2) + 90_000, hours_ms: day_ms(1) + 13 * HOUR_MS };

    while retention::forget(&books.store, horizon).await.expect("the books") > 0 {}

    let found = verified(&books).await;
    let left = records.iter().filter(|attempt| attempt.at_ms >= noon_ms && attempt.endpoint.is_metered());
    assert_eq!(found.differences, []);
    assert_eq!((found.records, found.records_from_ms), (left.count() as u64, noon_ms));
    assert!(found.beyond > 0 && found.compared > 0, "{found:?}");
    let metered = records.iter().filter(|attempt| attempt.endpoint.is_metered());
    assert_eq!(books.totals("d").await, sum(metered), "sums by day are kept for ever");

    tamper(
        &books,
        "UPDATE rollup_by SET cost = cost + 1 WHERE size = 'd' AND dimension = 'all' AND bucket_ms =
                    (SELECT min(bucket_ms) FROM rollup WHERE size = 'd')",
    )
    .await;
    assert_eq!(verified(&books).await.differences.len(), 1, "older sums are held against each other");
}

#[tokio::test]
async fn a_past_priced_anew_adds_up_even_half_way() {
    let (mut books, records) = odd_books(3_000).await;
    let doubled =
        ClassPrices { input: Some(6_000_000_000), output: Some(30_000_000_000), ..ClassPrices::default() };
    let own = |model: &str| PriceOverride { model: model.to_owned(), from_ms: 0, prices: doubled };
    let table = Table::embedded().with_overrides(&[own("claude-sonnet-4-5"), own("unheard-of")]);
    let priced = |attempt: &Attempt| {
        let mut attempt = attempt.clone();
        cost::price(&table, &mut attempt);
        attempt
    };
    let expected: Vec<_> = records
        .iter()
        .map(|attempt| match attempt.at_ms >= day_ms(1) && attempt.is_charged() {
            true => priced(attempt),
            false => attempt.clone(),
        })
        .collect();
    let pricing: Pricing = {
        let table = table.clone();
        std::sync::Arc::new(move |attempt| cost::price(&table, attempt))
    };

    let mut cursor = Cursor::before(day_ms(1));
    let mut steps = 0;
    while let Some((end, _)) =
        step(&books.store, &clock(), cursor, i64::MAX, pricing.clone()).await.expect("a step")
    {
        (cursor, steps) = (end, steps + 1);
        assert_eq!(verified(&books).await.differences, [], "after step {steps}");
        if steps == 1 {
            books = books.crash().await;
        }
    }

    assert!(steps > 1);
    assert_eq!(books.attempts().await, expected);
    let metered: Vec<_> = expected.iter().filter(|attempt| attempt.endpoint.is_metered()).collect();
    for size in ["m", "h", "d"] {
        assert_eq!(books.totals(size).await, sum(metered.iter().copied()), "by {size}");
    }
}
