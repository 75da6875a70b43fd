//! Owns errors as values: a status, and what is said with it, in the words of whoever answers.
//! Never decides whether something is refused.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};

use crate::anthropic::error;
use crate::endpoint::Dialect;
use crate::gemini::fault::{Fault, Words};
use crate::gemini::message::error_body;

/// Codes of RFC 6749, which token endpoints answer as `{"error": code}`.
const OAUTH_CODES: [&str; 7] = [
    "invalid_client",
    "invalid_grant",
    "invalid_request",
    "invalid_scope",
    "redirect_uri_mismatch",
    "unauthorized_client",
    "unsupported_grant_type",
];

/// What an error says; what is not given is the usual for its status.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    /// The type (Anthropic), code (OAuth) or status word (Google).
    pub(crate) kind: Option<String>,
    pub(crate) message: Option<String>,
    /// One of Google's, with its details.
    pub(crate) fault: Option<Box<Fault>>,
}

/// The request that an error answers.
#[derive(Clone, Copy)]
pub(crate) struct About<'a> {
    pub(crate) request_id: &'a str,
    pub(crate) model: &'a str,
    /// Whether the answer would have been an array.
    pub(crate) array: bool,
    pub(crate) now_seconds: i64,
}

impl Said {
    /// The body of the error.
    pub(crate) fn body(&self, dialect: Dialect, status: StatusCode, about: About<'_>) -> Bytes {
        match dialect {
            Dialect::Anthropic => self.anthropic(status, about),
            Dialect::AnthropicToken => self.anthropic_token(status, about),
            Dialect::GoogleToken => self.google_token(status),
            Dialect::Gemini | Dialect::Assist => self.google(status, about),
        }
    }

    fn google(&self, status: StatusCode, about: About<'_>) -> Bytes {
        let words = Words {
            fault: self.fault.as_deref(),
            kind: self.kind.as_deref(),
            message: self.message.as_deref(),
            model: about.model,
            now_seconds: about.now_seconds,
        };
        error_body(status, &words, about.array).into()
    }

    fn google_token(&self, status: StatusCode) -> Bytes {
        let code = self.oauth_code().unwrap_or(match status.as_u16() {
            401 => "invalid_client",
            429 => "rate_limit_exceeded",
            500.. => "internal_failure",
            _ => "invalid_request",
        });
        let usual =
            if code == "invalid_grant" { "Token has been expired or revoked." } else { "Bad Request" };
        bytes(&oauth(code, Some(self.message.as_deref().unwrap_or(usual))))
    }

    fn anthropic(&self, status: StatusCode, about: About<'_>) -> Bytes {
        let (kind, message) = error::usual(status);
        let kind = self.kind.as_deref().unwrap_or(kind);
        error::body(kind, self.message.as_deref().unwrap_or(message), about.request_id)
    }

    fn anthropic_token(&self, status: StatusCode, about: About<'_>) -> Bytes {
        if let Some(code) = self.oauth_code() {
            return bytes(&oauth(code, self.message.as_deref()));
        }
        if status == StatusCode::TOO_MANY_REQUESTS {
            let message = self.message.as_deref().unwrap_or("Rate limited. Please try again later.");
            return bytes(&json!({"error": {"type": "rate_limit_error", "message": message}}));
        }
        self.anthropic(status, about)
    }

    fn oauth_code(&self) -> Option<&str> {
        self.kind.as_deref().filter(|kind| OAUTH_CODES.contains(kind))
    }
}

fn oauth(code: &str, description: Option<&str>) -> Value {
    let description = description.unwrap_or("Refresh token not found or invalid");
    json!({"error": code, "error_description": description})
}

fn bytes(value: &Value) -> Bytes {
    value.to_string().into()
}

/// An error that the upstream answers by itself, without a script.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) said: Said,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// Why, for the books, where the message does not say.
    pub(crate) why: Option<String>,
}

impl Refusal {
    /// With what is usually said.
    pub(crate) fn usual(status: StatusCode) -> Self {
        Self { status, said: Said::default(), headers: Vec::new(), why: None }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::usual(StatusCode::BAD_REQUEST).message(message)
    }

    pub(crate) fn unauthorized(message: impl Into<String>) -> Self {
        Self::usual(StatusCode::UNAUTHORIZED).message(message)
    }

    /// One of Google's.
    pub(crate) fn fault(fault: Fault) -> Self {
        let mut refusal = Self::usual(fault.status());
        refusal.said.fault = Some(Box::new(fault));
        refusal
    }

    /// An error of a token endpoint.
    pub(crate) fn oauth(status: StatusCode, code: &str, description: impl Into<String>) -> Self {
        let refusal = Self::usual(status).message(description);
        refusal.kind(code)
    }

    pub(crate) fn message(mut self, message: impl Into<String>) -> Self {
        self.said.message = Some(message.into());
        self
    }

    pub(crate) fn kind(mut self, kind: &str) -> Self {
        self.said.kind = Some(kind.to_owned());
        self
    }

    pub(crate) fn why(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    /// The reason for the books.
    pub(crate) fn reason(&self) -> String {
        let fault = || self.said.fault.as_ref().map(|fault| format!("{fault:?}"));
        let said = || self.said.message.clone().or_else(|| self.said.kind.clone()).or_else(fault);
        self.why.clone().or_else(said).unwrap_or_else(|| self.status.to_string())
    }
}
