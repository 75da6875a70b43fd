//! The original's nouns for accounts, and which of our kinds each of them means.

use crate::model::account::{AccountKind, AccountRow, Service};

/// One noun.
pub(super) struct Noun {
    /// What it is called in `platform`.
    pub(super) platform: &'static str,
    /// What is added by tokens, if anything.
    pub(super) signed_in: Option<AccountKind>,
    /// What is added by an API key.
    pub(super) by_key: AccountKind,
}

pub(super) const CLAUDE: Noun =
    Noun { platform: "claude", signed_in: Some(AccountKind::ClaudeOauth), by_key: AccountKind::ClaudeApiKey };
pub(super) const CLAUDE_CONSOLE: Noun =
    Noun { platform: "claude-console", signed_in: None, by_key: AccountKind::ClaudeApiKey };
pub(super) const GEMINI: Noun =
    Noun { platform: "gemini", signed_in: Some(AccountKind::GeminiOauth), by_key: AccountKind::GeminiApiKey };
pub(super) const GEMINI_API: Noun =
    Noun { platform: "gemini-api", signed_in: None, by_key: AccountKind::GeminiApiKey };

impl Noun {
    /// Whether an account is one of these.
    pub(super) fn means(&self, account: &AccountRow) -> bool {
        account.kind == self.by_key || self.signed_in == Some(account.kind)
    }

    /// Whose models they serve.
    pub(super) fn service(&self) -> Service {
        if self.by_key.serves(Service::Claude) { Service::Claude } else { Service::Gemini }
    }
}
