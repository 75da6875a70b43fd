//! Which replies another account may cure, and what they mean for the account (architecture, stage 5).

use relay::model::account::AccountState;
use relay::model::id::AccountId;
use relay::model::outcome::Outcome;
use rstest::rstest;
use serde_json::Value;
use upstream::{Behaviour, Usage};

use crate::support::{NOW_MS, TestRelay};

const MINUTE_MS: i64 = 60_000;

/// Two accounts: `sk-a` is tried first and behaves so, `sk-b` answers.
pub(crate) async fn two(behaviour: Behaviour) -> (TestRelay, AccountId) {
    let relay = TestRelay::empty(&[]).await;
    let first = relay.account_with("sk-a", 10).await;
    relay.account_with("sk-b", 20).await;
    relay.upstream.script("sk-a", behaviour);
    relay.upstream.script("sk-b", Behaviour::ok().usage(Usage::new(12, 34)));
    (relay, first)
}

pub(crate) fn state(relay: &TestRelay, id: &AccountId) -> AccountState {
    relay.shared.accounts.find(id).unwrap().state(relay.shared.clock.now_ms())
}

#[derive(Debug, PartialEq)]
enum Becomes {
    /// It stays able, and is tried last for a moment.
    Able,
    /// It gets no calls for so many milliseconds.
    Cooling(i64),
    /// It gets no calls until a person acts.
    Parked,
}

fn becomes(state: &AccountState) -> Becomes {
    match state {
        AccountState::Cooling { until_ms, .. } => Becomes::Cooling(until_ms - NOW_MS),
        AccountState::Parked { .. } | AccountState::NeedsSignIn { .. } => Becomes::Parked,
        AccountState::Able => Becomes::Able,
        AccountState::Paused { .. } => panic!("nobody paused it"),
    }
}

/// 429 of a subscription: the five-hour window is spent for ten minutes.
fn window_spent() -> Behaviour {
    let reset = (NOW_MS / 1000 + 600).to_string();
    let name = |end: &str| format!("anthropic-ratelimit-unified-{end}");
    Behaviour::rate_limited(5)
        .header(&name("status"), "rejected")
        .header(&name("reset"), &reset)
        .header(&name("5h-status"), "rejected")
        .header(&name("5h-reset"), &reset)
        .header(&name("7d-status"), "allowed")
        .header(&name("7d-reset"), "1796000000")
}

#[rstest]
#[case(Behaviour::rate_limited(60), 429, Becomes::Cooling(MINUTE_MS))]
#[case(Behaviour::rate_limited(99_999_999), 429, Becomes::Cooling(8 * 24 * 60 * MINUTE_MS))]
#[case(window_spent(), 429, Becomes::Cooling(10 * MINUTE_MS))]
#[case(Behaviour::status(429), 429, Becomes::Able)]
#[case(Behaviour::overloaded(), 529, Becomes::Able)]
#[case(Behaviour::overloaded().header("retry-after", "30"), 529, Becomes::Cooling(MINUTE_MS / 2))]
#[case(Behaviour::status(500), 500, Becomes::Able)]
#[case(Behaviour::status(503).header("retry-after", "60"), 503, Becomes::Cooling(MINUTE_MS))]
#[case(Behaviour::status(504), 504, Becomes::Able)]
#[case(Behaviour::status(502).body("<html>").header("content-type", "text/html"), 502, Becomes::Able)]
#[case(Behaviour::unauthorized(), 401, Becomes::Parked)]
#[case(Behaviour::status(402), 402, Becomes::Parked)]
#[case(Behaviour::oauth_not_allowed(), 403, Becomes::Parked)]
#[case(Behaviour::organization_disabled(), 400, Becomes::Parked)]
#[case(Behaviour::credit_too_low(), 400, Becomes::Parked)]
#[case(Behaviour::edge_refusal(), 403, Becomes::Able)]
#[case(Behaviour::status(403), 403, Becomes::Able)]
#[case(Behaviour::ok().cut_before_head(), 0, Becomes::Able)]
#[tokio::test]
async fn what_another_account_may_cure_costs_the_client_nothing(
    #[case] behaviour: Behaviour,
    #[case] status: u16,
    #[case] expected: Becomes,
    #[values(false, true)] streamed: bool,
) {
    let (relay, first) = two(behaviour).await;

    let answer = relay.message(streamed).await;

    assert_eq!(answer.status(), 200);
    let id = answer.headers()["x-switchyard-request-id"].to_str().unwrap().to_owned();
    assert!(answer.text().await.unwrap().contains("\"output_tokens\":34"));
    assert_eq!(becomes(&state(&relay, &first)), expected);
    let books = relay.upstream.books();
    let tokens: Vec<_> = books.exchanges.iter().map(|exchange| exchange.token.as_deref().unwrap()).collect();
    assert_eq!(tokens, ["sk-a", "sk-b"]);
    assert_eq!(books.exchanges[0].body_sha256, books.exchanges[1].body_sha256);
    let records = relay.records().await;
    let seen: Vec<_> = records.iter().map(|it| (it.n, it.outcome, it.status, it.last, it.accepted)).collect();
    let expected = [(1, Outcome::UpstreamError, status, false, false), (2, Outcome::Ok, 200, true, true)];
    assert_eq!(seen, expected);
    assert!(records.iter().all(|record| record.call.to_string() == id));
    assert!(records[0].cause.is_some() && records[0].usage == relay::model::usage::Usage::default());
    assert_eq!(relay.usage().await["usage"]["total"]["requests"], 1);
}

