//! Owns what Anthropic's sign-in makes of a request: the page, the token endpoint, usage and profile.

use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::Value;

use crate::account::claude::ClaudeAccount;
use crate::answer::Instead;
use crate::behaviour::Behaviour;
use crate::ledger::Deed;
use crate::oauth::authorize::{self, Authorized, Request};
use crate::oauth::claude::{self, Grant};
use crate::oauth::desk::{Lives, Proof, Renewal, Worthless};
use crate::refusal::Refusal;
use crate::service::{Hub, Received, Understood};

impl Hub {
    /// The page on which a person lets a client in, or why not.
    pub(super) fn claude_page<'a>(&self, received: &mut Received<'_>) -> Understood<'a> {
        let query = received.parts.uri.query().unwrap_or_default();
        let page = match Request::read(query, &self.claude_rules) {
            Ok(request) if request.denies => Ok(authorize::denied(&request.denied())),
            Ok(request) => self.authorize_claude(&request, None).map(|authorized| {
                let names: Vec<_> = self.accounts.claudes().into_iter().map(|account| account.name).collect();
                authorize::page(&authorized, query, &names)
            }),
            Err(message) => Err(message),
        };
        self.page(page, received)
    }

    /// A page, or the one that says why there is none.
    pub(super) fn page<'a>(
        &self,
        page: Result<String, String>,
        received: &mut Received<'_>,
    ) -> Understood<'a> {
        let instead = match page {
            Ok(page) => Instead::html(StatusCode::OK, page),
            Err(message) => {
                received.entry.refused(&message);
                Instead::html(StatusCode::BAD_REQUEST, authorize::refused(&message))
            }
        };
        Understood::instead(instead)
    }

    /// A code for an account: the one given, else the one that the request names, else the one that signs in.
    pub(crate) fn authorize_claude(
        &self,
        request: &Request,
        account: Option<&str>,
    ) -> Result<Authorized, String> {
        let name = account.map(str::to_owned).or_else(|| request.account.clone());
        let name = name.unwrap_or_else(|| self.accounts.claude_signs_in());
        let account = self.accounts.claude(&name).ok_or_else(|| format!("there is no account {name}"))?;
        let code = request.code(&account.name, self.clock.now_ms(), account.code_life_seconds);
        Ok(request.authorized(&account.name, self.claude.code(code), true))
    }

    /// Tokens for a code or for a refresh token.
    pub(super) fn claude_token<'a>(
        &self,
        behaviour: &Behaviour,
        body: &[u8],
        received: &mut Received<'_>,
    ) -> Result<Understood<'a>, Refusal> {
        if !behaviour.has_effect() {
            return Ok(Understood::default());
        }
        let content_type = received.parts.headers.get(CONTENT_TYPE);
        if !content_type.is_some_and(|name| name.as_bytes().starts_with(b"application/json")) {
            return Err(Refusal::bad_request("Invalid request format").why("content-type is not JSON"));
        }
        let grant = Grant::read(body)?;
        grant.check_fields()?;
        if grant.client_id != self.claude_rules.client_id {
            return Err(claude::unknown_client(&grant.client_id));
        }
        let name = received.caller.account.as_deref();
        let account = name.and_then(|name| self.accounts.claude(name));
        let reply = match grant.grant_type.as_str() {
            "authorization_code" => self.claude_exchange(&grant, account, received)?,
            _ => self.claude_refresh(&grant, account, received)?,
        };
        Ok(Understood::instead(Instead::json(reply.to_string())))
    }

    fn claude_exchange(
        &self,
        grant: &Grant,
        account: Option<ClaudeAccount>,
        received: &Received<'_>,
    ) -> Result<Value, Refusal> {
        let code = self.claude.look_up(&grant.code);
        let (Some(code), Some(account)) = (code, account) else {
            return Err(claude::worthless(Worthless::UnknownCode));
        };
        let access_seconds = grant.life(&account, &code.scope)?;
        let lives = Lives { now_ms: self.clock.now_ms(), access_seconds };
        let proof = Proof {
            code: &grant.code,
            redirect_uri: &grant.redirect_uri,
            verifier: Some(&grant.code_verifier),
            state: Some(&grant.state),
        };
        let pair = self.claude.exchange(&proof, lives).map_err(claude::worthless)?;
        received.entry.deed(Deed::Exchanged);
        Ok(claude::reply(&account, &pair, lives))
    }

    fn claude_refresh(
        &self,
        grant: &Grant,
        account: Option<ClaudeAccount>,
        received: &Received<'_>,
    ) -> Result<Value, Refusal> {
        grant.check_scope(self.claude_rules.scopes)?;
        let account = account.ok_or_else(|| claude::worthless(Worthless::UnknownToken))?;
        let lives = Lives { now_ms: self.clock.now_ms(), access_seconds: account.token_life_seconds };
        let renewal = if account.rotates { Renewal::Replace } else { Renewal::Keep };
        let pair = self.claude.refresh(&grant.refresh_token, renewal, lives).map_err(|why| {
            if why == Worthless::Reused {
                received.entry.deed(Deed::Reused);
            }
            claude::worthless(why)
        })?;
        received.entry.deed(Deed::Refreshed);
        Ok(claude::reply(&account, &pair, lives))
    }

    /// Tokens for an account without a sign-in, as the token endpoint would reply them.
    pub(crate) fn issue_claude(&self, account: &ClaudeAccount, scope: &str) -> Value {
        let lives = Lives { now_ms: self.clock.now_ms(), access_seconds: account.token_life_seconds };
        claude::reply(account, &self.claude.issue(&account.name, scope, lives), lives)
    }

    pub(super) fn claude_usage<'a>(&self, received: &Received<'_>) -> Result<Understood<'a>, Refusal> {
        let mut account = self.profiled(received)?;
        account.windows = self.accounts.windows(&account.name, self.clock.now_seconds());
        let reply = claude::usage(&account).to_string();
        Ok(Understood::instead(Instead::json(reply)))
    }

    pub(super) fn claude_profile<'a>(&self, received: &Received<'_>) -> Result<Understood<'a>, Refusal> {
        let reply = claude::profile(&self.profiled(received)?).to_string();
        Ok(Understood::instead(Instead::json(reply)))
    }

    /// The caller's account, if its token may look at it.
    fn profiled(&self, received: &Received<'_>) -> Result<ClaudeAccount, Refusal> {
        let caller = received.caller;
        let account = caller.account.as_deref().and_then(|name| self.accounts.claude(name));
        let account = account.ok_or_else(|| self.unknown(received))?;
        if !caller.scope.split(' ').any(|scope| scope == claude::PROFILE) {
            let message = "OAuth token does not meet scope requirement user:profile";
            return Err(Refusal::usual(StatusCode::FORBIDDEN).message(message));
        }
        Ok(account)
    }
}
