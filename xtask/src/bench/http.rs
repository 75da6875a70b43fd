//! The little HTTP that the bench itself speaks: one GET, one answer.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// A port that is free now.
pub(super) fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

/// The body of a 200. Under HTTP/1.0 it ends with the connection, so it needs no reading of its framing.
pub(super) fn get(address: SocketAddr, path: &str, key: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET {path} HTTP/1.0\r\nhost: {address}\r\nx-api-key: {key}\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("an answer without a head")?;
    if head.split(' ').nth(1) != Some("200") {
        bail!("GET {path}: {}", head.lines().next().unwrap_or_default());
    }
    Ok(body.to_owned())
}

/// The same, as JSON.
pub(super) fn get_json(address: SocketAddr, path: &str, key: &str) -> Result<Value> {
    serde_json::from_str(&get(address, path, key)?).with_context(|| format!("GET {path}: no JSON"))
}

/// The whole number at `pointer`.
pub(super) fn whole(json: &Value, pointer: &str) -> Result<u64> {
    json.pointer(pointer).and_then(Value::as_u64).with_context(|| format!("no number {pointer} in {json}"))
}

/// The number at `pointer`.
pub(super) fn number(json: &Value, pointer: &str) -> Result<f64> {
    json.pointer(pointer).and_then(Value::as_f64).with_context(|| format!("no number {pointer} in {json}"))
}
