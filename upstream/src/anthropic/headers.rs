//! Owns the headers that come with every answer: the provider's own and the noise of its edge,
//! some of which a relay must not pass on.

use http::header::{HeaderMap, HeaderName, HeaderValue};

use crate::clock::rfc3339;

/// The id of the organisation that every upstream pretends to belong to.
const ORGANIZATION: &str = "6a339b5c-0f4b-4a6e-9d4f-2f5b8a1c7d3e";

/// Header sets made once and cloned for each answer.
pub(crate) struct Headers {
    bare: HeaderMap,
    key: HeaderMap,
    subscription: HeaderMap,
}

impl Headers {
    /// Makes them with limits that reset an hour from now, in unix seconds.
    pub(crate) fn new(now: i64) -> Self {
        Self {
            bare: noise(),
            key: with(noise(), key_limits(now)),
            subscription: with(noise(), subscription_limits(now)),
        }
    }

    /// The headers without limits, as they come with errors.
    pub(crate) fn bare(&self) -> HeaderMap {
        self.bare.clone()
    }

    /// The headers for an organisation, with its limits as names after `anthropic-ratelimit-unified-` and values.
    pub(crate) fn of_organization(&self, id: &str, limits: &[(String, String)]) -> HeaderMap {
        let mut headers = self.bare.clone();
        if let Ok(id) = id.parse() {
            headers.insert("anthropic-organization-id", id);
        }
        headers.extend(limits.iter().filter_map(|(name, value)| limit(&format!("unified-{name}"), value)));
        headers
    }

    /// The headers for a credential: a subscription's tokens have other limits than API keys.
    pub(crate) fn of(&self, token: Option<&str>) -> HeaderMap {
        let subscription = token.is_some_and(|token| token.starts_with("sk-ant-oat"));
        if subscription { self.subscription.clone() } else { self.key.clone() }
    }
}

fn with(mut headers: HeaderMap, more: Vec<(HeaderName, HeaderValue)>) -> HeaderMap {
    headers.extend(more);
    headers
}

fn noise() -> HeaderMap {
    HeaderMap::from_iter([
        (HeaderName::from_static("anthropic-organization-id"), HeaderValue::from_static(ORGANIZATION)),
        (HeaderName::from_static("server"), HeaderValue::from_static("cloudflare")),
        (HeaderName::from_static("cf-ray"), HeaderValue::from_static("9a3f0c5d7e1b2a48-FRA")),
        (HeaderName::from_static("via"), HeaderValue::from_static("1.1 google")),
        (
            HeaderName::from_static("strict-transport-security"),
            HeaderValue::from_static("max-age=31536000; includeSubDomains; preload"),
        ),
        (
            HeaderName::from_static("set-cookie"),
            HeaderValue::from_static("__cf_bm=not-for-your-clients; path=/; HttpOnly; Secure; SameSite=None"),
        ),
    ])
}

/// An API key's limits: RFC 3339 resets.
fn key_limits(now: i64) -> Vec<(HeaderName, HeaderValue)> {
    let reset = rfc3339(now + 3600);
    let limits =
        [("requests", 4000), ("tokens", 480_000), ("input-tokens", 400_000), ("output-tokens", 80_000)];
    limits
        .iter()
        .flat_map(|(what, limit)| {
            [
                (format!("{what}-limit"), limit.to_string()),
                (format!("{what}-remaining"), (limit - 1).to_string()),
                (format!("{what}-reset"), reset.clone()),
            ]
        })
        .filter_map(|(name, value)| limit(&name, &value))
        .collect()
}

/// A subscription's windows: resets in unix seconds.
fn subscription_limits(now: i64) -> Vec<(HeaderName, HeaderValue)> {
    let (five_hours, week) = ((now + 3600).to_string(), (now + 3 * 86_400).to_string());
    [
        ("unified-status", "allowed"),
        ("unified-representative-claim", "five_hour"),
        ("unified-reset", &five_hours),
        ("unified-5h-status", "allowed"),
        ("unified-5h-reset", &five_hours),
        ("unified-5h-utilization", "0.12"),
        ("unified-7d-status", "allowed"),
        ("unified-7d-reset", &week),
        ("unified-7d-utilization", "0.34"),
    ]
    .iter()
    .filter_map(|(name, value)| limit(name, value))
    .collect()
}

fn limit(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    let name = format!("anthropic-ratelimit-{name}").parse().ok()?;
    Some((name, value.parse().ok()?))
}
