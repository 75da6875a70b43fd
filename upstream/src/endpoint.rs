//! Owns the table of endpoints: which request is for which, and in whose words it is answered.
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
    /// `GET /o/oauth2/v2/auth`: Google's page.
    GoogleAuthorize,
    /// `POST /token`: Google's codes and refresh tokens.
    GoogleToken,
    /// `GET /oauth2/v2/userinfo`.
    GoogleUserinfo,
    /// `POST /{v1,v1beta,v1alpha}/models/{model}:generateContent` and `:streamGenerateContent`.
    Generate,
    /// `POST /{v1,…}/models/{model}:countTokens`.
    GeminiCount,
    /// `GET /{v1,…}/models` and `GET /{v1,…}/models/{model}`.
    GeminiModels,
    /// `POST /{v1,…}/models/{model}:embedContent` and `:batchEmbedContents`.
    Embed,
    /// `POST /v1internal:generateContent` and `:streamGenerateContent`.
    AssistGenerate,
    /// `POST /v1internal:countTokens`.
    AssistCount,
    /// `POST /v1internal:loadCodeAssist`.
    LoadCodeAssist,
    /// `POST /v1internal:onboardUser` and `GET /v1internal/operations/{id}`.
    OnboardUser,
    /// `POST /v1internal:retrieveUserQuota`.
    AssistQuota,
    /// Every other method of `/v1internal`.
    AssistOther,
}

/// Whose words an answer is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Anthropic's API.
    Anthropic,
    /// Anthropic's token endpoint.
    AnthropicToken,
    /// Google's token endpoint.
    GoogleToken,
    /// Google's APIs: bare messages.
    Gemini,
    /// Google's Code Assist: messages in a wrapper.
    Assist,
}

impl Endpoint {
    /// Those that make a model write something.
    pub(crate) const INFERENCE: [Self; 3] = [Self::Messages, Self::Generate, Self::AssistGenerate];

    pub(crate) fn dialect(self) -> Dialect {
        match self {
            Self::Messages | Self::CountTokens | Self::Models => Dialect::Anthropic,
            Self::ClaudeAuthorize | Self::ClaudeUsage | Self::ClaudeProfile => Dialect::Anthropic,
            Self::ClaudeToken => Dialect::AnthropicToken,
            Self::GoogleToken => Dialect::GoogleToken,
            Self::GoogleAuthorize | Self::GoogleUserinfo => Dialect::Gemini,
            Self::Generate | Self::GeminiCount | Self::GeminiModels | Self::Embed => Dialect::Gemini,
            Self::AssistGenerate | Self::AssistCount | Self::LoadCodeAssist => Dialect::Assist,
            Self::OnboardUser | Self::AssistQuota | Self::AssistOther => Dialect::Assist,
        }
    }

    /// Whether it makes a model write something.
    pub(crate) fn is_inference(self) -> bool {
        Self::INFERENCE.contains(&self)
    }

    /// Whether its body, and not a header, says whose it is.
    pub(crate) fn is_token(self) -> bool {
        matches!(self, Self::ClaudeToken | Self::GoogleToken)
    }

    /// Whether anybody may call it, without a credential.
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::ClaudeAuthorize | Self::GoogleAuthorize) || self.is_token()
    }

    /// Whether it takes Google's bearer tokens.
    pub(crate) fn is_google_oauth(self) -> bool {
        self == Self::GoogleUserinfo || self.dialect() == Dialect::Assist
    }

    /// Whether it takes Google's API keys.
    pub(crate) fn is_gemini_api(self) -> bool {
        matches!(self, Self::Generate | Self::GeminiCount | Self::GeminiModels | Self::Embed)
    }
}

/// Where a request goes.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) endpoint: Endpoint,
    /// The model or operation that the path names.
    pub(crate) subject: Option<String>,
    /// The method after the colon.
    pub(crate) verb: String,
}

impl Route {
    pub(crate) fn of(parts: &Parts) -> Option<Self> {
        let path = percent_decode_str(parts.uri.path()).decode_utf8_lossy();
        let plain = |endpoint| Self { endpoint, subject: None, verb: String::new() };
        plain_endpoint(&parts.method, &path, &parts.headers)
            .map(plain)
            .or_else(|| assist(&parts.method, &path))
            .or_else(|| gemini(&parts.method, &path, parts))
            .or_else(|| one_model(&parts.method, &path))
    }
}

