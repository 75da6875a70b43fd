//! What a provider answered, before anything of it has gone to the client.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use http_body::{Body, Frame};
use http_body_util::Full;

use super::google::unwrap::UnwrappedBody;
use super::outbound::LaneLease;
use super::sandbox::{SandboxBody, SandboxReply};

/// Status, headers as they came, and a body still to be read.
pub struct Reply {
    /// As it came.
    pub status: StatusCode,
    /// As they came.
    pub headers: HeaderMap,
    /// The bytes.
    pub body: ReplyBody,
}

/// Where the bytes of an answer come from.
pub enum ReplyBody {
    /// A provider; the lease keeps the call's place on its lane.
    Upstream(reqwest::Body, LaneLease),
    /// The sandbox.
    Sandbox(SandboxBody),
    /// A provider, out of the wrapper in which it answers.
    Unwrapped(UnwrappedBody),
    /// Read already.
    Read(Full<Bytes>),
}

/// Why no reply came.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// No connection: name, TCP or TLS.
    #[error("no connection: {0}")]
    Connect(String),
    /// Connected, but no reply within `relay.idle`.
    #[error("no answer within {}", humantime::format_duration(*.0))]
    Silent(Duration),
    /// The connection broke off before the reply's headers.
    #[error("the connection broke off before an answer: {0}")]
    Broken(String),
    /// The request came round to where it had been.
    #[error("its address leads back to a relay that the request has passed already")]
    Loop,
}

/// Why the bytes of an answer ended early.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct CutError(pub String);

impl From<SandboxReply> for Reply {
    fn from(reply: SandboxReply) -> Self {
        Self { status: reply.status, headers: reply.headers, body: ReplyBody::Sandbox(reply.body) }
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = CutError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, CutError>>> {
        match self.get_mut() {
            Self::Upstream(body, _) => {
                Pin::new(body).poll_frame(context).map_err(|error| CutError(chain(&error.without_url())))
            }
            Self::Sandbox(body) => {
                Pin::new(body).poll_frame(context).map_err(|cut| CutError(cut.to_string()))
            }
            Self::Unwrapped(body) => Pin::new(body).poll_frame(context),
            Self::Read(body) => {
                Pin::new(body).poll_frame(context).map_err(|never: Infallible| match never {})
            }
        }
    }
}

/// An error with its causes, on one line.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let next = error.to_string();
        if !text.contains(&next) {
            text.push_str(": ");
            text.push_str(&next);
        }
        cause = error.source();
    }
    text
}
