//! Upstream accounts as an operator sees them. No credential is ever in here.

use serde::{Deserialize, Serialize};

use super::figure::Totals;
use super::id::AccountId;

/// The priority of an account for which none was said.
pub const DEFAULT_PRIORITY: u8 = 50;

/// What kind of credential an account holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// An API key for Anthropic's Messages API, or anything compatible with it.
    ClaudeApiKey,
    /// Answers made up inside the relay, for trying things out. Costs nothing, serves only keys bound to it.
    Sandbox,
}

impl AccountKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::ClaudeApiKey, Self::Sandbox];

    /// The name in the store and in JSON (`claude_api_key`).
    pub fn name(self) -> &'static str {
        match self {
            Self::ClaudeApiKey => "claude_api_key",
            Self::Sandbox => "sandbox",
        }
    }

    /// The kind of that name; hyphens count as underscores, as the command line writes them.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.replace('-', "_");
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// Whether an account can serve now, and if not, why and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum AccountState {
    /// Able to serve.
    Able,
    /// Out for a while by the provider's word or after failures.
    Cooling {
        /// Milliseconds since 1970.
        until_ms: i64,
        /// The operator's text: what the provider said.
        cause: String,
    },
    /// Out until a person acts: credential, billing or organisation.
    Parked {
        /// Milliseconds since 1970.
        since_ms: i64,
        /// The operator's text: what the provider said.
        cause: String,
    },
    /// Out because an administrator said so.
    Paused {
        /// Milliseconds since 1970.
        since_ms: i64,
    },
}

/// One account in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountRow {
    /// Identity.
    pub id: AccountId,
    /// Unique, at most 100 characters.
    pub name: String,
    /// What kind of credential.
    pub kind: AccountKind,
    /// Where it sends, without path (`https://api.anthropic.com`); empty for the sandbox.
    pub base_url: String,
    /// The last four characters of the secret, to tell credentials apart; empty for the sandbox.
    pub secret_hint: String,
    /// Can it serve?
    #[serde(flatten)]
    pub state: AccountState,
    /// Lower is tried first, 1 to 100.
    pub priority: u8,
    /// Calls under way on it.
    pub in_flight: u32,
    /// How many keys are bound to it.
    pub bound_keys: u32,
    /// Since midnight in the configured time zone.
    pub today: Totals,
    /// Milliseconds since 1970.
    pub created_ms: i64,
    /// Milliseconds since 1970.
    pub last_used_ms: Option<i64>,
}

/// A new account, as the form or the command line gives it. The secret travels beside it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewAccount {
    /// 1 to 100 characters, unique.
    pub name: String,
    /// What kind of credential.
    pub kind: AccountKind,
    /// Empty for the provider's own address.
    pub base_url: String,
    /// Lower is tried first, 1 to 100.
    pub priority: u8,
}

/// One step of an account test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestStep {
    /// What was tried.
    pub step: TestStage,
    /// How it went.
    pub result: TestResult,
}

/// The steps of an account test, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestStage {
    /// Reaching the provider: name, connection, TLS.
    Connect,
    /// The provider takes the credential.
    Credential,
    /// A one-token message comes back.
    Answer,
}

/// How one step of a test went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum TestResult {
    /// It worked.
    Passed {
        /// Milliseconds it took.
        took_ms: u64,
    },
    /// It did not.
    Failed {
        /// Milliseconds it took.
        took_ms: u64,
        /// The raw cause, with no secret in it.
        cause: String,
    },
    /// An earlier step failed.
    NotRun,
}
