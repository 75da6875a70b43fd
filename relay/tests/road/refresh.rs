//! Tokens: refreshed ahead of time, once however many wait, never lost, and their end never the client's.

use std::time::Duration;

use futures_util::future::join_all;
use relay::admin::account;
use relay::model::account::AccountState;
use relay::model::outcome::Outcome;
use relay::token;
use upstream::{Behaviour, Books, ClaudeAccount, Endpoint};

use crate::sign_in::signed_in;
use crate::support::TestRelay;

const HOUR_MS: i64 = 3_600_000;

/// Somebody whose tokens live for an hour, signed in.
async fn with_person() -> (TestRelay, relay::model::id::AccountId) {
    let relay = TestRelay::empty(&[]).await;
    relay.upstream.claude_account(ClaudeAccount { token_life_seconds: 3_600, ..ClaudeAccount::new("alice") });
    let id = signed_in(&relay, "alice").await.id;
    (relay, id)
}

fn refreshes(books: &Books) -> u64 {
    books.account("alice").refreshes
}

#[tokio::test]
async fn two_hundred_calls_at_the_moment_of_expiry_make_one_refresh() {
    let (relay, _) = with_person().await;
    relay.upstream.script_on(
        Endpoint::ClaudeToken,
        "alice",
        Behaviour::ok().delay(Duration::from_millis(200)),
    );
    relay.clock.advance(HOUR_MS - 5_000);

    let answers = join_all((0..200).map(|_| relay.message(false))).await;

    assert!(answers.iter().all(|answer| answer.status() == 200));
    let books = relay.upstream.books();
    assert_eq!((refreshes(&books), books.account("alice").reuses), (1, 0));
    assert!(books.messages().all(|message| message.status == Some(200)));
}

#[tokio::test]
async fn tokens_are_renewed_ahead_of_time_without_a_call() {
    let (relay, id) = with_person().await;
    relay.clock.advance(HOUR_MS - 60_000);

    let books = relay.upstream.wait_for(|books| refreshes(books) == 1).await;

    assert_eq!(books.messages().count(), 0);
    let history = loop {
        let history = account::refreshes(&relay.shared, &relay.admin, &id).await.unwrap();
        if !history.is_empty() {
            break history;
        }
        tokio::task::yield_now().await;
    };
    assert!(history.len() == 1 && history[0].renewed, "{history:?}");
}

#[tokio::test]
async fn a_token_refused_before_its_time_is_renewed_once_and_the_client_sees_nothing() {
    let (relay, _) = with_person().await;
    relay.upstream.expire("alice");

    let answers = join_all((0..20).map(|_| relay.message(true))).await;

    assert!(answers.iter().all(|answer| answer.status() == 200));
    assert_eq!(refreshes(&relay.upstream.books()), 1);
}

#[tokio::test]
async fn the_try_that_found_the_token_dead_is_in_the_books_too() {
    let (relay, _) = with_person().await;
    relay.upstream.expire("alice");

    assert_eq!(relay.message(false).await.status(), 200);

    let records = relay.records().await;
    let told: Vec<_> = records.iter().map(|record| (record.outcome, record.status, record.last)).collect();
    assert_eq!(told, [(Outcome::UpstreamError, 401, false), (Outcome::Ok, 200, true)]);
}

#[tokio::test]
async fn a_sign_in_that_is_over_needs_a_person_and_another_account_serves() {
    let (relay, id) = with_person().await;
    relay.upstream.revoke("alice");
    relay.account_with("sk-b", 90).await;

    assert_eq!(relay.message(false).await.status(), 200);

    let row = account::find(&relay.shared, &relay.admin, &id).await.unwrap();
    assert!(matches!(row.state, AccountState::NeedsSignIn { .. }), "{:?}", row.state);
    let messages = relay.upstream.books().messages().count();
    assert_eq!(relay.message(false).await.status(), 200);
    assert_eq!(relay.upstream.books().messages().count(), messages + 1);
}

#[tokio::test]
async fn alone_its_end_is_never_the_clients_401() {
    let (relay, _) = with_person().await;
    relay.upstream.revoke("alice");

    assert_eq!(relay.message(false).await.status(), 503);
}

#[tokio::test]
async fn while_the_token_lives_a_limited_token_endpoint_costs_nothing() {
    let (relay, id) = with_person().await;
    relay.upstream.script_on(Endpoint::ClaudeToken, "alice", Behaviour::rate_limited(600));
    relay.clock.advance(HOUR_MS - 60_000);
    relay.upstream.wait_for(|books| books.at(Endpoint::ClaudeToken).count() > 1).await;

    assert_eq!(relay.message(false).await.status(), 200);

    let row = account::find(&relay.shared, &relay.admin, &id).await.unwrap();
    assert_eq!(row.state, AccountState::Able);
}

#[tokio::test]
async fn rotated_tokens_outlive_a_restart() {
    let (relay, _) = with_person().await;
    relay.clock.advance(HOUR_MS - 5_000);
    assert_eq!(relay.message(false).await.status(), 200);

    let relay = relay.restart().await;
    relay.clock.advance(HOUR_MS - 5_000);

    assert_eq!(relay.message(false).await.status(), 200);
    let totals = relay.upstream.books().account("alice");
    assert_eq!((totals.refreshes, totals.reuses), (2, 0));
}

#[tokio::test]
async fn a_client_that_leaves_in_the_middle_of_a_refresh_loses_no_token() {
    let (relay, id) = with_person().await;
    relay.upstream.script_on(
        Endpoint::ClaudeToken,
        "alice",
        Behaviour::ok().delay(Duration::from_millis(300)).times(1).then(Behaviour::ok()),
    );
    relay.clock.advance(HOUR_MS - 5_000);
    let call = tokio::time::timeout(Duration::from_millis(100), relay.message(false)).await;

    relay.upstream.wait_for(|books| refreshes(books) == 1).await;
    let account = relay.shared.accounts.find(&id).unwrap();
    token::ready(&relay.shared, &account).await.unwrap();

    assert!(call.is_err());
    assert_eq!(relay.message(false).await.status(), 200);
    assert_eq!(relay.upstream.books().account("alice").reuses, 0);
}
