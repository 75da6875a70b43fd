//! Owns the shape of an upstream's own record: what it received, what it answered, what it billed.
//! Promises plain values that compare and serialise. Never counts by itself: `ledger` does.

use std::collections::BTreeMap;
use std::fmt;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::endpoint::Endpoint;

/// Tokens by class, disjoint, as the provider bills them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// Prompt tokens neither read from nor written to the cache.
    pub input: u64,
    /// All output tokens.
    pub output: u64,
    /// Prompt tokens written to the cache for five minutes.
    pub cache_write_5m: u64,
    /// Prompt tokens written to the cache for one hour.
    pub cache_write_1h: u64,
    /// Prompt tokens read from the cache.
    pub cache_read: u64,
    /// Web searches done.
    pub searches: u64,
}

impl Usage {
    /// A usage of so many input and output tokens.
    #[must_use]
    pub fn new(input: u64, output: u64) -> Self {
        Self { input, output, ..Self::default() }
    }

    /// The same, with so many tokens written to the cache for five minutes and for one hour.
    #[must_use]
    pub fn cache_written(self, five_minutes: u64, one_hour: u64) -> Self {
        Self { cache_write_5m: five_minutes, cache_write_1h: one_hour, ..self }
    }

    /// The same, with so many tokens read from the cache.
    #[must_use]
    pub fn cache_read(self, tokens: u64) -> Self {
        Self { cache_read: tokens, ..self }
    }

    /// The sum of two usages, class by class.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            input: self.input.saturating_add(other.input),
            output: self.output.saturating_add(other.output),
            cache_write_5m: self.cache_write_5m.saturating_add(other.cache_write_5m),
            cache_write_1h: self.cache_write_1h.saturating_add(other.cache_write_1h),
            cache_read: self.cache_read.saturating_add(other.cache_read),
            searches: self.searches.saturating_add(other.searches),
        }
    }
}

/// How far an exchange has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Still going on: reading the request, waiting or answering.
    Open,
    /// Every byte of the answer was handed to the socket.
    Complete,
    /// The upstream broke off, as scripted.
    Cut,
    /// The client (the relay) went away first.
    Left,
    /// The upstream was stopped before the end.
    Stopped,
}

/// One request and what was answered.
#[derive(Clone, Debug, Serialize)]
pub struct Exchange {
    /// Counts from 1 in the order of arrival; also the end of `request-id`.
    pub number: u64,
    /// Which connection it came on, from 1.
    pub connection: u64,
    /// `HTTP/1.1` or `HTTP/2.0`.
    pub version: String,
    /// The method as received.
    pub method: String,
    /// Path and query as received.
    pub target: String,
    /// The headers in the order of arrival, with values that are not UTF-8 made readable.
    pub headers: Vec<(String, String)>,
    /// Bytes of body received.
    pub body_length: u64,
    /// SHA-256 of the whole body in hex; `None` until it has been read to its end.
    pub body_sha256: Option<String>,
    /// The body itself, only under [`Record::Bodies`](crate::Record::Bodies).
    #[serde(skip)]
    pub body: Option<Bytes>,
    /// Which endpoint it is for; `None` if there is none at its path.
    pub endpoint: Option<Endpoint>,
    /// The credential: `x-api-key`, else `x-goog-api-key`, else the bearer token.
    pub token: Option<String>,
    /// The account that its token, code or refresh token belongs to.
    pub account: Option<String>,
    /// Why the upstream itself refused it, without a script.
    pub refused: Option<String>,
    /// The model that the body or the path names.
    pub model: Option<String>,
    /// The project that the body names, to Code Assist.
    pub project: Option<String>,
    /// Whether the body or the path asks for a stream.
    pub stream: bool,
    /// The status answered; `None` if there was no answer.
    pub status: Option<u16>,
    /// The `request-id` answered.
    pub request_id: String,
    /// The id of the message answered.
    pub message_id: Option<String>,
    /// The usage that the pieces sent so far have announced: in a complete answer, what it billed.
    pub billed: Usage,
    /// Output tokens in the pieces sent so far, whether announced or not.
    pub generated: u64,
    /// Pieces of the answer's body handed to the socket.
    pub pieces_sent: usize,
    /// Bytes of the answer's body handed to the socket, as coded.
    pub bytes_sent: u64,
    /// How it ended.
    pub ending: Ending,
    /// When the request arrived, in microseconds since the upstream started.
    pub received_at_micros: u64,
    /// When the exchange ended, in microseconds since the upstream started.
    pub ended_at_micros: Option<u64>,
}

