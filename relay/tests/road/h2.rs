//! HTTP/2 as it is meant, and as it is abused (hard cases 6 and 10).

use bytes::Bytes;
use http::{Request, Version};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use relay::model::outcome::Outcome;
use tokio::io::AsyncWriteExt;
use upstream::{Behaviour, Usage};

use crate::raw::{body, connect, rest};
use crate::support::TestRelay;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GO_AWAY: u8 = 7;
const CONTINUATION: u8 = 9;
const END_HEADERS: u8 = 4;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

fn opening() -> Vec<u8> {
    [PREFACE, &frame(SETTINGS, 0, 0, b"")].concat()
}

/// A header as HPACK's literal without index, name and value plain.
fn literal(name: &str, value: &str) -> Vec<u8> {
    let length = |text: &str| u8::try_from(text.len()).ok().filter(|length| *length < 127).unwrap();
    [&[0, length(name)], name.as_bytes(), &[length(value)], value.as_bytes()].concat()
}

/// The headers of a request for a message, in HPACK.
fn request(relay: &TestRelay) -> Vec<u8> {
    [
        literal(":method", "POST"),
        literal(":scheme", "http"),
        literal(":path", "/api/v1/messages"),
        literal(":authority", "relay"),
        literal("x-api-key", &relay.key),
    ]
    .concat()
}

/// Sends frames and reads all that comes back until the relay closes the connection.
async fn send(relay: &TestRelay, frames: &[u8]) -> Vec<u8> {
    let (mut reader, mut writer) = connect(relay).await.into_split();
    let frames = frames.to_vec();
    let writing = tokio::spawn(async move {
        // The relay may close before everything is written.
        let _ = writer.write_all(&frames).await;
        writer
    });
    let mut seen = Vec::new();
    // Until the relay closes.
    let _ = tokio::io::AsyncReadExt::read_to_end(&mut reader, &mut seen).await;
    drop(writing.await);
    seen
}

/// The code of the first GOAWAY among what came.
fn go_away(mut seen: &[u8]) -> Option<u32> {
    while let [a, b, c, kind, _, _, _, _, _, after @ ..] = seen {
        let length = u32::from_be_bytes([0, *a, *b, *c]) as usize;
        let payload = after.get(..length)?;
        if *kind == GO_AWAY {
            return Some(u32::from_be_bytes(payload.get(4..8)?.try_into().ok()?));
        }
        seen = &after[length..];
    }
    None
}

async fn assert_alive(relay: &TestRelay) {
    assert_eq!(relay.message(false).await.status(), 200);
    assert_eq!(relay.shared.live.streams_open(), 0);
    assert_eq!(relay.shared.ledger.journal.open_attempts(), 0);
}

#[tokio::test]
async fn messages_pass_over_http_2() {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", Behaviour::ok().usage(Usage::new(12, 34)));
    let client = reqwest::Client::builder().no_proxy().http2_prior_knowledge().build().unwrap();

    for stream in [false, true] {
        let request = client.post(relay.url("/api/v1/messages")).header("x-api-key", &relay.key);
        let answer = request.body(body(stream)).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.version()), (200, Version::HTTP_2));
        assert!(answer.text().await.unwrap().contains("\"output_tokens\":34"));
    }

    assert_eq!(relay.upstream.books().totals.complete, 2);
    assert!(relay.records().await.iter().all(|record| record.outcome == Outcome::Ok));
}

#[tokio::test]
async fn streams_reset_as_fast_as_they_are_opened_end_the_connection() {
    let relay = TestRelay::start().await;
    let headers = request(&relay);
    let mut frames = opening();
    for n in 0..20_000 {
        frames.extend(frame(HEADERS, END_HEADERS, 2 * n + 1, &headers));
        frames.extend(frame(RST_STREAM, 0, 2 * n + 1, &8_u32.to_be_bytes()));
    }

    let seen = send(&relay, &frames).await;

    // ENHANCE_YOUR_CALM
    assert_eq!(go_away(&seen), Some(11));
    assert_alive(&relay).await;
    assert_eq!(relay.upstream.books().totals.requests, 1);
}

