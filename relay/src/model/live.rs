//! What the console is told as it happens, by server-sent events under `/web/live`.

use serde::{Deserialize, Serialize};

use super::figure::{Now, Totals};
use super::request::RequestRow;

/// One event of the live feed: the SSE `event` is the variant's name, `data` its content as JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum LiveEvent {
    /// Once a second while anything changes, and at least every 15 s.
    Pulse(Box<Pulse>),
    /// A call ended.
    Request(Box<RequestRow>),
    /// The list of accounts or a state in it changed: fetch it again.
    Accounts,
    /// The list of keys changed: fetch it again.
    Keys,
}

/// The figures that move.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pulse {
    /// When, milliseconds since 1970.
    pub at_ms: i64,
    /// What goes on now.
    pub now: Now,
    /// Since midnight.
    pub today: Totals,
}
