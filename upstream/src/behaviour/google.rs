//! Owns the errors of Google by name, with the details that clients read.

use std::time::Duration;

use crate::behaviour::{Behaviour, Content};
use crate::gemini::fault::Fault;
use crate::refusal::Said;

impl Behaviour {
    /// 429: the model's quota per minute is used up, and free again after this long (`RetryInfo`).
    #[must_use]
    pub fn quota_per_minute(delay: Duration) -> Self {
        Self::google(Fault::PerMinute(delay))
    }

    /// 429: the model's quota per day is used up; the `RetryInfo` says this long.
    #[must_use]
    pub fn quota_per_day(delay: Duration) -> Self {
        Self::google(Fault::PerDay(delay))
    }

    /// 429: the account has no quota for this model (`limit: 0`).
    #[must_use]
    pub fn quota_zero() -> Self {
        Self::google(Fault::LimitZero)
    }

    /// 429 with a list of reasons (`rateLimitExceeded`) and no details.
    #[must_use]
    pub fn quota_reasons() -> Self {
        Self::google(Fault::Reasons)
    }

    /// 400: the API key is none (`API_KEY_INVALID`).
    #[must_use]
    pub fn key_invalid() -> Self {
        Self::google(Fault::KeyInvalid)
    }

    /// 403: the API key was reported as leaked.
    #[must_use]
    pub fn key_leaked() -> Self {
        Self::google(Fault::KeyLeaked)
    }

    /// 403: the API is not enabled (`SERVICE_DISABLED`).
    #[must_use]
    pub fn service_disabled() -> Self {
        Self::google(Fault::ServiceDisabled)
    }

    /// 403: the person must visit this address first (`VALIDATION_REQUIRED`).
    #[must_use]
    pub fn validation_required(address: &str) -> Self {
        Self::google(Fault::ValidationRequired(address.to_owned()))
    }

    /// 403: the person has no licence (`SUBSCRIPTION_REQUIRED`).
    #[must_use]
    pub fn no_licence() -> Self {
        Self::google(Fault::NoLicence)
    }

    /// 403: the organisation's perimeter refuses (`SECURITY_POLICY_VIOLATED`).
    #[must_use]
    pub fn security_policy() -> Self {
        Self::google(Fault::SecurityPolicy)
    }

    /// 400: no free tier where the caller is (`FAILED_PRECONDITION`).
    #[must_use]
    pub fn region_unsupported() -> Self {
        Self::google(Fault::Region)
    }

    /// 429 of Code Assist: too fast (`RATE_LIMIT_EXCEEDED`).
    #[must_use]
    pub fn assist_rate_limited(delay: Duration) -> Self {
        Self::google(Fault::AssistRate(delay))
    }

    /// 429 of Code Assist: the quota is used up for this long (`QUOTA_EXHAUSTED`).
    #[must_use]
    pub fn assist_exhausted(delay: Duration) -> Self {
        Self::google(Fault::AssistExhausted(delay))
    }

    /// 429 of Code Assist: the model is full for everybody (`MODEL_CAPACITY_EXHAUSTED`).
    #[must_use]
    pub fn capacity_exhausted() -> Self {
        Self::google(Fault::AssistCapacity)
    }

    /// 429 of Code Assist: no paid credits are left (`INSUFFICIENT_G1_CREDITS_BALANCE`).
    #[must_use]
    pub fn credits_exhausted() -> Self {
        Self::google(Fault::AssistCredits)
    }

    fn google(fault: Fault) -> Self {
        let status = fault.status();
        Self::new(status, Content::Refusal(Said { fault: Some(Box::new(fault)), ..Said::default() }))
    }
}
