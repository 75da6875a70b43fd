//! Bytes on a socket, for what no client library would send.

use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::{TestRelay, message};

/// A guard against hanging, never reached by a test that passes.
const PATIENCE: Duration = Duration::from_secs(30);

/// What came back on one connection until the relay closed it.
pub(crate) struct Raw(pub(crate) Vec<u8>);

impl Raw {
    /// The status of the first answer; 0 if there was none.
    pub(crate) fn status(&self) -> u16 {
        let line = self.text();
        line.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)?.parse().ok()).unwrap_or(0)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }

    /// How many answers came.
    pub(crate) fn answers(&self) -> usize {
        self.text().matches("HTTP/1.1 ").count()
    }

    /// The body of the only answer, which is JSON.
    pub(crate) fn json(&self) -> Value {
        let text = self.text();
        let (_, body) = text.split_once("\r\n\r\n").expect("a head");
        serde_json::from_str(body).expect("JSON")
    }
}

/// Sends bytes and reads until the relay closes the connection.
pub(crate) async fn send(relay: &TestRelay, request: &[u8]) -> Raw {
    let mut stream = connect(relay).await;
    // The relay may have closed before everything is written: its answer counts.
    let _ = stream.write_all(request).await;
    Raw(rest(&mut stream).await)
}

pub(crate) async fn connect(relay: &TestRelay) -> TcpStream {
    TcpStream::connect(relay.address()).await.expect("a connection")
}

/// Everything until the connection ends, in order or not.
pub(crate) async fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut buffer = vec![0; 64 << 10];
    loop {
        match timeout(PATIENCE, stream.read(&mut buffer)).await.expect("the connection stays open") {
            Ok(0) | Err(_) => return bytes,
            Ok(length) => bytes.extend_from_slice(&buffer[..length]),
        }
    }
}

/// A request head with the relay's key, up to its blank line, and `more` lines in it.
pub(crate) fn head(relay: &TestRelay, line: &str, more: &str) -> String {
    format!(
        "{line} HTTP/1.1\r\nhost: relay\r\nconnection: close\r\ncontent-type: application/json\r\nx-api-key: {}\r\n{more}\r\n",
        relay.key
    )
}

/// A whole request for a message.
pub(crate) fn post(relay: &TestRelay, target: &str, more: &str, body: &[u8]) -> Vec<u8> {
    let more = format!("content-length: {}\r\n{more}", body.len());
    [head(relay, &format!("POST {target}"), &more).as_bytes(), body].concat()
}

/// A small message as a body.
pub(crate) fn body(stream: bool) -> Vec<u8> {
    message(stream).to_string().into_bytes()
}
