//! HTTP as it must not be sent, and what becomes of it (hard cases 5, 6 and 8).

use relay::model::outcome::Outcome;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::raw::{body, connect, head, post, rest, send};
use crate::support::{TestRelay, message};

const CHUNKED: &str = "transfer-encoding: chunked\r\n";

/// One chunk with the whole body, and the end.
fn chunked(body: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", body.len()).as_bytes(), body, b"\r\n0\r\n\r\n"].concat()
}

#[tokio::test]
async fn a_length_beside_chunks_is_not_believed_and_ends_the_connection() {
    let relay = TestRelay::start().await;
    let smuggled = post(&relay, "/api/v1/messages", "", &body(false));

    for lines in [format!("content-length: 5\r\n{CHUNKED}"), format!("{CHUNKED}content-length: 5\r\n")] {
        let first = head(&relay, "POST /api/v1/messages", &lines).replace("connection: close\r\n", "");
        let answer = send(&relay, &[first.as_bytes(), &chunked(&body(false)), &smuggled].concat()).await;
        assert_eq!((answer.status(), answer.answers()), (200, 1), "{lines}");
    }

    let books = relay.upstream.books();
    assert_eq!(books.exchanges.len(), 2);
    let sent = hex::encode(Sha256::digest(body(false)));
    assert!(books.exchanges.iter().all(|exchange| exchange.body_sha256.as_deref() == Some(&sent)));
}

#[tokio::test]
async fn lengths_and_codings_that_cannot_be_are_refused() {
    let relay = TestRelay::start().await;
    let length = body(false).len();
    let lines = [
        format!("content-length: {length}\r\ncontent-length: {}\r\n", length + 1),
        format!("content-length: {length}, {length}\r\n"),
        format!("content-length: +{length}\r\n"),
        "content-length: -1\r\n".to_owned(),
        "content-length: 0x10\r\n".to_owned(),
        "content-length: 18446744073709551616\r\n".to_owned(),
        "transfer-encoding: gzip\r\n".to_owned(),
        "transfer-encoding: chunked, gzip\r\n".to_owned(),
        "transfer-encoding: xchunked\r\n".to_owned(),
        " folded: x\r\n".to_owned(),
        "name : x\r\n".to_owned(),
        "na\0me: x\r\n".to_owned(),
    ];

    for lines in lines {
        let request = head(&relay, "POST /api/v1/messages", &lines);
        let answer = send(&relay, &[request.as_bytes(), &body(false)].concat()).await;
        assert_eq!((answer.status(), answer.answers()), (400, 1), "{lines}");
    }

    assert_eq!(relay.upstream.books().totals.requests, 0);
    assert_eq!(relay.message(false).await.status(), 200);
}

#[tokio::test]
async fn bad_chunks_are_a_broken_body() {
    let relay = TestRelay::start().await;
    let bodies: [&[u8]; 6] = [
        b"zz\r\n{}\r\n0\r\n\r\n",
        b"-1\r\n{}\r\n0\r\n\r\n",
        b"ffffffffffffffffff\r\n{}\r\n0\r\n\r\n",
        b"2\r\n{}0\r\n\r\n",
        b"2 {}\r\n0\r\n\r\n",
        b"\r\n\r\n",
    ];

    for bytes in bodies {
        let request = head(&relay, "POST /api/v1/messages", CHUNKED);
        let answer = send(&relay, &[request.as_bytes(), bytes].concat()).await;
        let what = String::from_utf8_lossy(bytes);
        assert_eq!((answer.status(), answer.answers()), (400, 1), "{what}");
        assert_eq!(answer.json()["error"]["type"], "invalid_request_error", "{what}");
    }

    assert_eq!(relay.upstream.books().totals.requests, 0);
    let records = relay.records().await;
    assert_eq!(records.len(), bodies.len());
    assert!(
        records.iter().all(|record| (record.outcome, record.status, record.n) == (Outcome::Rejected, 400, 0))
    );
}

#[tokio::test]
async fn trailers_and_chunk_extensions_are_passed_over() {
    let relay = TestRelay::start().await;
    let bytes = body(false);
    let request = head(&relay, "POST /api/v1/messages", &format!("{CHUNKED}trailer: x-api-key\r\n"));
    let (start, end) = bytes.split_at(7);
    let chunks = [
        b"7;name=\"value\"\r\n",
        start,
        format!("\r\n{:x}\r\n", end.len()).as_bytes(),
        end,
        b"\r\n0\r\nx-api-key: cr_other\r\nanthropic-beta: smuggled\r\n\r\n",
    ]
    .concat();

    let answer = send(&relay, &[request.as_bytes(), &chunks].concat()).await;

    assert_eq!(answer.status(), 200);
    let books = relay.upstream.books();
    let exchange = books.last().unwrap();
    assert_eq!(exchange.body_sha256, Some(hex::encode(Sha256::digest(&bytes))));
    assert!(!format!("{exchange:?}").contains("smuggled"));
    assert!(!format!("{exchange:?}").contains("cr_other"));
    assert_eq!(relay.record().await.outcome, Outcome::Ok);
}

