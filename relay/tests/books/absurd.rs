//! Figures that no provider means.

use relay::model::money::Nanodollars;
use relay::model::usage::{Tokens, Usage};
use relay::store::attempt::Attempt;

use crate::support::{Books, attempt};

/// As many calls as would overflow a sum if each cost a million dollars.
const CALLS: u128 = 9_300;

#[tokio::test]
async fn absurd_usage_neither_stops_the_fold_nor_spoils_a_sum() {
    let mut books = Books::new().await;
    let most = u64::MAX;
    let tokens =
        Tokens { input: most, output: most, cache_write_5m: most, cache_write_1h: most, cache_read: most };
    for call in 1..=CALLS {
        let absurd = Attempt {
            usage: Usage { tokens, web_searches: most, thinking: most, ..Usage::default() },
            cost: Some(Nanodollars(i64::MAX)),
            ..attempt(call)
        };
        books.journal.append_settled(&absurd).unwrap();
    }
    let negative = Attempt { cost: Some(Nanodollars(i64::MIN)), ..attempt(0) };
    books.enter(&negative);
    books.catch_up().await;

    let totals = books.totals("d").await;
    assert_eq!(totals.requests, u64::try_from(CALLS).unwrap() + 1);
    assert!(totals.cost.0 > 0 && totals.tokens.input > 0);
    assert_eq!(books.totals("m").await, totals);
}
