//! Failover before the first byte: what is tried next, for how long, and which error is the client's in the end
//! (architecture, stage 5).

use std::time::Duration;

use relay::admin::account;
use relay::model::account::{AccountKind, AccountState};
use relay::model::outcome::Outcome;
use relay::secret::Secret;
use rstest::rstest;
use serde_json::Value;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use upstream::Behaviour;

use crate::support::{NOW_MS, TestRelay, message, new_account};
use crate::verdict::{state, two};

#[rstest]
#[case(Behaviour::rate_limited(120), Behaviour::rate_limited(60), 429, Some("60"))]
#[case(Behaviour::rate_limited(60), Behaviour::overloaded(), 429, Some("60"))]
#[case(Behaviour::unauthorized(), Behaviour::rate_limited(60), 429, Some("60"))]
#[case(Behaviour::overloaded(), Behaviour::status(500), 529, None)]
#[case(Behaviour::unauthorized(), Behaviour::status(500), 500, None)]
#[case(Behaviour::ok().cut_before_head(), Behaviour::status(403), 403, None)]
#[case(Behaviour::ok().error_first("overloaded_error"), Behaviour::status(500), 200, None)]
#[case(Behaviour::ok().cut_before_head(), Behaviour::unauthorized(), 502, None)]
#[tokio::test]
async fn of_several_errors_the_most_useful_is_delivered(
    #[case] first: Behaviour,
    #[case] second: Behaviour,
    #[case] status: u16,
    #[case] retry_after: Option<&str>,
    #[values(false, true)] swapped: bool,
) {
    let (first, second) = if swapped { (second, first) } else { (first, second) };
    let (relay, _) = two(first).await;
    relay.upstream.script("sk-b", second);

    let answer = relay.message(true).await;

    assert_eq!(answer.status(), status);
    assert_eq!(answer.headers().get("retry-after").map(|value| value.to_str().unwrap()), retry_after);
    let text = answer.text().await.unwrap();
    let json = text.strip_prefix("event: error\ndata: ").unwrap_or(&text);
    assert_eq!(serde_json::from_str::<Value>(json).unwrap()["type"], "error");
    let records = relay.records().await;
    assert_eq!(records.iter().map(|record| record.last).collect::<Vec<_>>(), [false, true]);
    assert!(
        records.iter().all(|record| (record.outcome, record.accepted) == (Outcome::UpstreamError, false))
    );
    assert_eq!(relay.usage().await["usage"]["total"]["failed"], 1);
}

#[rstest]
#[case(Behaviour::unauthorized())]
#[case(Behaviour::status(402))]
#[case(Behaviour::oauth_not_allowed())]
#[case(Behaviour::organization_disabled())]
#[case(Behaviour::credit_too_low())]
#[case(Behaviour::ok().error_first("authentication_error"))]
#[tokio::test]
async fn trouble_of_the_account_never_shows_as_the_client_s(#[case] behaviour: Behaviour) {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", behaviour);

    for _ in 0..2 {
        let answer = relay.message(true).await;
        assert_eq!(answer.status(), 503);
        assert_eq!(answer.headers()["x-should-retry"], "false");
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"]["type"], "overloaded_error");
        assert_eq!(body["error"]["message"], "no upstream account is able to serve this request now");
    }

    assert_eq!(relay.upstream.books().messages().count(), 1);
    let records = relay.records().await;
    assert_eq!(
        records.iter().map(|record| (record.n, record.outcome)).collect::<Vec<_>>(),
        [(1, Outcome::UpstreamError), (0, Outcome::Rejected)]
    );
    assert!(records[1].cause.as_deref().unwrap().contains("parked: "));
}

#[tokio::test]
async fn a_parked_account_stays_out_over_a_restart_until_a_person_acts() {
    let (relay, first) = two(Behaviour::unauthorized()).await;
    assert_eq!(relay.message(false).await.status(), 200);

    let relay = relay.restart().await;
    assert!(matches!(state(&relay, &first), AccountState::Parked { since_ms: NOW_MS, .. }));
    assert_eq!(relay.message(false).await.status(), 200);
    relay.upstream.script("sk-a", Behaviour::ok());
    account::resume(&relay.shared, &relay.admin, &first).await.unwrap();
    assert_eq!(relay.message(false).await.status(), 200);

    let books = relay.upstream.books();
    let tokens: Vec<_> = books.messages().map(|exchange| exchange.token.as_deref().unwrap()).collect();
    assert_eq!(tokens, ["sk-a", "sk-b", "sk-b", "sk-a"]);
}

#[tokio::test]
async fn a_cooldown_ends_at_the_time_that_the_reply_named() {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", Behaviour::rate_limited(90).times(1).then(Behaviour::ok()));

    assert_eq!(relay.message(false).await.status(), 429);
    relay.clock.advance(89_500);
    let answer = relay.message(false).await;
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.headers()["retry-after"], "1");
    assert!(!answer.headers().contains_key("x-should-retry"));
    assert!(answer.text().await.unwrap().contains("the first may again in 1 s"));
    relay.clock.advance(500);
    assert_eq!(relay.message(false).await.status(), 200);

    assert_eq!(relay.upstream.books().messages().count(), 2);
}

#[tokio::test]
async fn a_long_wait_is_no_business_of_a_client_s_retries() {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", Behaviour::rate_limited(3_600));

    assert_eq!(relay.message(false).await.status(), 429);
    let answer = relay.message(false).await;

    assert_eq!((answer.status().as_u16(), &answer.headers()["retry-after"] == "3600"), (429, true));
    assert_eq!(answer.headers()["x-should-retry"], "false");
}

