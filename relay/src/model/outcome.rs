//! How an attempt ended.

use serde::{Deserialize, Serialize};

/// How an attempt ended. Each attempt has exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Answered to the end.
    Ok,
    /// The client left before the end; seen usage is exact, the rest an estimate.
    ClientGone,
    /// Upstream broke off, or fell silent, in mid-answer.
    UpstreamCut,
    /// Upstream refused or failed: an error status, no connection, an error event in a stream.
    UpstreamError,
    /// The call itself was refused, by the provider as the client's own error or by the relay.
    Rejected,
    /// The process died while the attempt was open.
    Abandoned,
}

impl Outcome {
    /// Every outcome, in the order in which they are listed.
    pub const ALL: [Self; 6] =
        [Self::Ok, Self::ClientGone, Self::UpstreamCut, Self::UpstreamError, Self::Rejected, Self::Abandoned];

    /// The name in the store, in URLs and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::ClientGone => "client_gone",
            Self::UpstreamCut => "upstream_cut",
            Self::UpstreamError => "upstream_error",
            Self::Rejected => "rejected",
            Self::Abandoned => "abandoned",
        }
    }

    /// The outcome of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }
}
