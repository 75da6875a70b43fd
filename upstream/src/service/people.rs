//! Owns what is done with people from outside of the providers' own endpoints.

use serde_json::Value;
use url::Url;

use crate::oauth::authorize::{Authorized, Request};
use crate::oauth::claude;
use crate::service::Hub;

impl Hub {
    /// A code for an authorize address, whatever its host.
    pub(crate) fn authorize(&self, address: &str, account: Option<&str>) -> Result<Authorized, String> {
        let url = Url::parse(address).map_err(|error| format!("no address: {error}"))?;
        let query = url.query().unwrap_or_default();
        let request = Request::read(query, &self.claude_rules)?;
        self.authorize_claude(&request, account)
    }

    /// Tokens for an account without a sign-in.
    pub(crate) fn issue(&self, account: &str, scope: Option<&str>) -> Result<Value, String> {
        self.issue_claude(account, scope.unwrap_or(claude::USUAL_SCOPE))
    }

    /// Ends the life of an account's access tokens.
    pub(crate) fn expire(&self, account: &str) {
        self.claude.expire(account);
    }

    /// Kills an account's tokens.
    pub(crate) fn revoke(&self, account: &str) {
        self.claude.revoke(account);
    }
}
