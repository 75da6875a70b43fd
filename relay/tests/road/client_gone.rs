//! Clients that leave: upstream is let go at once, and what was used is in the books (hard case 29).

use relay::model::outcome::Outcome;
use relay::model::usage::Tokens;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use upstream::{Behaviour, Ending, Gate, Usage};

use crate::raw::{body, connect, head, post};
use crate::support::{TestRelay, message};

/// Nothing is under way any more.
fn assert_idle(relay: &TestRelay) {
    assert_eq!(relay.shared.live.streams_open(), 0);
    assert_eq!(relay.shared.ledger.journal.open_attempts(), 0);
    assert!(relay.shared.accounts.all().iter().all(|account| account.in_flight() == 0));
    assert_eq!(relay.shared.keys.by_id(&relay.key_id).unwrap().in_flight(), 0);
}

#[tokio::test]
async fn a_client_that_leaves_at_any_byte_lets_upstream_go() {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", Behaviour::ok().usage(Usage::new(12, 340)).stall_after(11));
    let places: Vec<usize> = (1..1_800).step_by(59).collect();

    for (n, place) in (1..).zip(&places) {
        let mut stream = connect(&relay).await;
        stream.write_all(&post(&relay, "/api/v1/messages", "", &body(true))).await.unwrap();
        // What the client has not read is in its buffer when it leaves: the connection ends by reset.
        stream.read_exact(&mut vec![0; *place]).await.unwrap();
        drop(stream);
        relay.upstream.wait_for(|books| books.totals.left == n).await;
    }

    let records = relay.records().await;
    assert_eq!(records.len(), places.len());
    for record in &records {
        assert_eq!((record.outcome, record.accepted, record.last), (Outcome::ClientGone, true, true));
        assert_eq!(record.usage.tokens.input, 12);
        assert!(record.usage.tokens.output <= 340 && record.cost.unwrap().0 > 0);
    }
    assert_eq!(relay.usage().await["usage"]["total"]["requests"], places.len());
    assert_idle(&relay);
}

#[tokio::test]
async fn what_was_streamed_to_a_client_that_left_is_estimated_and_marked() {
    let relay = TestRelay::start().await;
    let text = "The quick brown fox jumps over the lazy dog, again and again. ".repeat(20);
    let gate = Gate::new();
    relay
        .upstream
        .script("sk-a", Behaviour::ok().text(&text).events(46).usage(Usage::new(12, 280)).gated(&gate));

    gate.release(43);
    let mut answer = relay.message(true).await;
    let mut seen = String::new();
    while seen.matches("content_block_delta\",").count() < 40 {
        seen += std::str::from_utf8(&answer.chunk().await.unwrap().unwrap()).unwrap();
    }
    drop(answer);
    relay.upstream.wait_for(|books| books.totals.left == 1).await;

    let record = relay.record().await;
    assert_eq!((record.outcome, record.usage.output_estimated), (Outcome::ClientGone, true));
    let truth = 280;
    assert!(record.usage.tokens.output.abs_diff(truth) * 10 <= truth * 3, "{}", record.usage.tokens.output);
    assert!(record.first_byte_ms.is_some());
    assert_idle(&relay);
}

#[tokio::test]
async fn a_client_that_leaves_after_the_last_event_has_had_a_whole_answer() {
    let relay = TestRelay::start().await;
    let gate = Gate::new();
    let behaviour = Behaviour::ok().usage(Usage::new(12, 34)).text_after_stop();
    relay.upstream.script("sk-a", behaviour.gated(&gate));

    gate.release(12);
    let mut answer = relay.message(true).await;
    let mut seen = String::new();
    while !seen.ends_with("data: {\"type\":\"message_stop\"}\n\n") {
        seen += std::str::from_utf8(&answer.chunk().await.unwrap().unwrap()).unwrap();
    }
    drop(answer);
    relay.upstream.wait_for(|books| books.totals.left == 1).await;

    let record = relay.record().await;
    assert_eq!(
        (record.outcome, record.usage.tokens.output, record.usage.output_estimated),
        (Outcome::Ok, 34, false)
    );
}

