//! What answers say about limits: `x-switchyard-limit-tokens-day: 1000000;used=1500;reserved=0;reset=1795564800`.
//!
//! An integer with parameters, as RFC 9651 writes them: the limit's size, then what is used and reserved, in requests,
//! tokens or nano-dollars; `reset` in seconds since 1970; `models` where it is for some of them only. Limits that
//! differ in their models alone come as several lines of one name.

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::model::limit::LimitUse;

const PREFIX: &str = "x-switchyard-limit-";

/// Adds a limit.
pub fn add(headers: &mut HeaderMap, usage: &LimitUse) {
    let mut value = format!("{};used={};reserved={}", usage.limit.most, usage.used, usage.reserved);
    if let Some(resets_ms) = usage.resets_ms {
        value += &format!(";reset={}", seconds(resets_ms));
    }
    if let Some(models) = &usage.limit.models {
        value += &format!(";models=\"{models}\"");
    }
    put(headers, &usage.limit.name(), &value);
}

/// Adds the limit on calls at once.
pub fn add_concurrency(headers: &mut HeaderMap, most: u32, active: u32) {
    put(headers, "concurrency", &format!("{most};used={active}"));
}

/// Adds the limit on free requests.
pub fn add_free(headers: &mut HeaderMap, most: u64, used: u64, resets_ms: Option<i64>) {
    let reset = resets_ms.map(|resets_ms| format!(";reset={}", seconds(resets_ms))).unwrap_or_default();
    put(headers, "free-requests", &format!("{most};used={used}{reset}"));
}

fn put(headers: &mut HeaderMap, name: &str, value: &str) {
    let name = HeaderName::try_from(format!("{PREFIX}{name}"));
    if let (Ok(name), Ok(value)) = (name, HeaderValue::try_from(value)) {
        headers.append(name, value);
    }
}

/// A client that waits until then finds the limit reset, so it is rounded up.
fn seconds(at_ms: i64) -> i64 {
    at_ms.div_euclid(1_000) + i64::from(at_ms.rem_euclid(1_000) > 0)
}