#[tokio::test]
async fn an_account_that_cannot_be_reached_is_passed_over() {
    let (relay, _) = two(Behaviour::ok()).await;
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", gone.local_addr().unwrap());
    drop(gone);
    let kind = AccountKind::ClaudeApiKey;
    let new = new_account("gone", kind, &base_url, 1);
    account::create(&relay.shared, &relay.admin, new, Some(Secret::new("sk-gone"))).await.unwrap();

    assert_eq!(relay.message(false).await.status(), 200);

    let records = relay.records().await;
    assert_eq!((records[0].outcome, records[0].status), (Outcome::UpstreamError, 0));
    assert!(records[0].cause.as_deref().unwrap().starts_with("no connection: "));
    assert!(!records[0].cause.as_deref().unwrap().contains("sk-gone"));
}

#[tokio::test]
async fn an_account_that_takes_no_connection_is_passed_over() {
    let relay = TestRelay::empty(&[("SWITCHYARD_RELAY_CONNECT", "500ms")]).await;
    relay.account_with("sk-b", 20).await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let full = socket.listen(1).unwrap();
    let address = full.local_addr().unwrap();
    let callers: Vec<_> = (0..8).map(|_| tokio::spawn(TcpStream::connect(address))).collect();
    let (kind, base_url) = (AccountKind::ClaudeApiKey, format!("http://{address}"));
    let new = new_account("full", kind, &base_url, 1);
    account::create(&relay.shared, &relay.admin, new, Some(Secret::new("sk-full"))).await.unwrap();

    assert_eq!(relay.message(true).await.status(), 200);

    let records = relay.records().await;
    assert_eq!(
        records.iter().map(|it| it.outcome).collect::<Vec<_>>(),
        [Outcome::UpstreamError, Outcome::Ok]
    );
    assert!(records[0].cause.as_deref().unwrap().starts_with("no connection: "), "{:?}", records[0].cause);
    callers.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn a_silent_account_is_passed_over() {
    let relay = TestRelay::empty(&[("SWITCHYARD_RELAY_IDLE", "600ms")]).await;
    relay.account_with("sk-a", 10).await;
    relay.account_with("sk-b", 20).await;
    relay.upstream.script("sk-a", Behaviour::ok().hang());

    assert_eq!(relay.message(true).await.status(), 200);

    assert_eq!(relay.records().await[0].cause.as_deref(), Some("no answer within 600ms"));
    let books = relay.upstream.wait_for(|books| books.is_quiet()).await;
    assert_eq!(books.of("sk-a").next().unwrap().ending, upstream::Ending::Left);
}

#[tokio::test]
async fn tries_are_bounded() {
    let relay = TestRelay::empty(&[("SWITCHYARD_RELAY_TRIES", "3")]).await;
    for n in 0..5 {
        let secret = format!("sk-{n}");
        relay.account(&secret).await;
        relay.upstream.script(&secret, Behaviour::overloaded());
    }

    let answer =
        relay.post("/api/v1/messages").body(message(false).to_string()).timeout(Duration::from_secs(20));

    assert_eq!(answer.send().await.unwrap().status(), 529);
    assert_eq!(relay.upstream.books().messages().count(), 3);
    let records = relay.records().await;
    assert_eq!(
        records.iter().map(|record| (record.n, record.last)).collect::<Vec<_>>(),
        [(1, false), (2, false), (3, true)]
    );
}

#[rstest]
#[case(Behaviour::overloaded())]
#[case(Behaviour::ok().cut_before_head())]
#[tokio::test]
async fn what_passes_in_a_moment_is_tried_once_more_where_it_was(#[case] trouble: Behaviour) {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", trouble.times(1).then(Behaviour::ok()));

    assert_eq!(relay.message(true).await.status(), 200);

    let records = relay.records().await;
    assert_eq!(
        records.iter().map(|record| (record.n, record.outcome, record.last)).collect::<Vec<_>>(),
        [(1, Outcome::UpstreamError, false), (2, Outcome::Ok, true)]
    );
}

#[rstest]
#[case(&[("SWITCHYARD_RELAY_BACKOFF", "0s")], None)]
#[case(&[("SWITCHYARD_RELAY_PATIENCE", "200ms")], None)]
#[case(&[], Some("0.2"))]
#[tokio::test]
async fn nothing_is_tried_again_where_that_is_switched_off_or_would_be_too_late(
    #[case] settings: &[(&str, &str)],
    #[case] client_waits_s: Option<&str>,
) {
    let relay = TestRelay::with(settings).await;
    relay.upstream.script("sk-a", Behaviour::overloaded());
    let body = message(true).to_string();
    let mut request = relay.post("/api/v1/messages").body(body);
    if let Some(seconds) = client_waits_s {
        request = request.header("x-stainless-timeout", seconds);
    }

    assert_eq!(request.send().await.unwrap().status(), 529);

    assert_eq!(relay.upstream.books().messages().count(), 1);
}

#[tokio::test]
async fn a_client_that_says_how_long_it_waits_gets_its_answer_before_that() {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", Behaviour::ok().hang());
    let body = message(true).to_string();

    let answer = relay.post("/api/v1/messages").header("x-stainless-timeout", "1").body(body).send().await;

    assert_eq!(answer.unwrap().status(), 504);
    let cause = relay.record().await.cause.unwrap();
    assert!(cause.starts_with("no answer within "), "{cause}");
}

#[tokio::test]
async fn without_an_account_the_refusal_is_final() {
    let relay = TestRelay::empty(&[]).await;

    let answer = relay.message(true).await;

    assert_eq!((answer.status().as_u16(), &answer.headers()["x-should-retry"] == "false"), (503, true));
    let record = relay.record().await;
    assert_eq!(
        (record.outcome, record.n, record.cause.as_deref()),
        (Outcome::Rejected, 0, Some("there is no account"))
    );
}
