//! Owns what a test can do with the people of an upstream: accounts, sign-ins, tokens, time.

use std::time::Duration;

use serde_json::Value;

use crate::account::claude::ClaudeAccount;
use crate::account::google::GoogleAccount;
use crate::oauth::authorize::Authorized;
use crate::server::Upstream;

/// Why somebody could not be let in or given a token.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NoSignIn(String);

impl Upstream {
    /// Adds an account of Anthropic's, or changes the one of this name. Its tokens stay good.
    pub fn claude_account(&self, account: ClaudeAccount) {
        self.hub.accounts.set_claude(account);
    }

    /// An account as it is now, its windows brought up to the present.
    #[must_use]
    pub fn claude_account_now(&self, name: &str) -> Option<ClaudeAccount> {
        let windows = self.hub.accounts.windows(name, self.hub.clock.now_seconds());
        let account = self.hub.accounts.claude(name)?;
        Some(ClaudeAccount { windows, ..account })
    }

    /// Adds an account of Google's, or changes the one of this name. Its tokens stay good.
    pub fn google_account(&self, account: GoogleAccount) {
        self.hub.accounts.set_google(account);
    }

    /// An account as it is now.
    #[must_use]
    pub fn google_account_now(&self, name: &str) -> Option<GoogleAccount> {
        self.hub.accounts.google(name)
    }

    /// Says who signs in on pages that do not name an account (at first `claude`, and with Google `google`).
    pub fn sign_in_as(&self, account: &str) {
        self.hub.accounts.sign_in_as(account);
    }

    /// Does what a person does on the page at this authorize address, whatever its host: signs in and takes the code.
    ///
    /// # Errors
    /// When the address is not as the provider demands, with what is wrong.
    pub fn authorize(&self, address: &str) -> Result<Authorized, NoSignIn> {
        self.hub.authorize(address, None).map_err(NoSignIn)
    }

    /// The same as a given account.
    ///
    /// # Errors
    /// When the address is not as the provider demands, or there is no such account.
    pub fn authorize_as(&self, address: &str, account: &str) -> Result<Authorized, NoSignIn> {
        self.hub.authorize(address, Some(account)).map_err(NoSignIn)
    }

    /// Tokens for an account without a sign-in, as the token endpoint would reply them.
    ///
    /// # Errors
    /// When there is no such account.
    pub fn issue(&self, account: &str) -> Result<Value, NoSignIn> {
        self.hub.issue(account, None).map_err(NoSignIn)
    }

    /// The same for a scope: a setup token has `user:inference` alone.
    ///
    /// # Errors
    /// When there is no such account.
    pub fn issue_for(&self, account: &str, scope: &str) -> Result<Value, NoSignIn> {
        self.hub.issue(account, Some(scope)).map_err(NoSignIn)
    }

    /// Ends the life of all access tokens of an account now; its refresh tokens stay good.
    pub fn expire(&self, account: &str) {
        self.hub.expire(account);
    }

    /// Kills all tokens of an account.
    pub fn revoke(&self, account: &str) {
        self.hub.revoke(account);
    }

    /// Sets the upstream's clock forward.
    pub fn advance(&self, by: Duration) {
        self.hub.clock.advance(by);
    }
}