impl Exchange {
    /// The first value of a header, by its lower-case name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The path without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// Whether it asked a model to write something (not for a count of tokens or for models).
    #[must_use]
    pub fn is_message(&self) -> bool {
        self.endpoint.is_some_and(Endpoint::is_inference)
    }
}

/// Counters that are kept at every level of recording.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Requests received.
    pub requests: u64,
    /// Connections accepted.
    pub connections: u64,
    /// Exchanges going on now.
    pub open: u64,
    /// The most exchanges that went on at once.
    pub peak: u64,
    /// Exchanges answered to the end.
    pub complete: u64,
    /// Requests that the upstream itself refused, without a script.
    pub refused: u64,
    /// Codes that became tokens.
    pub exchanges: u64,
    /// Refresh tokens that became tokens.
    pub refreshes: u64,
    /// Refresh tokens that came again after they had been replaced.
    pub reuses: u64,
    /// Exchanges broken off as scripted.
    pub cut: u64,
    /// Exchanges that the client left.
    pub left: u64,
    /// Bytes of request bodies.
    pub body_bytes: u64,
    /// Pieces of answers handed to sockets, of exchanges that have ended.
    pub pieces_sent: u64,
    /// What all exchanges that have ended have billed.
    pub billed: Usage,
    /// What the complete ones among them have billed.
    pub billed_complete: Usage,
}

/// Counters of one account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AccountTotals {
    /// Requests with its tokens, codes or refresh tokens, to any endpoint.
    pub requests: u64,
    /// Those among them that asked a model.
    pub messages: u64,
    /// Those that the upstream itself refused.
    pub refused: u64,
    /// Codes that became tokens.
    pub exchanges: u64,
    /// Refresh tokens that became tokens.
    pub refreshes: u64,
    /// Refresh tokens that came again after they had been replaced.
    pub reuses: u64,
    /// What its exchanges that have ended have billed.
    pub billed: Usage,
}

/// Everything an upstream knows about what it did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Books {
    /// The counters.
    pub totals: Totals,
    /// The counters of each account that was used.
    pub accounts: BTreeMap<String, AccountTotals>,
    /// The exchanges in the order of arrival; empty under [`Record::Totals`](crate::Record::Totals).
    pub exchanges: Vec<Exchange>,
}

/// A line for each exchange: what a person needs when a test has failed.
impl fmt::Display for Books {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{:?}", self.totals)?;
        for exchange in &self.exchanges {
            let Exchange { number, method, target, token, status, ending, pieces_sent, .. } = exchange;
            let who = exchange.account.as_deref().or(token.as_deref()).unwrap_or("-");
            let status = status.map_or("-".to_owned(), |status| status.to_string());
            let refused =
                exchange.refused.as_ref().map(|why| format!(", refused: {why}")).unwrap_or_default();
            writeln!(
                formatter,
                "#{number} {method} {target} {who}: {status}, {pieces_sent} pieces, {ending:?}{refused}"
            )?;
        }
        Ok(())
    }
}

impl Books {
    /// The exchanges that asked for a message.
    pub fn messages(&self) -> impl Iterator<Item = &Exchange> {
        self.exchanges.iter().filter(|exchange| exchange.is_message())
    }

    /// The exchanges that came with a credential.
    pub fn of<'a>(&'a self, token: &'a str) -> impl Iterator<Item = &'a Exchange> {
        self.exchanges.iter().filter(move |exchange| exchange.token.as_deref() == Some(token))
    }

    /// The exchanges at an endpoint.
    pub fn at(&self, endpoint: Endpoint) -> impl Iterator<Item = &Exchange> {
        self.exchanges.iter().filter(move |exchange| exchange.endpoint == Some(endpoint))
    }

    /// The counters of an account; all zero if it was not used.
    #[must_use]
    pub fn account(&self, name: &str) -> AccountTotals {
        self.accounts.get(name).cloned().unwrap_or_default()
    }

    /// The latest exchange.
    #[must_use]
    pub fn last(&self) -> Option<&Exchange> {
        self.exchanges.last()
    }

    /// Whether nothing is going on.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.totals.open == 0
    }
}
