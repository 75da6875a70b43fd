//! Owns the page on which a person lets a client in: what it demands of its address, and the code that it gives.
//! Promises that the page and a test's own way to a code ([`authorize`]) check the same.

use std::time::Duration;

use serde::Serialize;
use url::{Host, Url};

use crate::oauth::desk::Code;
use crate::oauth::page;

/// What a provider demands of an authorize request.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub(crate) client_id: String,
    /// Redirect addresses that are allowed besides those of this machine.
    pub(crate) redirects: &'static [&'static str],
    /// Scopes that may be asked for; nothing allows any.
    pub(crate) scopes: &'static [&'static str],
    pub(crate) demands_state: bool,
    /// Whether clients on this machine may leave the challenge out.
    pub(crate) demands_challenge: bool,
}

/// A code, as it can be handed to a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Authorized {
    /// Who signed in.
    pub account: String,
    /// The code alone.
    pub code: String,
    /// The state that the request had.
    pub state: String,
    /// What the page shows to copy: for Claude `CODE#STATE`, for Google the code.
    pub shown: String,
    /// The whole redirect address.
    pub address: String,
}

/// An authorize request whose every part is as it must be.
#[derive(Debug)]
pub(crate) struct Request {
    redirect_uri: Url,
    /// As it was spelled: it is compared byte for byte.
    redirect_text: String,
    scope: String,
    challenge: Option<String>,
    state: String,
    /// Who is to sign in, where the address says.
    pub(crate) account: Option<String>,
    /// Whether the person refuses.
    pub(crate) denies: bool,
    /// Whether the client wants access while the person is away.
    pub(crate) is_offline: bool,
    /// Whether the person is asked to consent anew.
    pub(crate) consents: bool,
}

impl Request {
    /// Reads the query; the error says which part is wrong.
    pub(crate) fn read(query: &str, rules: &Rules) -> Result<Self, String> {
        let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let get = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let demand = |name: &str| {
            get(name).filter(|value| !value.is_empty()).ok_or_else(|| format!("{name} is missing"))
        };
        expect("response_type", &demand("response_type")?, "code")?;
        expect("client_id", &demand("client_id")?, &rules.client_id)?;
        let redirect_text = demand("redirect_uri")?;
        let redirect_uri = redirect(&redirect_text, rules)?;
        let scope = demand("scope")?;
        let known = |scope: &str| rules.scopes.is_empty() || rules.scopes.contains(&scope);
        if let Some(unknown) = scope.split(' ').find(|scope| !known(scope)) {
            return Err(format!("scope {unknown} is unknown"));
        }
        let state = if rules.demands_state { demand("state")? } else { get("state").unwrap_or_default() };
        let challenge = match get("code_challenge") {
            None if !rules.demands_challenge && is_here(&redirect_uri) => None,
            _ => Some(challenge(&demand("code_challenge")?, &demand("code_challenge_method")?)?),
        };
        let (account, denies) = (get("account"), get("deny").is_some());
        let is_offline = get("access_type").is_some_and(|kind| kind == "offline");
        let consents = get("prompt").is_some_and(|prompt| prompt.split(' ').any(|word| word == "consent"));
        Ok(Self {
            redirect_uri,
            redirect_text,
            scope,
            challenge,
            state,
            account,
            denies,
            is_offline,
            consents,
        })
    }

    /// The code to give out for an account.
    pub(crate) fn code(&self, account: &str, now_ms: i64, life_seconds: u64) -> Code {
        let life = i64::try_from(Duration::from_secs(life_seconds).as_millis()).unwrap_or(i64::MAX);
        Code {
            account: account.to_owned(),
            redirect_uri: self.redirect_text.clone(),
            scope: self.scope.clone(),
            challenge: self.challenge.clone(),
            state: self.state.clone(),
            refreshable: true,
            expires_ms: now_ms.saturating_add(life),
        }
    }

    /// The code as it is handed over.
    pub(crate) fn authorized(&self, account: &str, code: String, with_state: bool) -> Authorized {
        let address = self.address(&[("code", &code), ("state", &self.state), ("scope", &self.scope)]);
        let shown = if with_state { format!("{code}#{}", self.state) } else { code.clone() };
        Authorized { account: account.to_owned(), code, state: self.state.clone(), shown, address }
    }

    /// The redirect address of a refusal.
    pub(crate) fn denied(&self) -> String {
        self.address(&[("error", "access_denied"), ("state", &self.state)])
    }

    fn address(&self, pairs: &[(&str, &str)]) -> String {
        let mut address = self.redirect_uri.clone();
        address.query_pairs_mut().extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
        address.into()
    }
}

/// The page that shows a code.
pub(crate) fn page(authorized: &Authorized, query: &str, accounts: &[String]) -> String {
    page::authorized(authorized, query, accounts)
}

/// The page of a request that is not as it must be.
pub(crate) fn refused(message: &str) -> String {
    page::refused(message)
}

/// The page of a person who refuses.
pub(crate) fn denied(address: &str) -> String {
    page::denied(address)
}

fn expect(name: &str, value: &str, expected: &str) -> Result<(), String> {
    if value == expected { Ok(()) } else { Err(format!("{name} is {value}, not {expected}")) }
}

fn redirect(text: &str, rules: &Rules) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("redirect_uri is no address: {error}"))?;
    if is_here(&url) || rules.redirects.contains(&text) {
        return Ok(url);
    }
    Err(format!("redirect_uri {text} is not registered for this client"))
}

/// Whether an address is on this machine, at any port.
fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// S256: 43 characters of base64url.
fn challenge(text: &str, method: &str) -> Result<String, String> {
    expect("code_challenge_method", method, "S256")?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if text.len() != 43 || !text.bytes().all(plain) {
        return Err("code_challenge is not base64url of a SHA-256".to_owned());
    }
    Ok(text.to_owned())
}
