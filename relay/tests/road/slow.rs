//! Slow clients: they hold upstream back and cost nothing else; those too slow are let go (hard case 9).

use std::time::Duration;

use axum::Router;
use futures_util::future::join_all;
use relay::http::serve::{Patience, serve};
use relay::model::outcome::Outcome;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_util::sync::CancellationToken;
use upstream::{Behaviour, Usage};

use crate::raw::{body, connect, head, post, rest};
use crate::support::{TestRelay, message};

const WHOLE: usize = 32 << 20;

fn long() -> Behaviour {
    Behaviour::ok().text(&"x".repeat(WHOLE)).events(500).usage(Usage::new(12, 8_000_000))
}

/// How much upstream has sent once it sends no more.
async fn held_back(relay: &TestRelay) -> u64 {
    let (mut sent, mut quiet) = (0, 0);
    while quiet < 20 {
        tokio::time::sleep(Duration::from_millis(25)).await;
        let now = relay.upstream.books().last().map_or(0, |exchange| exchange.bytes_sent);
        quiet = if now > 0 && now == sent { quiet + 1 } else { 0 };
        sent = now;
    }
    sent
}

#[tokio::test]
async fn a_slow_reader_holds_upstream_back_and_loses_nothing() {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", long().times(1).then(Behaviour::ok()));
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(64 << 10).unwrap();
    let mut stream = socket.connect(relay.address()).await.unwrap();

    stream.write_all(&post(&relay, "/api/v1/messages", "", &body(true))).await.unwrap();

    // What is on its way lies in the buffers of four sockets, and in little else.
    let sent = held_back(&relay).await;
    assert!(sent < WHOLE as u64 * 3 / 4, "{sent}");
    assert_eq!(relay.message(false).await.status(), 200);
    let seen = rest(&mut stream).await;
    assert!(seen.len() > WHOLE && seen.ends_with(b"data: {\"type\":\"message_stop\"}\n\n\r\n0\r\n\r\n"));
    let records = relay.records().await;
    assert!(records.iter().all(|record| record.outcome == Outcome::Ok));
    assert_eq!(records[0].usage.tokens.output, 8_000_000);
}

#[tokio::test]
async fn a_slow_reader_that_leaves_lets_upstream_go() {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", long());

    let mut stream = connect(&relay).await;
    stream.write_all(&post(&relay, "/api/v1/messages", "", &body(true))).await.unwrap();
    held_back(&relay).await;
    drop(stream);
    relay.upstream.wait_for(|books| books.totals.left == 1).await;

    let record = relay.record().await;
    assert_eq!((record.outcome, record.usage.output_estimated), (Outcome::ClientGone, true));
    assert_eq!(relay.shared.live.streams_open(), 0);
}

#[tokio::test]
async fn a_slow_reader_s_time_is_not_upstream_s_silence() {
    let relay = TestRelay::with(&[("SWITCHYARD_RELAY_IDLE", "400ms")]).await;
    relay.upstream.script("sk-a", long());

    let mut stream = connect(&relay).await;
    stream.write_all(&post(&relay, "/api/v1/messages", "", &body(true))).await.unwrap();
    held_back(&relay).await;

    assert!(rest(&mut stream).await.ends_with(b"data: {\"type\":\"message_stop\"}\n\n\r\n0\r\n\r\n"));
    assert_eq!(relay.record().await.outcome, Outcome::Ok);
}

#[tokio::test]
async fn a_client_slow_with_its_headers_is_let_go() {
    let relay = TestRelay::start().await;
    let request = head(&relay, "POST /api/v1/messages", "");

    let parts = ["", "P", "PRI", &request[..60], &request[..request.len() - 2]];
    let answers = parts.map(async |part| {
        let mut stream = connect(&relay).await;
        stream.write_all(part.as_bytes()).await.unwrap();
        String::from_utf8_lossy(&rest(&mut stream).await).into_owned()
    });
    for answer in join_all(answers).await {
        assert!(!answer.contains("200 OK"), "{answer}");
    }

    assert_eq!(relay.upstream.books().totals.requests, 0);
    assert_eq!(relay.message(false).await.status(), 200);
}

#[tokio::test]
async fn a_connection_that_has_said_nothing_holds_no_stop_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let day = Duration::from_secs(86_400);
    let (stop, patience) = (CancellationToken::new(), Patience { headers: day, grace: day });
    let serving = serve(listener, Router::new(), patience, stop.clone(), CancellationToken::new());
    let serving = tokio::spawn(serving);
    let mut silent = TcpStream::connect(address).await.unwrap();
    let mut served = TcpStream::connect(address).await.unwrap();
    served.write_all(b"GET / HTTP/1.1\r\nhost: relay\r\n\r\n").await.unwrap();
    served.readable().await.unwrap();

    stop.cancel();
    serving.await.unwrap();

    assert_eq!(rest(&mut silent).await, b"");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_a_time_out() {
    let relay = TestRelay::start().await;
    let lines = "content-length: 100000\r\n";
    let mut stream = connect(&relay).await;
    stream.write_all(head(&relay, "POST /api/v1/messages", lines).as_bytes()).await.unwrap();
    stream.write_all(b"{\"model\":").await.unwrap();

    let answer = String::from_utf8(rest(&mut stream).await).unwrap();

    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    assert_eq!(serde_json::from_str::<Value>(body).unwrap()["error"]["type"], "timeout_error");
    assert_eq!(relay.upstream.books().totals.requests, 0);
    let record = relay.record().await;
    assert_eq!((record.outcome, record.status, record.n), (Outcome::Rejected, 408, 0));
}

#[tokio::test]
async fn a_body_in_small_pieces_arrives_whole() {
    let relay = TestRelay::start().await;
    let bytes = message(false).to_string().into_bytes();
    let lines = format!("content-length: {}\r\n", bytes.len());
    let mut stream = connect(&relay).await;
    stream.set_nodelay(true).unwrap();

    stream.write_all(head(&relay, "POST /api/v1/messages", &lines).as_bytes()).await.unwrap();
    for byte in &bytes {
        stream.write_all(&[*byte]).await.unwrap();
        tokio::task::yield_now().await;
    }

    assert!(rest(&mut stream).await.starts_with(b"HTTP/1.1 200 OK\r\n"));
    let sent = hex::encode(Sha256::digest(&bytes));
    assert_eq!(relay.upstream.books().last().unwrap().body_sha256, Some(sent));
}
