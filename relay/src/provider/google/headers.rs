//! Which headers pass, by allow lists in both directions (reference/gemini.md, sections 1 and 7).
//!
//! The client's own credential never goes up, whichever header or parameter held it, and no user agent is made up: the
//! client's own goes on as it came. The number of a client's installation is nobody's business upstream.

use http::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, VIA};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::provider::anthropic::headers::{codings, listed_in_connection, passes};
use crate::provider::credential::Credential;

const REQUEST_NAMES: [&str; 7] = [
    "accept",
    "accept-language",
    "content-type",
    "user-agent",
    "x-goog-api-client",
    "x-goog-request-params",
    "x-server-timeout",
];

const REPLY_NAMES: [&str; 8] = [
    "content-type",
    "content-length",
    "content-encoding",
    "cache-control",
    "retry-after",
    "server-timing",
    "x-gemini-service-tier",
    "vary",
];

const API_KEY: HeaderName = HeaderName::from_static("x-goog-api-key");

/// The headers of a request to upstream, from those of the client's and the account's credential.
///
/// `uncoded` says that the answer must come so: streams, and what will be taken apart. `via` names this install where
/// the address is not the provider's own.
pub fn request(
    client: &HeaderMap,
    credential: &Credential,
    uncoded: bool,
    via: Option<&HeaderValue>,
) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(12);
    let hop_by_hop = listed_in_connection(client);
    for (name, value) in client {
        let text = name.as_str();
        if passes(text, &REQUEST_NAMES, &[]) && !hop_by_hop.iter().any(|hop| hop == text) {
            headers.append(name, value.clone());
        }
    }
    match credential {
        Credential::None => {}
        Credential::ApiKey(value) => drop(headers.insert(API_KEY, value.clone())),
        Credential::Tokens(tokens) => drop(headers.insert(AUTHORIZATION, tokens.bearer.clone())),
    }
    headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT_ENCODING, codings(client, uncoded));
    if let Some(via) = via {
        headers.insert(VIA, via.clone());
    }
    headers
}

/// The headers of the reply to the client.
pub fn reply(upstream: &HeaderMap) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(8);
    let hop_by_hop = listed_in_connection(upstream);
    for (name, value) in upstream {
        let text = name.as_str();
        if passes(text, &REPLY_NAMES, &[]) && !hop_by_hop.iter().any(|hop| hop == text) {
            headers.append(name, value.clone());
        }
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::credential::Tokens;
    use crate::secret::Secret;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn nothing_of_the_clients_own_credential_goes_up() {
        let client = headers(&[
            ("x-goog-api-key", "cr_a"),
            ("authorization", "Bearer cr_a"),
            ("x-api-key", "cr_a"),
            ("api-key", "cr_a"),
            ("cookie", "cr_a"),
            ("x-gemini-api-privileged-user-id", "installation"),
            ("x-forwarded-for", "203.0.113.7"),
            ("user-agent", "GeminiCLI-tui/0.61.0/gemini-2.5-pro (linux; x64)"),
            ("x-goog-api-client", "google-genai-sdk/3.1"),
            ("content-type", "application/json"),
            ("accept-encoding", "gzip, compress"),
        ]);
        let key = Credential::ApiKey(HeaderValue::from_static("AIza-account"));

        let sent = request(&client, &key, false, None);

        let expected = headers(&[
            ("user-agent", "GeminiCLI-tui/0.61.0/gemini-2.5-pro (linux; x64)"),
            ("x-goog-api-client", "google-genai-sdk/3.1"),
            ("content-type", "application/json"),
            ("x-goog-api-key", "AIza-account"),
            ("accept-encoding", "gzip"),
        ]);
        assert_eq!(sent, expected);
    }

    #[test]
    fn a_sign_in_goes_as_a_bearer_and_its_answer_comes_uncoded() {
        let tokens = Credential::Tokens(Tokens {
            bearer: HeaderValue::from_static("Bearer ya29"),
            access: Secret::new("ya29"),
            refresh: None,
            ends_ms: None,
            issued_ms: 0,
            version: 1,
        });
        let via = HeaderValue::from_static("1.1 switchyard");

        let client = headers(&[("accept-encoding", "gzip")]);
        let sent = request(&client, &tokens, true, Some(&via));

        assert_eq!(
            sent,
            headers(&[
                ("authorization", "Bearer ya29"),
                ("content-type", "application/json"),
                ("accept-encoding", "identity"),
                ("via", "1.1 switchyard"),
            ])
        );
    }

    #[test]
    fn headers_that_the_connection_names_stay_on_it() {
        let client = headers(&[("connection", "x-goog-api-client"), ("x-goog-api-client", "sdk")]);

        let key = Credential::ApiKey(HeaderValue::from_static("k"));
        let sent = request(&client, &key, false, None);

        assert!(!sent.contains_key("x-goog-api-client"));
    }

    #[test]
    fn replies_lose_what_tells_of_the_account() {
        let upstream = headers(&[
            ("content-type", "application/json"),
            ("x-gemini-service-tier", "standard"),
            ("set-cookie", "a=b"),
            ("x-cloudaicompanion-trace-id", "t"),
            ("alt-svc", "h3"),
            ("retry-after", "5"),
        ]);

        let passed = reply(&upstream);

        assert_eq!(
            passed,
            headers(&[
                ("content-type", "application/json"),
                ("x-gemini-service-tier", "standard"),
                ("retry-after", "5"),
            ])
        );
    }
}
