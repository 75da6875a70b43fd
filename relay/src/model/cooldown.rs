//! Cooldowns: why and until when an account, or one model family on it, gets no calls or gets them last.

use serde::{Deserialize, Serialize};

/// What a cooldown is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CooldownCause {
    /// The provider said that a limit is reached: no calls.
    Limit,
    /// The provider said that it is overloaded.
    Overload,
    /// It failed, or could not be reached.
    Trouble,
}

impl CooldownCause {
    /// Every cause.
    pub const ALL: [Self; 3] = [Self::Limit, Self::Overload, Self::Trouble];

    /// The name in the store and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Limit => "limit",
            Self::Overload => "overload",
            Self::Trouble => "trouble",
        }
    }

    /// The cause of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.name() == name)
    }
}

/// One cooldown in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CooldownRow {
    /// The model family that it is for; nothing for the whole account.
    pub family: Option<String>,
    /// What it is for.
    pub cause: CooldownCause,
    /// The account gets no calls. If false, it is only tried after the others.
    pub keeps_out: bool,
    /// The operator's text: what the provider said.
    pub words: String,
    /// When it began, milliseconds since 1970.
    pub since_ms: i64,
    /// When it ends, milliseconds since 1970.
    pub until_ms: i64,
    /// Failures in a row.
    pub strikes: u32,
    /// When one live call may try whether it still holds, milliseconds since 1970; nothing for short ones.
    pub probe_ms: Option<i64>,
    /// Live calls that tried, and failed.
    pub probes: u32,
    /// One is trying now.
    pub probing: bool,
}
