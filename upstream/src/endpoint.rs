//! Owns the table of endpoints: which request is for which, and whose words answer it.
//! Never looks at a body.

use http::request::Parts;
use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

/// The endpoints whose behaviour can be scripted. From outside they go by these names in `snake_case`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// `POST /v1/messages`.
    Messages,
    /// `POST /v1/messages/count_tokens`.
    CountTokens,
    /// `GET /v1/models` and `GET /v1/models/{id}`.
    Models,
    /// `GET /oauth/authorize`: the page where a person lets a client in.
    ClaudeAuthorize,
    /// `POST /v1/oauth/token`: codes and refresh tokens become access tokens.
    ClaudeToken,
    /// `GET /api/oauth/usage`.
    ClaudeUsage,
    /// `GET /api/oauth/profile`.
    ClaudeProfile,
}

/// Whose words an answer is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Anthropic's API.
    Anthropic,
    /// Anthropic's token endpoint.
    AnthropicToken,
}

impl Endpoint {
    pub(crate) fn dialect(self) -> Dialect {
        match self {
            Self::ClaudeToken => Dialect::AnthropicToken,
            _ => Dialect::Anthropic,
        }
    }

    /// Whether it makes a model write something.
    pub(crate) fn is_inference(self) -> bool {
        self == Self::Messages
    }

    /// Whether its body, and not a header, says whose it is.
    pub(crate) fn is_token(self) -> bool {
        self == Self::ClaudeToken
    }

    /// Whether anybody may call it, without a credential.
    pub(crate) fn is_open(self) -> bool {
        self == Self::ClaudeAuthorize
    }
}

/// Where a request goes.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) endpoint: Endpoint,
    /// The model, operation or method that the path names.
    pub(crate) subject: Option<String>,
}

impl Route {
    pub(crate) fn of(parts: &Parts) -> Option<Self> {
        let path = percent_decode_str(parts.uri.path()).decode_utf8_lossy();
        anthropic(&parts.method, &path)
    }
}

fn anthropic(method: &Method, path: &str) -> Option<Route> {
    let (endpoint, subject) = match (method, path) {
        (&Method::POST, "/v1/messages") => (Endpoint::Messages, None),
        (&Method::POST, "/v1/messages/count_tokens") => (Endpoint::CountTokens, None),
        (&Method::GET, "/v1/models") => (Endpoint::Models, None),
        (&Method::GET, "/oauth/authorize") => (Endpoint::ClaudeAuthorize, None),
        (&Method::POST, "/v1/oauth/token") => (Endpoint::ClaudeToken, None),
        (&Method::GET, "/api/oauth/usage") => (Endpoint::ClaudeUsage, None),
        (&Method::GET, "/api/oauth/profile") => (Endpoint::ClaudeProfile, None),
        (&Method::GET, path) => (Endpoint::Models, Some(path.strip_prefix("/v1/models/")?)),
        _ => return None,
    };
    Some(Route { endpoint, subject: subject.map(str::to_owned) })
}

/// The bearer token of a request.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(http::header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// The credential of a request: `x-api-key`, else `x-goog-api-key`, else the bearer token.
pub(crate) fn credential(headers: &HeaderMap) -> Option<&str> {
    let key = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    key("x-api-key").or_else(|| key("x-goog-api-key")).or_else(|| bearer(headers))
}
