//! Upstream accounts as an operator sees them. No credential is ever in here.

mod detail;

use serde::{Deserialize, Serialize};

use super::cooldown::CooldownRow;
use super::figure::Totals;
use super::id::{AccountId, GroupId};
use super::identity::Identity;
use super::proxy::ProxyAddress;
use super::window::WindowReading;
pub use detail::{AccountDetail, Answered, AttemptRow};

/// The priority of an account for which none was said.
pub const DEFAULT_PRIORITY: u8 = 50;

/// The weight of an account for which none was said.
pub const DEFAULT_WEIGHT: u8 = 1;

/// What clients ask for: whose models, in whose protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// Anthropic's Messages API.
    Claude,
    /// Google's Gemini API, and Code Assist.
    Gemini,
}

/// What kind of credential an account holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountKind {
    /// Somebody signed in to Claude, or a long-lived token of that.
    ClaudeOauth,
    /// An API key for Anthropic's Messages API, or anything compatible with it.
    ClaudeApiKey,
    /// Somebody signed in to Google, for Code Assist.
    GeminiOauth,
    /// An API key for the Gemini API.
    GeminiApiKey,
    /// Answers made up inside the relay, for trying things out. Costs nothing, serves only keys bound to it.
    Sandbox,
}

impl AccountKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::ClaudeOauth, Self::ClaudeApiKey, Self::GeminiOauth, Self::GeminiApiKey, Self::Sandbox];

    /// The name in the store and in JSON (`claude_api_key`).
    pub fn name(self) -> &'static str {
        match self {
            Self::ClaudeOauth => "claude_oauth",
            Self::ClaudeApiKey => "claude_api_key",
            Self::GeminiOauth => "gemini_oauth",
            Self::GeminiApiKey => "gemini_api_key",
            Self::Sandbox => "sandbox",
        }
    }

    /// The kind of that name; hyphens count as underscores, as the command line writes them.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.replace('-', "_");
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether accounts of this kind can answer for a service.
    pub fn serves(self, service: Service) -> bool {
        match self {
            Self::ClaudeOauth | Self::ClaudeApiKey => service == Service::Claude,
            Self::GeminiOauth | Self::GeminiApiKey => service == Service::Gemini,
            Self::Sandbox => true,
        }
    }

    /// The service that it is asked for when nothing is said: a sandbox speaks Claude's first.
    pub fn own_service(self) -> Service {
        match self {
            Self::GeminiOauth | Self::GeminiApiKey => Service::Gemini,
            Self::ClaudeOauth | Self::ClaudeApiKey | Self::Sandbox => Service::Claude,
        }
    }

    /// Whether it holds tokens of a sign-in, which end and are refreshed.
    pub fn is_oauth(self) -> bool {
        matches!(self, Self::ClaudeOauth | Self::GeminiOauth)
    }

    /// Whether it holds a provider's API key.
    pub fn is_api_key(self) -> bool {
        matches!(self, Self::ClaudeApiKey | Self::GeminiApiKey)
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
    /// Out until somebody signs in anew: its tokens are refused for good.
    NeedsSignIn {
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
    /// Its limits and troubles, of the whole account and of model families.
    pub cooldowns: Vec<CooldownRow>,
    /// How much of its allowance is spent, as far as the provider has told.
    pub windows: Vec<WindowReading>,
    /// For people: anything.
    pub note: String,
    /// Through what it reaches its provider; directly if nothing.
    pub proxy: Option<ProxyAddress>,
    /// What is known of who signed in, and of the plan.
    pub identity: Identity,
    /// The project that an administrator named for it (Code Assist).
    pub project: String,
    /// When its access token ends, if it has one that ends; milliseconds since 1970.
    pub token_ends_ms: Option<i64>,
    /// When its tokens were last issued or refreshed; milliseconds since 1970.
    pub token_issued_ms: Option<i64>,
    /// Lower is tried first, 1 to 100.
    pub priority: u8,
    /// Among equals an account takes calls in proportion to this, 1 to 100.
    pub weight: u8,
    /// Most calls under way on it; any number if nothing.
    pub concurrency: Option<u32>,
    /// The groups that it is in.
    pub groups: Vec<GroupId>,
    /// Calls under way on it.
    pub in_flight: u32,
    /// How many keys are bound to it.
    pub bound_keys: u32,
    /// Since midnight in the configured time zone.
    pub today: Totals,
    /// Its attempts since then.
    pub answered: Answered,
    /// Milliseconds since 1970.
    pub created_ms: i64,
    /// Milliseconds since 1970.
    pub last_used_ms: Option<i64>,
}

/// A new account, as the form or the command line gives it. Its secrets travel beside it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewAccount {
    /// 1 to 100 characters, unique.
    pub name: String,
    /// What kind of credential.
    pub kind: AccountKind,
    /// How it is set.
    #[serde(flatten)]
    pub settings: AccountSettings,
}

impl NewAccount {
    /// With everything as it is if nothing is said.
    pub fn new(name: impl Into<String>, kind: AccountKind) -> Self {
        Self { name: name.into(), kind, settings: AccountSettings::default() }
    }
}

/// What an administrator sets of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountSettings {
    /// At most 500 characters.
    pub note: String,
    /// Empty for the provider's own address; only for API keys.
    pub base_url: String,
    /// Lower is tried first, 1 to 100.
    pub priority: u8,
    /// Among equals an account takes calls in proportion to this, 1 to 100.
    pub weight: u8,
    /// Most calls under way on it; any number if nothing.
    pub concurrency: Option<u32>,
    /// Through what it reaches its provider; directly if nothing.
    pub proxy: Option<ProxyAddress>,
    /// The project of the operator's own that Code Assist shall use; empty for the one it finds.
    pub project: String,
}

impl Default for AccountSettings {
    fn default() -> Self {
        Self {
            note: String::new(),
            base_url: String::new(),
            priority: DEFAULT_PRIORITY,
            weight: DEFAULT_WEIGHT,
            concurrency: None,
            proxy: None,
            project: String::new(),
        }
    }
}

/// One refresh of an account's tokens, for its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshRow {
    /// Milliseconds since 1970.
    pub at_ms: i64,
    /// Whether there are new tokens.
    pub renewed: bool,
    /// Why not, in the operator's words; empty if there are.
    pub cause: String,
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
    /// Reaching the account's proxy; left out where there is none.
    Proxy,
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
