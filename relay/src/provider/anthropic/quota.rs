//! How much of a Claude account's windows is spent: from the headers that come free with every answer, and from the
//! usage endpoint, which must be asked seldom (reference/anthropic.md, sections 8.2 and 13).

use http::HeaderMap;
use jiff::Timestamp;

use super::profile::BETA;
use crate::config::Anthropic;
use crate::model::window::{WindowName, WindowReading, WindowStatus};
use crate::provider::probe::{ProbeError, text};
use crate::secret::Secret;
use crate::wire::lenient;

const UNIFIED: &str = "anthropic-ratelimit-unified-";
/// Basis points in one percent, and in all of it.
const PERCENT: f64 = 100.0;
const ALL: f64 = 10_000.0;

/// Asks the usage endpoint. It needs the scope `user:profile`, is limited hard, and may be asked every few minutes at
/// most; after [`ProbeError::Limited`] not before the wait is over.
///
/// # Errors
/// See [`ProbeError`].
pub async fn usage(
    client: &reqwest::Client,
    config: &Anthropic,
    access: &Secret,
) -> Result<Vec<WindowReading>, ProbeError> {
    let url = format!("{}/api/oauth/usage", config.api_url);
    let json = text(client.get(url).header(BETA.0, BETA.1), access).await?;
    read(&json).ok_or(ProbeError::Unreadable("it is no object"))
}

/// The windows in a reply's headers; none for accounts that are API keys.
pub fn readings(headers: &HeaderMap) -> Vec<WindowReading> {
    let mut found: Vec<WindowReading> = Vec::new();
    for name in headers.keys() {
        let Some(window) = window_of(name.as_str()) else { continue };
        let name = WindowName::from_name(window);
        if found.iter().all(|reading| reading.window != name) {
            found.push(reading(headers, &format!("{UNIFIED}{window}-"), name));
        }
    }
    // The window that decides may be named only in sum.
    if let Some(claim) = value(headers, &format!("{UNIFIED}representative-claim")) {
        let name = WindowName::from_name(claim);
        if found.iter().all(|reading| reading.window != name) {
            found.push(reading(headers, UNIFIED, name));
        }
    }
    found.retain(|reading| reading.used.is_some() || reading.status.is_some() || reading.resets_ms.is_some());
    found
}

/// The middle of `anthropic-ratelimit-unified-5h-reset`. Paid extra usage is no window: it refuses most accounts always.
fn window_of(header: &str) -> Option<&str> {
    let (window, field) = header.strip_prefix(UNIFIED)?.rsplit_once('-')?;
    let is_field = matches!(field, "status" | "reset" | "utilization");
    (is_field && !window.starts_with("overage")).then_some(window)
}

fn reading(headers: &HeaderMap, prefix: &str, window: WindowName) -> WindowReading {
    let field = |name: &str| value(headers, &format!("{prefix}{name}"));
    WindowReading {
        window,
        used: field("utilization")
            .and_then(|text| text.parse().ok())
            .and_then(|part: f64| points(part * ALL)),
        resets_ms: field("reset").and_then(instant),
        status: field("status").and_then(WindowStatus::from_name),
    }
}

fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// Every member that looks like a window, whatever its name. Nothing if the text is no whole object.
fn read(json: &str) -> Option<Vec<WindowReading>> {
    let mut found = Vec::new();
    let whole = lenient::members(json, |name, value| {
        let name = String::from_utf8_lossy(name);
        let is_other = lenient::find(value, &["is_enabled"]).is_some();
        let used = lenient::find(value, &["utilization"]).and_then(|json| json.parse().ok());
        if let Some(used) = used.and_then(|percent: f64| points(percent * PERCENT)).filter(|_| !is_other) {
            let resets = lenient::find(value, &["resets_at"]).and_then(lenient::text);
            found.push(WindowReading {
                window: WindowName::from_name(&name),
                used: Some(used),
                resets_ms: resets.as_deref().and_then(instant),
                status: None,
            });
        }
    });
    whole.then_some(found)
}

