//! Owns what is done with people from outside of the providers' own endpoints.

use serde_json::Value;
use url::Url;

use crate::oauth::authorize::{Authorized, Request};
use crate::oauth::{claude, google};
use crate::service::Hub;

impl Hub {
    /// A code for an authorize address, whatever its host.
    pub(crate) fn authorize(&self, address: &str, account: Option<&str>) -> Result<Authorized, String> {
        let url = Url::parse(address).map_err(|error| format!("no address: {error}"))?;
        let query = url.query().unwrap_or_default();
        if url.path().contains("oauth2") {
            let request = Request::read(query, &self.google_rules)?;
            return self.authorize_google(&request, account);
        }
        let request = Request::read(query, &self.claude_rules)?;
        self.authorize_claude(&request, account)
    }

    /// Tokens for an account without a sign-in.
    pub(crate) fn issue(&self, account: &str, scope: Option<&str>) -> Result<Value, String> {
        if let Some(account) = self.accounts.claude(account) {
            return Ok(self.issue_claude(&account, scope.unwrap_or(claude::USUAL_SCOPE)));
        }
        let account =
            self.accounts.google(account).ok_or_else(|| format!("there is no account {account}"))?;
        Ok(self.issue_google(&account, scope.unwrap_or(google::USUAL_SCOPE)))
    }

    /// Ends the life of an account's access tokens.
    pub(crate) fn expire(&self, account: &str) {
        self.claude.expire(account);
        self.google.expire(account);
    }

    /// Kills an account's tokens.
    pub(crate) fn revoke(&self, account: &str) {
        self.claude.revoke(account);
        self.google.revoke(account);
    }
}
