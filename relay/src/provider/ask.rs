//! One small question to a provider, beside the request road: tokens, profile, limits. Bounded in time and size.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, DATE, RETRY_AFTER, USER_AGENT};
use http::{HeaderMap, StatusCode};

use super::transport::{Cause, cause};
use crate::secret::Secret;
use crate::wire::fault::Fault;

/// From the first packet to the last byte.
const TOTAL: Duration = Duration::from_secs(30);
/// No answer that is meant for us is nearly as long.
const LONGEST: usize = 64 << 10;
const LONGEST_WORDS: usize = 300;
/// Said of itself, truthfully.
const AGENT: &str = concat!("switchyard/", env!("CARGO_PKG_VERSION"));

/// What came back, whatever its status.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    is_cut: bool,
}

/// Sends and reads, at most [`LONGEST`] bytes.
///
/// # Errors
/// No reply, or one that announces success and breaks off. A refusal is worth reading even in part.
pub(super) async fn ask(request: reqwest::RequestBuilder) -> Result<Answer, Cause> {
    let request = request.header(USER_AGENT, AGENT).timeout(TOTAL);
    let mut response = request.send().await.map_err(|error| cause(&error))?;
    let (status, headers) = (response.status(), response.headers().clone());
    if status == StatusCode::PROXY_AUTHENTICATION_REQUIRED {
        return Err(Cause::proxy_password());
    }
    let mut body = Vec::new();
    let is_cut = loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() <= LONGEST => body.extend_from_slice(&chunk),
            Ok(Some(_)) => break true,
            Ok(None) => break false,
            Err(error) if status.is_success() => return Err(cause(&error)),
            Err(_) => break true,
        }
    };
    Ok(Answer { status, headers, body: body.into(), is_cut })
}

impl Answer {
    /// The body as text, if all of it came.
    pub(super) fn whole(&self) -> Option<&str> {
        (!self.is_cut).then(|| std::str::from_utf8(&self.body).ok())?
    }

    /// What the provider says is wrong.
    pub(super) fn fault(&self) -> Fault {
        std::str::from_utf8(&self.body).map(Fault::read).unwrap_or_default()
    }

    /// A page for people, from somebody in front of the API.
    pub(super) fn is_html(&self) -> bool {
        let names_html =
            self.headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        names_html || self.body.trim_ascii_start().starts_with(b"<")
    }

    /// How long to wait, if the provider says so: seconds, or a date against the reply's own.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        let text = |name| self.headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        let wait = text(RETRY_AFTER)?;
        if let Ok(seconds) = wait.parse::<u32>() {
            return Some(Duration::from_secs(seconds.into()));
        }
        let date = |text| jiff::fmt::rfc2822::parse(text).ok().map(|date| date.timestamp());
        let (until, now) = (date(wait)?, date(text(DATE)?)?);
        until.duration_since(now).try_into().ok()
    }

    /// The provider's words on one line, bounded, without any of the secrets that were sent.
    pub(super) fn words(&self, sent: &[&Secret]) -> String {
        let fault = self.fault();
        let text = match () {
            () if self.is_html() => "an HTML page".to_owned(),
            () if fault.kind.is_empty() && fault.words.is_empty() => "without a reason".to_owned(),
            () if fault.kind.is_empty() => fault.words,
            () if fault.words.is_empty() => fault.kind,
            () => format!("{}: {}", fault.kind, fault.words),
        };
        let text = sent
            .iter()
            .map(|secret| secret.reveal())
            .filter(|secret| !secret.is_empty())
            .fold(text, |text, secret| text.replace(secret, "[redacted]"));
        text.chars().filter(|letter| !letter.is_control()).take(LONGEST_WORDS).collect()
    }
}
