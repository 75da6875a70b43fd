//! Owns who a request is from: a credential, the account that it belongs to, and whether it is still good.

use std::sync::Arc;

use http::StatusCode;
use http::request::Parts;

use crate::behaviour::Behaviour;
use crate::endpoint::{Dialect, Endpoint, Route, bearer, credential, has_key};
use crate::gemini::fault::Fault;
use crate::ledger::Entry;
use crate::oauth::claude::Grant;
use crate::oauth::desk::Standing;
use crate::oauth::google;
use crate::refusal::Refusal;
use crate::script::Actor;
use crate::service::{Hub, Received};

/// Who a request is from.
#[derive(Debug, Default)]
pub(super) struct Caller<'a> {
    pub(super) token: Option<&'a str>,
    /// Whether the token came as a bearer token.
    pub(super) by_bearer: bool,
    /// The account that the token belongs to.
    pub(super) account: Option<String>,
    pub(super) scope: String,
    /// Why it is not let in.
    pub(super) refusal: Option<Refusal>,
    /// Whether the endpoint is open to all.
    open: bool,
}

impl Hub {
    /// Looks at a request's headers.
    pub(super) fn identify<'a>(
        &self,
        route: Option<&Route>,
        parts: &'a Parts,
        entry: &mut Entry,
    ) -> Caller<'a> {
        let token = credential(&parts.headers);
        let by_bearer = token.is_some() && token == bearer(&parts.headers);
        let mut caller = Caller { token, by_bearer, ..Caller::default() };
        let Some(route) = route else { return caller };
        if route.endpoint.is_open() {
            caller.open = true;
            return caller;
        }
        if route.endpoint.is_gemini_api() {
            caller.refusal = self.check_key(parts, by_bearer);
            return caller;
        }
        let google = route.endpoint.is_google_oauth();
        let desk = if google { &self.google } else { &self.claude };
        let bearer = token.filter(|_| by_bearer).and_then(|it| desk.bearer(it, self.clock.now_ms()));
        if let Some(bearer) = bearer {
            entry.belongs_to(&bearer.account);
            caller.refusal = match bearer.standing {
                Standing::Good if google => None,
                _ if google => {
                    Some(Refusal::fault(Fault::TokenInvalid).why(format!("{:?}", bearer.standing)))
                }
                standing => self.claude_standing(standing, parts),
            };
            caller.scope = bearer.scope;
            caller.account = Some(bearer.account);
        }
        caller
    }

    /// Google's keys belong into their header. One in the query is a client's own that was left over.
    fn check_key(&self, parts: &Parts, by_bearer: bool) -> Option<Refusal> {
        if has_key(parts.uri.query()) {
            return Some(Refusal::fault(Fault::KeyInvalid).why("a key in the query"));
        }
        let refused = by_bearer && !self.lenient;
        refused.then(|| Refusal::fault(Fault::TokenInvalid).why("a bearer token in place of a key"))
    }

    /// Looks at a token endpoint's body.
    pub(super) fn identify_by_body(
        &self,
        endpoint: Endpoint,
        body: &[u8],
        caller: &mut Caller<'_>,
        entry: &mut Entry,
    ) {
        let account = match endpoint {
            Endpoint::ClaudeToken => Grant::read(body).ok().and_then(|grant| {
                let by_code = self.claude.look_up(&grant.code).map(|code| code.account);
                by_code.or_else(|| self.claude.owner_of(&grant.refresh_token))
            }),
            Endpoint::GoogleToken => {
                let grant = google::Grant::read(body);
                let by_code = self.google.look_up(grant.get("code")).map(|code| code.account);
                by_code.or_else(|| self.google.owner_of(grant.get("refresh_token")))
            }
            _ => None,
        };
        if let Some(account) = account {
            entry.belongs_to(&account);
            caller.account = Some(account);
        }
    }

    /// What answers the caller at an endpoint; `None` if nobody knows the credential.
    pub(super) fn behaviour(&self, endpoint: Endpoint, caller: &Caller<'_>) -> Option<Arc<Behaviour>> {
        if caller.refusal.is_some() {
            // Who is not let in does not use up a script.
            return None;
        }
        let account = caller.account.as_deref();
        let token = caller.token.filter(|_| !caller.open);
        let actor = Actor { token, account, known: caller.open || account.is_some() };
        self.scripts.next(endpoint, actor)
    }

    /// The refusal of a credential that nobody knows.
    pub(super) fn unknown(&self, received: &Received<'_>) -> Refusal {
        if matches!(received.dialect, Dialect::Gemini | Dialect::Assist) {
            return self.unknown_to_google(received);
        }
        let refusal = Refusal::usual(StatusCode::UNAUTHORIZED).why("unknown credential");
        if received.caller.by_bearer { refusal.message("Invalid bearer token") } else { refusal }
    }

    fn claude_standing(&self, standing: Standing, parts: &Parts) -> Option<Refusal> {
        match standing {
            Standing::Expired => Some(Refusal::unauthorized(
                "OAuth token has expired. Please obtain a new token or refresh your existing token.",
            )),
            Standing::Revoked => Some(Refusal::unauthorized("OAuth token has been revoked.")),
            Standing::Good => self.check_oauth_flag(parts).err(),
        }
    }

    /// OAuth tokens need their beta flag.
    pub(super) fn check_oauth_flag(&self, parts: &Parts) -> Result<(), Refusal> {
        let lists = parts.headers.get_all("anthropic-beta");
        let mut flags = lists.iter().filter_map(|list| list.to_str().ok()).flat_map(|list| list.split(','));
        if flags.any(|flag| flag.trim() == "oauth-2025-04-20") {
            return Ok(());
        }
        let refusal = Refusal::unauthorized("OAuth authentication is currently not supported.");
        Err(refusal.why("anthropic-beta lacks oauth-2025-04-20"))
    }
}