#[rstest]
#[case("overloaded_error", Becomes::Able)]
#[case("api_error", Becomes::Able)]
#[case("rate_limit_error", Becomes::Able)]
#[case("authentication_error", Becomes::Parked)]
#[tokio::test]
async fn an_error_in_a_stream_before_content_is_cured_by_the_next_account(
    #[case] kind: &str,
    #[case] expected: Becomes,
    #[values(0, 1)] events: usize,
) {
    let (relay, first) = two(Behaviour::ok().error_after(events, kind)).await;

    let answer = relay.message(true).await;

    let seen = answer.text().await.unwrap();
    assert!(seen.ends_with("data: {\"type\":\"message_stop\"}\n\n") && !seen.contains("error"), "{seen}");
    assert_eq!(seen.matches("message_start").count(), 2);
    assert_eq!(becomes(&state(&relay, &first)), expected);
    let records = relay.records().await;
    let outcomes: Vec<_> = records.iter().map(|record| (record.outcome, record.last)).collect();
    assert_eq!(outcomes, [(Outcome::UpstreamError, false), (Outcome::Ok, true)]);
    assert!(records[0].cause.as_deref().unwrap().starts_with(kind));
}

#[rstest]
#[case(Behaviour::status(400).message("max_tokens: Field required"), 400)]
#[case(Behaviour::status(400).message("prompt is too long: 210000 tokens > 200000 maximum"), 400)]
#[case(Behaviour::status(404), 404)]
#[case(Behaviour::status(405), 405)]
#[case(Behaviour::status(408), 408)]
#[case(Behaviour::status(409), 409)]
#[case(Behaviour::status(413), 413)]
#[case(Behaviour::status(422), 422)]
#[case(Behaviour::status(403).message("This credential is only authorized for use with Claude Code and cannot be used for other API requests."), 403)]
#[case(Behaviour::extra_usage_required(), 429)]
#[case(Behaviour::status(302).header("location", "http://169.254.169.254/"), 302)]
#[tokio::test]
async fn the_client_s_own_error_is_delivered_at_once_and_counts_against_nobody(
    #[case] behaviour: Behaviour,
    #[case] status: u16,
) {
    let (relay, first) = two(behaviour.header("x-should-retry", "true").header("retry-after-ms", "7")).await;

    let answer = relay.message(true).await;

    assert_eq!(answer.status(), status);
    let headers = answer.headers().clone();
    assert_eq!(
        (&headers["x-should-retry"], &headers["retry-after-ms"]),
        (&"true".parse().unwrap(), &"7".parse().unwrap())
    );
    assert!(headers.contains_key("x-switchyard-request-id") && !headers.contains_key("location"));
    let books = relay.upstream.books();
    assert_eq!(headers["request-id"], books.last().unwrap().request_id.as_str());
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["request_id"], books.last().unwrap().request_id.as_str());
    assert_eq!(books.exchanges.len(), 1);
    assert_eq!(becomes(&state(&relay, &first)), Becomes::Able);
    let record = relay.record().await;
    assert_eq!((record.outcome, record.status, record.last), (Outcome::Rejected, status, true));
    // Nor is it tried last now.
    relay.upstream.script("sk-a", Behaviour::ok());
    assert_eq!(relay.message(false).await.status(), 200);
    assert_eq!(relay.upstream.books().last().unwrap().token.as_deref(), Some("sk-a"));
}