#[tokio::test]
async fn a_client_that_leaves_before_an_answer_lets_upstream_go() {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", Behaviour::ok().hang());

    let mut stream = connect(&relay).await;
    stream.write_all(&post(&relay, "/api/v1/messages", "", &body(true))).await.unwrap();
    relay.upstream.wait_for(|books| books.totals.open == 1).await;
    drop(stream);
    let books = relay.upstream.wait_for(|books| books.totals.left == 1).await;

    assert_eq!(books.last().unwrap().ending, Ending::Left);
    let record = relay.record().await;
    assert_eq!((record.outcome, record.status, record.accepted), (Outcome::ClientGone, 0, true));
    let prompt = body(true).len() as u64 / 4;
    assert_eq!(record.usage.tokens, Tokens { input: prompt, ..Tokens::default() });
    assert!(record.usage.output_estimated);
    assert!(record.cost.unwrap().0 > 0);
    assert_eq!(relay.usage().await["usage"]["total"]["inputTokens"], prompt);
    assert_idle(&relay);
}

#[tokio::test]
async fn a_client_that_leaves_a_plain_answer_is_metered_by_what_came() {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", Behaviour::ok().usage(Usage::new(12, 34)).stall_after_bytes(60));

    let answer = relay.message(false).await;
    drop(answer);
    relay.upstream.wait_for(|books| books.totals.left == 1).await;

    let record = relay.record().await;
    assert_eq!((record.outcome, record.accepted), (Outcome::ClientGone, true));
    assert_eq!(record.usage.tokens.input, (message(false).to_string().len() / 4) as u64);
    assert!(record.usage.output_estimated);
}

#[tokio::test]
async fn a_client_that_leaves_in_its_upload_reaches_nobody() {
    let relay = TestRelay::start().await;
    let lines = format!("content-length: {}\r\n", 1 << 20);

    for bytes in [0, 1, 70_000] {
        let mut stream = connect(&relay).await;
        let request = head(&relay, "POST /api/v1/messages", &lines);
        stream.write_all(request.as_bytes()).await.unwrap();
        stream.write_all(&vec![b' '; bytes]).await.unwrap();
        while relay.shared.live.streams_open() == 0 {
            tokio::task::yield_now().await;
        }
        drop(stream);
        while relay.shared.live.streams_open() > 0 {
            tokio::task::yield_now().await;
        }
    }

    assert_eq!(relay.upstream.books().totals.requests, 0);
    let records = relay.records().await;
    assert!(records.iter().all(|record| (record.n, record.outcome) == (0, Outcome::Rejected)), "{records:?}");
    assert_idle(&relay);
}

#[tokio::test]
async fn a_client_that_leaves_with_another_request_sent_is_noticed_at_the_next_write() {
    let relay = TestRelay::start().await;
    let pace = std::time::Duration::from_millis(20);
    relay.upstream.script("sk-a", Behaviour::ok().events(5_000).interval(pace));

    let mut stream = connect(&relay).await;
    let request = post(&relay, "/api/v1/messages", "", &body(true));
    stream.write_all(&[&request[..], &request].concat()).await.unwrap();
    stream.read_exact(&mut [0; 700]).await.unwrap();
    drop(stream);
    relay.upstream.wait_for(|books| books.totals.left == 1).await;

    assert_eq!(relay.upstream.books().totals.requests, 1);
    assert_eq!(relay.record().await.outcome, Outcome::ClientGone);
    assert_idle(&relay);
}

#[tokio::test]
async fn a_client_that_leaves_an_http_2_stream_lets_that_one_go_alone() {
    let relay = TestRelay::start().await;
    let gate = Gate::new();
    relay.upstream.script("sk-a", Behaviour::ok().usage(Usage::new(12, 34)).gated(&gate));
    let client = reqwest::Client::builder().no_proxy().http2_prior_knowledge().build().unwrap();
    let post = || client.post(relay.url("/api/v1/messages")).header("x-api-key", &relay.key).body(body(true));

    gate.release(4);
    let (left, stays) = tokio::join!(post().send(), post().send());
    let (left, stays) = (left.unwrap(), stays.unwrap());
    assert_eq!(stays.version(), reqwest::Version::HTTP_2);
    drop(left);
    relay.upstream.wait_for(|books| books.totals.left == 1).await;
    gate.open();

    assert!(stays.text().await.unwrap().ends_with("data: {\"type\":\"message_stop\"}\n\n"));
    let outcomes: Vec<_> = relay.records().await.iter().map(|record| record.outcome).collect();
    assert!(outcomes.contains(&Outcome::ClientGone) && outcomes.contains(&Outcome::Ok), "{outcomes:?}");
    assert_idle(&relay);
}
