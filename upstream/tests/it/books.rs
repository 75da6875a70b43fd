//! What is written down.

use upstream::{Behaviour, Ending, Options, Record, Upstream, Usage};

use crate::{STREAM, WHOLE, ask, start};

#[tokio::test]
async fn a_request_is_recorded_with_its_headers_and_the_hash_of_its_body() {
    let upstream = Upstream::start(Options::new().record(Record::Bodies)).await.expect("an upstream");

    let request = ask(&upstream, "sk-ant-api03-good", WHOLE).header("x-stainless-lang", "js");
    request.send().await.expect("an answer");

    let books = upstream.wait_for(|books| books.is_quiet()).await;
    let exchange = books.messages().next().expect("an exchange");
    assert_eq!(exchange.target, "/v1/messages?beta=true");
    assert_eq!(exchange.header("x-stainless-lang"), Some("js"));
    assert_eq!(exchange.token.as_deref(), Some("sk-ant-api03-good"));
    assert_eq!(exchange.body.as_deref(), Some(WHOLE.as_bytes()));
    assert_eq!(exchange.body_length, WHOLE.len() as u64);
    assert_eq!(exchange.body_sha256.as_ref().expect("a hash").len(), 64);
    assert_eq!((exchange.status, exchange.ending), (Some(200), Ending::Complete));
}

#[tokio::test]
async fn totals_are_kept_at_every_level() {
    let upstream =
        Upstream::start(Options::new().lenient().record(Record::Totals)).await.expect("an upstream");
    upstream.script("sk-a", Behaviour::ok().usage(Usage::new(3, 4)));
    for body in [WHOLE, STREAM] {
        ask(&upstream, "sk-a", body).send().await.expect("an answer").bytes().await.expect("a body");
    }

    let books = upstream.wait_for(|books| books.is_quiet()).await;

    assert!(books.exchanges.is_empty());
    assert_eq!((books.totals.requests, books.totals.complete), (2, 2));
    assert_eq!(books.totals.billed, Usage::new(6, 8));
}

#[tokio::test]
async fn the_gauge_knows_how_many_went_on_at_once() {
    let upstream = start().await;
    upstream.script("sk-b", Behaviour::ok().stall_after(1));
    let requests: Vec<_> = (0..5).map(|_| tokio::spawn(ask(&upstream, "sk-b", STREAM).send())).collect();
    upstream.wait_for(|books| books.totals.open == 5).await;

    drop(requests);
    upstream.stop().await;

    assert_eq!(upstream.books().totals.peak, 5);
    assert!(upstream.books().exchanges.iter().all(|exchange| exchange.ending != Ending::Complete));
}

#[tokio::test]
async fn many_upstreams_share_nothing() {
    let (one, other) = (start().await, start().await);
    one.script("sk-c", Behaviour::status(500));

    ask(&one, "sk-c", WHOLE).send().await.expect("an answer");

    assert_eq!(other.books().totals.requests, 0);
    assert_eq!(ask(&other, "sk-c", WHOLE).send().await.expect("an answer").status(), 401);
}

#[tokio::test]
async fn a_reset_forgets_but_ids_stay_unique() {
    let upstream = start().await;
    let id = || async {
        let answer = ask(&upstream, "sk-ant-api03-good", WHOLE).send().await.expect("an answer");
        answer.headers()["request-id"].clone()
    };
    let before = id().await;

    upstream.reset();

    assert!(upstream.books().exchanges.is_empty());
    assert_ne!(id().await, before);
    assert_eq!(upstream.books().exchanges.len(), 1);
}