fn plain_endpoint(method: &Method, path: &str, headers: &HeaderMap) -> Option<Endpoint> {
    Some(match (method, path) {
        (&Method::POST, "/v1/messages") => Endpoint::Messages,
        (&Method::POST, "/v1/messages/count_tokens") => Endpoint::CountTokens,
        (&Method::GET, "/v1/models") if headers.contains_key("anthropic-version") => Endpoint::Models,
        (&Method::GET, "/oauth/authorize") => Endpoint::ClaudeAuthorize,
        (&Method::POST, "/v1/oauth/token") => Endpoint::ClaudeToken,
        (&Method::GET, "/api/oauth/usage") => Endpoint::ClaudeUsage,
        (&Method::GET, "/api/oauth/profile") => Endpoint::ClaudeProfile,
        (&Method::GET, "/o/oauth2/v2/auth") => Endpoint::GoogleAuthorize,
        (&Method::POST, "/token") => Endpoint::GoogleToken,
        (&Method::GET, "/oauth2/v2/userinfo") => Endpoint::GoogleUserinfo,
        _ => return None,
    })
}

fn assist(method: &Method, path: &str) -> Option<Route> {
    let rest = path.strip_prefix("/v1internal")?;
    if let Some(operation) = rest.strip_prefix("/operations/").filter(|_| method == Method::GET) {
        let subject = Some(format!("operations/{operation}"));
        return Some(Route { endpoint: Endpoint::OnboardUser, subject, verb: String::new() });
    }
    let verb = rest.strip_prefix(':')?;
    let endpoint = match verb {
        "generateContent" | "streamGenerateContent" => Endpoint::AssistGenerate,
        "countTokens" => Endpoint::AssistCount,
        "loadCodeAssist" => Endpoint::LoadCodeAssist,
        "onboardUser" => Endpoint::OnboardUser,
        "retrieveUserQuota" => Endpoint::AssistQuota,
        _ => Endpoint::AssistOther,
    };
    Some(Route { endpoint, subject: None, verb: verb.to_owned() })
}

fn gemini(method: &Method, path: &str, parts: &Parts) -> Option<Route> {
    let (version, rest) = path.strip_prefix('/')?.split_once('/')?;
    if !matches!(version, "v1" | "v1beta" | "v1alpha") {
        return None;
    }
    if method == Method::GET {
        // Both providers list their models here: Google's clients show a key of Google's.
        let google_key = parts.headers.contains_key("x-goog-api-key") || has_key(parts.uri.query());
        let anthropic = version == "v1" && !google_key;
        let id = rest.strip_prefix("models").filter(|_| !anthropic)?;
        let subject = id.strip_prefix('/').map(str::to_owned);
        let route = Route { endpoint: Endpoint::GeminiModels, subject, verb: String::new() };
        return (id.is_empty() || id.starts_with('/')).then_some(route);
    }
    let (model, verb) =
        rest.strip_prefix("models/").or(rest.strip_prefix("tunedModels/"))?.rsplit_once(':')?;
    let endpoint = match verb {
        "generateContent" | "streamGenerateContent" => Endpoint::Generate,
        "countTokens" => Endpoint::GeminiCount,
        "embedContent" | "batchEmbedContents" => Endpoint::Embed,
        _ => return None,
    };
    let route = Route { endpoint, subject: Some(model.to_owned()), verb: verb.to_owned() };
    (method == Method::POST).then_some(route)
}

/// Whether a query has a key of Google's.
pub(crate) fn has_key(query: Option<&str>) -> bool {
    let query = query.unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "key")
}

/// Anthropic's models, where nothing says that Google's are meant.
fn one_model(method: &Method, path: &str) -> Option<Route> {
    let id = path.strip_prefix("/v1/models").filter(|_| method == Method::GET)?;
    let subject = id.strip_prefix('/').map(str::to_owned);
    let route = Route { endpoint: Endpoint::Models, subject, verb: String::new() };
    (id.is_empty() || id.starts_with('/')).then_some(route)
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
