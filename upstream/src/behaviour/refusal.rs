//! Owns the errors of the provider by name, with the messages that it is known to use
//! (reference: the provider's error table; texts of blocked and spent accounts as published).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::StatusCode;

use crate::behaviour::{Behaviour, Content};
use crate::refusal::Said;

impl Behaviour {
    /// An error with this status, and the type and message that the endpoint's provider uses with it.
    ///
    /// # Panics
    /// When the status is none of HTTP's.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a test writes it: a bad status is its own mistake")]
    pub fn status(status: u16) -> Self {
        let status = StatusCode::from_u16(status).expect("a status");
        Self::new(status, Content::Refusal(Said::default()))
    }

    /// Another message for the error.
    #[must_use]
    pub fn message(mut self, text: &str) -> Self {
        if let Content::Refusal(said) = &mut self.content {
            said.message = Some(text.to_owned());
        }
        self
    }

    /// Another type for the error.
    #[must_use]
    pub fn error_type(mut self, name: &str) -> Self {
        if let Content::Refusal(said) = &mut self.content {
            said.kind = Some(name.to_owned());
        }
        self
    }

    /// 429 of an API key's limit per minute, with `retry-after`.
    #[must_use]
    pub fn rate_limited(retry_after_seconds: u64) -> Self {
        Self::status(429).header("retry-after", &retry_after_seconds.to_string())
    }

    /// 429 of a subscription whose five-hour window is spent for another `left`.
    #[must_use]
    pub fn window_spent(left: Duration) -> Self {
        let reset = unix_seconds(left).to_string();
        let week = unix_seconds(left + Duration::from_secs(3 * 86_400)).to_string();
        let mut behaviour = Self::rate_limited(left.as_secs());
        for (name, value) in [
            ("status", "rejected"),
            ("representative-claim", "five_hour"),
            ("reset", &reset),
            ("5h-status", "rejected"),
            ("5h-reset", &reset),
            ("5h-utilization", "1.02"),
            ("7d-status", "allowed"),
            ("7d-reset", &week),
            ("7d-utilization", "0.42"),
        ] {
            behaviour = behaviour.header(&format!("anthropic-ratelimit-unified-{name}"), value);
        }
        behaviour
    }

    /// 429 that asks for paid extra usage: a matter of the request, not of the account.
    #[must_use]
    pub fn extra_usage_required() -> Self {
        Self::status(429).message("Extra usage is required for long context requests.")
    }

    /// 529.
    #[must_use]
    pub fn overloaded() -> Self {
        Self::status(529)
    }

    /// 401 of a wrong or revoked credential.
    #[must_use]
    pub fn unauthorized() -> Self {
        Self::status(401)
    }

    /// 400 of a token endpoint: the code or the refresh token is worth nothing.
    #[must_use]
    pub fn invalid_grant() -> Self {
        Self::status(400).error_type("invalid_grant")
    }

    /// 400 of an organisation that is gone.
    #[must_use]
    pub fn organization_disabled() -> Self {
        Self::status(400).message("This organization has been disabled.")
    }

    /// 400 of an account without credit.
    #[must_use]
    pub fn credit_too_low() -> Self {
        Self::status(400).message(
            "Your credit balance is too low to access the Anthropic API. \
             Please go to Plans & Billing to upgrade or purchase credits.",
        )
    }

    /// 403 of an organisation that may not use OAuth.
    #[must_use]
    pub fn oauth_not_allowed() -> Self {
        Self::status(403).message("OAuth authentication is currently not allowed for this organization.")
    }

    /// 403 with a web page: the network's edge refuses.
    #[must_use]
    pub fn edge_refusal() -> Self {
        let mut page = Self::html();
        page.status = StatusCode::FORBIDDEN;
        page
    }
}

/// Unix seconds, `ahead` from now.
fn unix_seconds(ahead: Duration) -> u64 {
    (SystemTime::now() + ahead).duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
