//! Which headers pass, by allow lists in both directions (reference/anthropic.md, section 11).

use http::header::{ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, VIA};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::provider::credential::Credential;

const REQUEST_NAMES: [&str; 8] = [
    "accept",
    "accept-language",
    "content-type",
    "user-agent",
    "x-app",
    "x-client-request-id",
    "sec-fetch-mode",
    "idempotency-key",
];
const REQUEST_PREFIXES: [&str; 3] = ["anthropic-", "x-stainless-", "x-claude-code-"];

const REPLY_NAMES: [&str; 8] = [
    "content-type",
    "content-length",
    "content-encoding",
    "cache-control",
    "retry-after",
    "request-id",
    "retry-after-ms",
    "x-should-retry",
];
const RATE_LIMITS: [&str; 2] = ["anthropic-ratelimit-", "anthropic-priority-"];

/// Codings that the observer can read in a copy.
const READABLE: [&str; 5] = ["gzip", "deflate", "br", "zstd", "identity"];

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const VERSION: HeaderName = HeaderName::from_static("anthropic-version");
const BETA: HeaderName = HeaderName::from_static("anthropic-beta");
/// The beta that tokens of a sign-in need; with an API key it has no business.
const OAUTH_BETA: &str = "oauth-2025-04-20";

/// The headers of a request to upstream, from those of the client's and the account's credential.
///
/// `via` names this install where the address is not the provider's own, so that a relay pointed at itself notices.
pub fn request(
    client: &HeaderMap,
    credential: &Credential,
    stream: bool,
    via: Option<&HeaderValue>,
) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(24);
    let hop_by_hop = listed_in_connection(client);
    for (name, value) in client {
        let text = name.as_str();
        if passes(text, &REQUEST_NAMES, &REQUEST_PREFIXES) && !hop_by_hop.iter().any(|hop| hop == text) {
            headers.append(name, value.clone());
        }
    }
    match credential {
        Credential::None => {}
        Credential::ApiKey(key) => drop(headers.insert(API_KEY, key.clone())),
        Credential::Tokens(tokens) => drop(headers.insert(AUTHORIZATION, tokens.bearer.clone())),
    }
    headers.entry(VERSION).or_insert(HeaderValue::from_static("2023-06-01"));
    headers.insert(ACCEPT_ENCODING, codings(client, stream));
    oauth_beta(&mut headers, credential.tokens().is_some());
    if let Some(via) = via {
        headers.insert(VIA, via.clone());
    }
    headers
}

/// The headers of the reply to the client.
pub fn reply(upstream: &HeaderMap, rate_limits: bool) -> HeaderMap {
    let prefixes: &[&str] = if rate_limits { &RATE_LIMITS } else { &[] };
    let mut headers = HeaderMap::with_capacity(upstream.len() + 4);
    let hop_by_hop = listed_in_connection(upstream);
    for (name, value) in upstream {
        let text = name.as_str();
        if passes(text, &REPLY_NAMES, prefixes) && !hop_by_hop.iter().any(|hop| hop == text) {
            headers.append(name, value.clone());
        }
    }
    headers
}

pub(in crate::provider) fn passes(name: &str, names: &[&str], prefixes: &[&str]) -> bool {
    names.contains(&name) || prefixes.iter().any(|prefix| name.starts_with(prefix))
}

pub(in crate::provider) fn listed_in_connection(headers: &HeaderMap) -> Vec<String> {
    let lists = headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
    lists.flat_map(|list| list.split(',')).map(|name| name.trim().to_ascii_lowercase()).collect()
}

/// Streams come uncoded; for other calls the client's list, narrowed to what the observer can read.
pub(in crate::provider) fn codings(client: &HeaderMap, stream: bool) -> HeaderValue {
    let identity = HeaderValue::from_static("identity");
    if stream {
        return identity;
    }
    let lists = client.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let readable: Vec<_> = lists
        .flat_map(|list| list.split(','))
        .map(str::trim)
        .filter(|coding| {
            let name = coding.split(';').next().unwrap_or_default().trim();
            READABLE.iter().any(|readable| readable.eq_ignore_ascii_case(name))
        })
        .collect();
    if readable.is_empty() {
        identity
    } else {
        HeaderValue::from_str(&readable.join(", ")).unwrap_or(identity)
    }
}

/// Adds the beta behind the client's own where it is needed and missing; takes it out where it has no business. The
/// list is one line then: several mean the same, but not to everybody who reads them.
fn oauth_beta(headers: &mut HeaderMap, needed: bool) {
    let lines = || headers.get_all(&BETA).iter().filter_map(|value| value.to_str().ok());
    let is_there = lines().flat_map(|list| list.split(',')).any(|beta| beta.trim() == OAUTH_BETA);
    let list = match (needed, is_there) {
        (true, false) => {
            lines().filter(|line| !line.is_empty()).chain([OAUTH_BETA]).collect::<Vec<_>>().join(",")
        }
        (false, true) => {
            let betas = lines().flat_map(|list| list.split(',')).map(str::trim);
            betas.filter(|beta| *beta != OAUTH_BETA && !beta.is_empty()).collect::<Vec<_>>().join(",")
        }
        _ => return,
    };
    headers.remove(&BETA);
    if let Ok(value) = HeaderValue::from_str(&list)
        && !list.is_empty()
    {
        headers.insert(BETA, value);
    }
}
