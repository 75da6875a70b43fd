//! Owns what Google's sign-in makes of a request: the page, the token endpoint, userinfo.

use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde_json::Value;

use crate::account::google::GoogleAccount;
use crate::answer::Instead;
use crate::behaviour::Behaviour;
use crate::gemini::fault::Fault;
use crate::ledger::Deed;
use crate::oauth::authorize::{self, Authorized, Request};
use crate::oauth::desk::{Lives, Proof, Renewal, Worthless};
use crate::oauth::google::{self, Grant};
use crate::refusal::Refusal;
use crate::service::{Hub, Received, Understood};

impl Hub {
    /// The page on which a person lets a client in, or why not.
    pub(super) fn google_page<'a>(&self, received: &mut Received<'_>) -> Understood<'a> {
        let query = received.parts.uri.query().unwrap_or_default();
        let page = match Request::read(query, &self.google_rules) {
            Ok(request) if request.denies => Ok(authorize::denied(&request.denied())),
            Ok(request) => self.authorize_google(&request, None).map(|authorized| {
                let names: Vec<_> = self.accounts.googles().into_iter().map(|account| account.name).collect();
                authorize::page(&authorized, query, &names)
            }),
            Err(message) => Err(message),
        };
        self.page(page, received)
    }

    /// A code for an account: the one given, else the one that the request names, else the one that signs in.
    pub(crate) fn authorize_google(
        &self,
        request: &Request,
        account: Option<&str>,
    ) -> Result<Authorized, String> {
        let name = account.map(str::to_owned).or_else(|| request.account.clone());
        let name = name.unwrap_or_else(|| self.accounts.google_signs_in());
        let account = self.accounts.google(&name).ok_or_else(|| format!("there is no account {name}"))?;
        let mut code = request.code(&account.name, self.clock.now_ms(), account.code_life_seconds);
        // Google gives a refresh token for offline access alone, and after the first time for an explicit consent.
        code.refreshable = request.is_offline && (request.consents || !self.google.knows(&account.name));
        Ok(request.authorized(&account.name, self.google.code(code), false))
    }

    /// Tokens for a code or for a refresh token.
    pub(super) fn google_token<'a>(
        &self,
        behaviour: &Behaviour,
        body: &[u8],
        received: &mut Received<'_>,
    ) -> Result<Understood<'a>, Refusal> {
        if !behaviour.has_effect() {
            return Ok(Understood::default());
        }
        let headers = &received.parts.headers;
        let form =
            |name: &http::HeaderValue| name.as_bytes().starts_with(b"application/x-www-form-urlencoded");
        if !headers.get(CONTENT_TYPE).is_some_and(form) {
            let refusal = Refusal::oauth(StatusCode::BAD_REQUEST, "invalid_request", "Bad Request");
            return Err(refusal.why("content-type is not a form"));
        }
        let grant = Grant::read(body);
        grant.check_client(headers, &self.google_rules.client_id, &self.google_secret)?;
        let name = received.caller.account.as_deref();
        let account = name.and_then(|name| self.accounts.google(name));
        let reply = match grant.demand("grant_type")? {
            "authorization_code" => self.google_exchange(&grant, account, received)?,
            "refresh_token" => self.google_refresh(&grant, account, received)?,
            other => {
                let description = format!("Invalid grant_type: {other}");
                return Err(Refusal::oauth(StatusCode::BAD_REQUEST, "unsupported_grant_type", description));
            }
        };
        Ok(Understood::instead(Instead::json(reply.to_string())))
    }

    fn google_exchange(
        &self,
        grant: &Grant,
        account: Option<GoogleAccount>,
        received: &Received<'_>,
    ) -> Result<Value, Refusal> {
        let code = grant.demand("code")?;
        let redirect_uri = grant.demand("redirect_uri")?;
        let account = account.ok_or_else(|| google::worthless(Worthless::UnknownCode))?;
        let verifier = Some(grant.get("code_verifier")).filter(|verifier| !verifier.is_empty());
        let proof = Proof { code, redirect_uri, verifier, state: None };
        let lives = self.google_lives(&account);
        let pair = self.google.exchange(&proof, lives).map_err(google::worthless)?;
        received.entry.deed(Deed::Exchanged);
        Ok(google::reply(&account, &pair, lives))
    }

    fn google_refresh(
        &self,
        grant: &Grant,
        account: Option<GoogleAccount>,
        received: &Received<'_>,
    ) -> Result<Value, Refusal> {
        let token = grant.demand("refresh_token")?;
        let account = account.ok_or_else(|| google::worthless(Worthless::UnknownToken))?;
        let lives = self.google_lives(&account);
        let renewal = if account.gives_new_refresh_token { Renewal::Add } else { Renewal::Keep };
        let pair = self.google.refresh(token, renewal, lives).map_err(google::worthless)?;
        received.entry.deed(Deed::Refreshed);
        Ok(google::reply(&account, &pair, lives))
    }

    /// Tokens for an account without a sign-in, as the token endpoint would reply them.
    pub(crate) fn issue_google(&self, account: &GoogleAccount, scope: &str) -> Value {
        let lives = self.google_lives(account);
        google::reply(account, &self.google.issue(&account.name, scope, lives), lives)
    }

    pub(super) fn userinfo<'a>(&self, received: &Received<'_>) -> Result<Understood<'a>, Refusal> {
        let account = received.caller.account.as_deref().and_then(|name| self.accounts.google(name));
        let account = account.ok_or_else(|| Refusal::fault(Fault::TokenInvalid))?;
        if !received.caller.scope.contains("userinfo.") {
            return Err(Refusal::usual(StatusCode::FORBIDDEN).why("no scope for userinfo"));
        }
        Ok(Understood::instead(Instead::json(google::userinfo(&account).to_string())))
    }

    fn google_lives(&self, account: &GoogleAccount) -> Lives {
        Lives { now_ms: self.clock.now_ms(), access_seconds: account.token_life_seconds }
    }
}
