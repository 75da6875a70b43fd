//! What breaks, and where.

use upstream::{Behaviour, Ending, Gate, Split};

use crate::{STREAM, WHOLE, ask, events, start};

#[tokio::test]
async fn a_cut_before_the_head_gives_no_answer() {
    let upstream = start().await;
    upstream.script("sk-a", Behaviour::ok().cut_before_head());

    assert!(ask(&upstream, "sk-a", WHOLE).send().await.is_err());

    let books = upstream.wait_for(|books| books.is_quiet()).await;
    assert_eq!(books.last().expect("an exchange").ending, Ending::Cut);
    assert_eq!(books.last().expect("an exchange").status, None);
}

#[tokio::test]
async fn a_cut_comes_right_after_the_bytes_before_it() {
    let upstream = start().await;
    for length in [0, 1, 100, 1000] {
        upstream.script("sk-b", Behaviour::ok().cut_after_bytes(length));

        let mut answer = ask(&upstream, "sk-b", STREAM).send().await.expect("an answer");
        let mut received = 0;
        let end = loop {
            match answer.chunk().await {
                Ok(Some(chunk)) => received += chunk.len(),
                end => break end,
            }
        };

        assert!(end.is_err(), "broken off, not ended");
        assert_eq!(received, length);
        let books = upstream.wait_for(|books| books.is_quiet()).await;
        let exchange = books.last().expect("an exchange");
        assert_eq!((exchange.ending, exchange.bytes_sent), (Ending::Cut, length as u64));
    }
}

#[tokio::test]
async fn a_cut_counts_pieces_and_bills_what_was_announced_until_then() {
    let upstream = start().await;
    upstream.script("sk-c", Behaviour::ok().events(40).cut_after(10));

    let mut answer = ask(&upstream, "sk-c", STREAM).send().await.expect("an answer");
    while let Ok(Some(_)) = answer.chunk().await {}

    let books = upstream.wait_for(|books| books.is_quiet()).await;
    let exchange = books.last().expect("an exchange");
    assert_eq!(exchange.pieces_sent, 10);
    assert_eq!(exchange.billed.output, 1);
    assert!(exchange.generated > 1);
}

#[tokio::test]
async fn a_json_body_can_be_cut_before_its_length() {
    let upstream = start().await;
    for behaviour in [Behaviour::ok().cut_after_bytes(50), Behaviour::ok().cut_after_bytes(50).by_reset()] {
        upstream.script("sk-d", behaviour);

        let answer = ask(&upstream, "sk-d", WHOLE).send().await;

        assert!(async { answer?.bytes().await }.await.is_err());
    }
}

#[tokio::test]
async fn a_stalled_stream_stays_open_until_the_client_leaves() {
    let upstream = start().await;
    upstream.script("sk-e", Behaviour::ok().stall_after(3));

    let mut answer = ask(&upstream, "sk-e", STREAM).send().await.expect("an answer");
    answer.chunk().await.expect("a chunk");
    upstream.wait_for(|books| books.last().is_some_and(|exchange| exchange.pieces_sent == 3)).await;
    drop(answer);

    let books = upstream.wait_for(|books| books.is_quiet()).await;
    assert_eq!(books.last().expect("an exchange").ending, Ending::Left);
    assert_eq!(books.totals.left, 1);
}

#[tokio::test]
async fn leaving_a_request_without_answer_is_noticed() {
    let upstream = start().await;
    upstream.script("sk-f", Behaviour::ok().hang());

    let request = tokio::spawn(ask(&upstream, "sk-f", WHOLE).send());
    upstream.wait_for(|books| books.totals.open == 1).await;
    request.abort();

    let books = upstream.wait_for(|books| books.is_quiet()).await;
    assert_eq!(books.last().expect("an exchange").ending, Ending::Left);
}