/// Basis points of what a provider reckons in floats; nothing if it is no number that a window can have.
fn points(points: f64) -> Option<u32> {
    let points = points.round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range was just looked at"
    )]
    (points >= 0.0 && points < f64::from(u32::MAX)).then_some(points as u32)
}

/// Seconds since 1970, or RFC 3339; in milliseconds.
fn instant(text: &str) -> Option<i64> {
    match text.parse::<i64>() {
        Ok(seconds) => seconds.checked_mul(1000),
        Err(_) => Some(text.parse::<Timestamp>().ok()?.as_millisecond()),
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let name = |name: &str| HeaderName::try_from(format!("{UNIFIED}{name}")).unwrap();
        pairs.iter().map(|(key, value)| (name(key), HeaderValue::from_static(value))).collect()
    }

    fn window(
        name: &str,
        used: Option<u32>,
        resets_ms: Option<i64>,
        status: Option<WindowStatus>,
    ) -> WindowReading {
        WindowReading { window: WindowName::from_name(name), used, resets_ms, status }
    }

    #[test]
    fn headers_give_every_window_once() {
        let mut found = readings(&headers(&[
            ("status", "rejected"),
            ("representative-claim", "five_hour"),
            ("reset", "1790134200"),
            ("5h-status", "rejected"),
            ("5h-reset", "1790134200"),
            ("5h-utilization", "1.02"),
            ("7d-status", "allowed_warning"),
            ("7d-reset", "2026-09-24T01:00:00Z"),
            ("7d-utilization", "0.425"),
            ("7d_opus-utilization", "0.5"),
            ("overage-status", "rejected"),
            ("overage-reset", "1790211600"),
            ("fallback-percentage", "0.5"),
        ]));

        found.sort_by(|one, other| one.window.cmp(&other.window));

        assert_eq!(
            found,
            [
                window("five_hour", Some(10_200), Some(1_790_134_200_000), Some(WindowStatus::Rejected)),
                window("seven_day", Some(4_250), Some(1_790_211_600_000), Some(WindowStatus::AllowedWarning)),
                window("seven_day_opus", Some(5_000), None, None),
            ]
        );
    }

    #[test]
    fn a_window_named_only_in_sum_is_found() {
        let found = readings(&headers(&[
            ("status", "rejected"),
            ("representative-claim", "seven_day_sonnet"),
            ("reset", "1790134200"),
        ]));

        assert_eq!(
            found,
            [window("seven_day_sonnet", None, Some(1_790_134_200_000), Some(WindowStatus::Rejected))]
        );
    }

    #[test]
    fn headers_of_other_kinds_give_none() {
        assert!(readings(&HeaderMap::new()).is_empty());
        assert!(readings(&headers(&[("reset", "1790134200"), ("overage-status", "rejected")])).is_empty());
        assert!(
            readings(&headers(&[("5h-status", "odd"), ("5h-reset", "soon"), ("5h-utilization", "NaN")]))
                .is_empty()
        );
    }

    #[test]
    fn the_endpoint_counts_in_percent_and_unknown_windows_are_kept() {
        let json = r#"{
            "five_hour": {"utilization": 37.0, "resets_at": "2026-03-10T04:59:59.000000+00:00"},
            "seven_day": {"utilization": 104.25, "resets_at": null},
            "seven_day_opus": null,
            "seven_day_oauth_apps": {"utilization": 1, "resets_at": "nonsense"},
            "extra_usage": {"is_enabled": false, "monthly_limit": null, "utilization": 3.0},
            "limits": [{"utilization": 5}],
            "spend": {"amount": 5}
        }"#;

        assert_eq!(
            read(json).unwrap(),
            [
                window("five_hour", Some(3_700), Some(1_773_118_799_000), None),
                window("seven_day", Some(10_425), None, None),
                window("seven_day_oauth_apps", Some(100), None, None),
            ]
        );
        assert_eq!(read("[]"), None);
    }
}