#[tokio::test]
async fn settings_and_headers_beyond_the_bounds_end_the_connection() {
    let relay = TestRelay::start().await;
    let settings = [opening(), frame(SETTINGS, 0, 0, &[0, 9, 0, 0, 0, 1].repeat(100_000))].concat();
    let odd = [opening(), frame(SETTINGS, 0, 0, &[0, 4, 0xff, 0xff, 0xff, 0xff])].concat();
    let mut endless = [opening(), frame(HEADERS, 0, 1, &request(&relay))].concat();
    for n in 0..10_000 {
        endless.extend(frame(CONTINUATION, 0, 1, &literal(&format!("x-bomb-{n}"), &"b".repeat(100))));
    }

    for (what, frames) in [("settings", settings), ("a window too large", odd), ("endless headers", endless)]
    {
        let seen = send(&relay, &frames).await;
        assert!(go_away(&seen).is_some_and(|code| code != 0), "{what}");
    }

    assert_alive(&relay).await;
    assert_eq!(relay.upstream.books().totals.requests, 1);
}

#[tokio::test]
async fn a_header_bomb_is_refused_on_its_stream() {
    let relay = TestRelay::start().await;
    let client = reqwest::Client::builder().no_proxy().http2_prior_knowledge().build().unwrap();
    let mut request = client.post(relay.url("/api/v1/messages")).header("x-api-key", &relay.key);
    for n in 0..1_000 {
        request = request.header(format!("x-bomb-{n}"), "b".repeat(100));
    }

    match request.body(body(false)).send().await {
        Ok(answer) => assert_eq!(answer.status(), 431),
        Err(error) => assert!(!error.is_timeout(), "{error}"),
    }

    assert_alive(&relay).await;
    assert_eq!(relay.upstream.books().totals.requests, 1);
}

#[tokio::test]
async fn an_empty_window_holds_upstream_back_until_its_client_leaves() {
    let relay = TestRelay::start().await;
    relay.upstream.script("sk-a", Behaviour::ok().text(&"x".repeat(64 << 20)).events(1_000));
    let mut builder = hyper::client::conn::http2::Builder::new(TokioExecutor::new());
    builder.initial_stream_window_size(0);
    let io = TokioIo::new(connect(&relay).await);
    let (mut sender, connection) = builder.handshake::<_, Full<Bytes>>(io).await.unwrap();
    let connection = tokio::spawn(connection);
    let request = Request::post(relay.url("/api/v1/messages")).header("x-api-key", &relay.key);

    let mut answer = sender.send_request(request.body(Full::from(body(true))).unwrap()).await.unwrap();

    assert_eq!(answer.status(), 200);
    let read = tokio::time::timeout(std::time::Duration::from_millis(500), answer.frame()).await;
    assert!(read.is_err(), "no byte passes an empty window");
    assert!(relay.upstream.books().last().unwrap().bytes_sent < 32 << 20);
    drop(answer);
    let books = relay.upstream.wait_for(|books| books.totals.left == 1).await;
    assert!(books.last().unwrap().bytes_sent < 32 << 20);
    assert_eq!(relay.record().await.outcome, Outcome::ClientGone);
    connection.abort();
}

#[tokio::test]
async fn noise_after_the_preface_s_first_letters_is_no_http() {
    let relay = TestRelay::start().await;

    for bytes in [
        &b"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n"[..],
        b"PRINT / HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
        b"\0\0\0\0",
    ] {
        let mut stream = connect(&relay).await;
        stream.write_all(bytes).await.unwrap();
        let answer = rest(&mut stream).await;
        assert!(!answer.starts_with(b"HTTP/1.1 200"), "{bytes:?}");
    }

    assert_alive(&relay).await;
}