#[tokio::test]
async fn an_error_event_ends_the_stream_before_or_after_content() {
    let upstream = start().await;
    for (at, count) in [(0, 1), (5, 6)] {
        upstream.script("sk-g", Behaviour::ok().error_after(at, "overloaded_error"));

        let body =
            ask(&upstream, "sk-g", STREAM).send().await.expect("an answer").text().await.expect("a body");

        let events = events(&body);
        assert_eq!(events.len(), count);
        assert_eq!(events.last().expect("an event")["error"]["type"], "overloaded_error");
    }
}

#[tokio::test]
async fn a_gate_lets_pieces_through_one_by_one() {
    let upstream = start().await;
    let gate = Gate::new();
    upstream.script("sk-h", Behaviour::replay("onetwothree").split(Split::Sizes(vec![3, 3])).gated(&gate));

    let mut answer = ask(&upstream, "sk-h", STREAM).send().await.expect("an answer");
    for (sent, piece) in [(1, "one"), (2, "two")] {
        gate.send_next().await;
        assert_eq!(gate.sent(), sent);
        assert_eq!(answer.chunk().await.expect("a chunk").expect("a chunk"), piece);
    }
    gate.open();

    assert_eq!(answer.text().await.expect("the rest"), "three");
    gate.until_sent(3).await;
}

#[tokio::test]
async fn other_bodies_pass_with_status_200() {
    let upstream = start().await;
    for (behaviour, content_type) in [
        (Behaviour::html(), "text/html; charset=utf-8"),
        (Behaviour::garbage(5000), "text/event-stream; charset=utf-8"),
        (Behaviour::ok().unterminated(), "text/event-stream; charset=utf-8"),
        (Behaviour::ok().text_after_stop(), "text/event-stream; charset=utf-8"),
    ] {
        upstream.script("sk-i", behaviour);

        let answer = ask(&upstream, "sk-i", STREAM).send().await.expect("an answer");

        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], content_type);
        let body = answer.bytes().await.expect("a body");
        assert!(!body.ends_with(b"{\"type\":\"message_stop\"}\n\n"));
    }
}

#[tokio::test]
async fn an_upload_can_stall_or_be_refused_half_way() {
    let upstream = start().await;
    upstream.script("sk-j", Behaviour::status(413).without_reading());
    upstream.script("sk-k", Behaviour::ok().without_reading().hang());
    let large: &'static str = "x".repeat(16 << 20).leak();

    let refused = ask(&upstream, "sk-j", large).send().await;
    assert!(refused.map_or(true, |answer| answer.status() == 413));

    let request = tokio::spawn(ask(&upstream, "sk-k", large).send());
    let books = upstream.wait_for(|books| books.of("sk-k").count() == 1).await;
    assert_eq!(books.last().expect("an exchange").body_sha256, None);
    request.abort();
    upstream.stop().await;
    assert_eq!(upstream.books().last().expect("an exchange").ending, Ending::Stopped);
}

#[tokio::test]
async fn what_the_provider_asks_of_headers_is_asked_for() {
    let upstream = start().await;
    upstream.script("sk-ant-oat01-a", Behaviour::ok());
    let client = reqwest::Client::new();
    let request =
        || client.post(format!("{}/v1/messages", upstream.url())).bearer_auth("sk-ant-oat01-a").body(WHOLE);

    let bare = request().send().await.expect("an answer");
    assert_eq!(bare.status(), 400);
    let without_flag = request().header("anthropic-version", "2023-06-01").send().await.expect("an answer");
    assert_eq!(without_flag.status(), 401);
    let whole =
        request().header("anthropic-version", "2023-06-01").header("anthropic-beta", "a,oauth-2025-04-20");
    let whole = whole.send().await.expect("an answer");
    assert_eq!(whole.status(), 200);
    assert_eq!(whole.headers()["anthropic-ratelimit-unified-status"], "allowed");
}

#[tokio::test]
async fn a_body_past_the_provider_s_limit_is_refused() {
    let upstream = start().await;
    let large: &'static str = "x".repeat((32 << 20) + 1).leak();

    let refused = ask(&upstream, "sk-ant-api03-good", large).send().await;

    assert!(refused.map_or(true, |answer| answer.status() == 413));
}