#[tokio::test]
async fn too_many_headers_and_too_long_ones_are_refused() {
    let relay = TestRelay::start().await;
    let many: String = (0..100_000).map(|n| format!("x-bomb-{n}: {n}\r\n")).collect();
    let some: String = (0..120).map(|n| format!("x-bomb-{n}: {n}\r\n")).collect();
    let long = format!("x-bomb: {}\r\n", "b".repeat(1 << 20));
    let same = "x-bomb: b\r\n".repeat(100_000);

    for lines in [many, some, long, same] {
        let answer = send(&relay, &post(&relay, "/api/v1/messages", &lines, &body(false))).await;
        assert_eq!((answer.status(), answer.answers()), (431, 1), "{lines:.40}");
    }
    let target = format!("/api/v1/messages?{}", "a".repeat(70_000));
    let answer = send(&relay, &post(&relay, &target, "", &body(false))).await;
    assert!(matches!(answer.status(), 414 | 431), "{}", answer.status());

    assert_eq!(relay.upstream.books().totals.requests, 0);
    assert_eq!(relay.message(false).await.status(), 200);
}

#[tokio::test]
async fn neither_upgrade_nor_connect_leads_anywhere() {
    let relay = TestRelay::start().await;
    let upgrade = "connection: upgrade, anthropic-beta\r\nupgrade: websocket\r\nhttp2-settings: AAAA\r\nanthropic-beta: x\r\n";
    let request = post(&relay, "/api/v1/messages", upgrade, &body(false));

    let upgraded = send(&relay, &request).await;
    let request = head(&relay, "CONNECT 169.254.169.254:80", "");
    let connected = send(&relay, request.as_bytes()).await;
    let request = head(&relay, "TRACE /api/v1/messages", "");
    let traced = send(&relay, request.as_bytes()).await;
    let request = head(&relay, "OPTIONS *", "");
    let asterisk = send(&relay, request.as_bytes()).await;

    assert_eq!((upgraded.status(), upgraded.answers()), (200, 1));
    let books = relay.upstream.books();
    assert_eq!(books.exchanges.len(), 1);
    for name in ["upgrade", "connection", "http2-settings", "anthropic-beta"] {
        assert_eq!(books.exchanges[0].header(name), None, "{name}");
    }
    assert!(matches!(connected.status(), 400 | 404 | 405), "{}", connected.status());
    assert_eq!(traced.status(), 405);
    assert!(!traced.text().contains(&relay.key));
    assert!(matches!(asterisk.status(), 400 | 404), "{}", asterisk.status());
}

#[tokio::test]
async fn a_client_that_waits_for_leave_to_send_gets_it() {
    let relay = TestRelay::start().await;
    let lines = format!("expect: 100-continue\r\ncontent-length: {}\r\n", body(false).len());
    let mut stream = connect(&relay).await;

    stream.write_all(head(&relay, "POST /api/v1/messages", &lines).as_bytes()).await.unwrap();
    let mut leave = [0; 25];
    stream.read_exact(&mut leave).await.unwrap();
    stream.write_all(&body(false)).await.unwrap();

    assert_eq!(&leave, b"HTTP/1.1 100 Continue\r\n\r\n");
    assert!(rest(&mut stream).await.starts_with(b"HTTP/1.1 200 OK\r\n"));
    assert_eq!(relay.upstream.books().last().unwrap().header("expect"), None);
}

#[tokio::test]
async fn requests_in_one_go_are_answered_in_order() {
    let relay = TestRelay::start().await;
    let first = post(&relay, "/api/v1/messages", "", &body(false));
    let first = String::from_utf8(first).unwrap().replace("connection: close\r\n", "");
    let second = post(&relay, "/api/v1/messages", "", message(true).to_string().as_bytes());

    let answers = send(&relay, &[first.as_bytes(), &second].concat()).await;

    let text = answers.text();
    assert_eq!(answers.answers(), 2);
    assert!(text.find("application/json").unwrap() < text.find("text/event-stream").unwrap());
    let records = relay.records().await;
    assert_eq!(records.iter().map(|record| record.outcome).collect::<Vec<_>>(), [Outcome::Ok, Outcome::Ok]);
}
