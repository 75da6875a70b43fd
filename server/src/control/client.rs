//! The command line's end of the socket.

use std::path::Path;
use std::time::Duration;

use reqwest::StatusCode;

use super::PATH;
use super::address::Address;
use crate::command::{Command, Reply};
use crate::failure::Failure;

/// An account's test may wait for its provider; nothing else takes longer than that.
const PATIENCE: Duration = Duration::from_secs(120);

/// Going through all of the books takes minutes where there are millions of records.
const LONG_PATIENCE: Duration = Duration::from_secs(3_600);

/// Has a running server do it. `None` if none listens on this folder's socket.
///
/// # Errors
/// What the server says, or that it does not answer.
pub(crate) async fn call(data: &Path, command: &Command) -> Option<Result<Reply, Failure>> {
    let address = Address::of(data).ok()?;
    // Whether somebody listens: a socket file alone may be left from a server that was killed.
    tokio::net::UnixStream::connect(address.path()).await.ok()?;
    Some(ask(address.path(), command).await)
}

async fn ask(socket: &Path, command: &Command) -> Result<Reply, Failure> {
    let failed = |error: reqwest::Error| Failure::because("the running server did not answer", &error);
    let client = reqwest::Client::builder()
        .unix_socket(socket)
        .timeout(if command.is_long() { LONG_PATIENCE } else { PATIENCE })
        .no_proxy()
        .build()
        .map_err(failed)?;
    let request = client.post(format!("http://switchyard{PATH}")).json(command);
    let response = request.send().await.map_err(failed)?;
    match response.status() {
        StatusCode::OK => response.json::<Result<Reply, Failure>>().await.map_err(failed)?,
        StatusCode::FORBIDDEN => Err(Failure::new("the running server belongs to another user")
            .hint("run this command as the user that runs the server")),
        _ => Err(Failure::new("the running server does not know this command")
            .hint("it is of another version than this program: restart it")),
    }
}
