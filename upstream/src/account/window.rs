//! Owns the windows in which a subscription is limited, and what use does to them.
//! Promises that a window fills by exactly its step per message and is empty after its reset.

use serde::{Deserialize, Serialize};

/// From this utilization on the provider warns.
const WARNING: f64 = 0.8;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// A window of a subscription's limits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// As in the headers: `5h`, `7d`; with a model family it counts only models with that word in their names:
    /// `7d_opus`.
    pub name: String,
    /// The fraction spent; from 1 on it refuses.
    #[serde(default)]
    pub utilization: f64,
    /// What a message adds.
    #[serde(default)]
    pub step: f64,
    /// When it is empty again, in unix seconds; 0 is its length after it is first looked at.
    #[serde(default)]
    pub resets_at: i64,
    /// The time from one reset to the next, in seconds; 0 is as the name says.
    #[serde(default)]
    pub length_seconds: i64,
}

impl Window {
    /// An empty window that no message fills; its length follows from its name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), utilization: 0.0, step: 0.0, resets_at: 0, length_seconds: 0 }
    }

    /// The same, spent so far.
    #[must_use]
    pub fn utilization(self, utilization: f64) -> Self {
        Self { utilization, ..self }
    }

    /// The same, with what a message adds.
    #[must_use]
    pub fn step(self, step: f64) -> Self {
        Self { step, ..self }
    }

    /// The same, empty again at this moment, in unix seconds.
    #[must_use]
    pub fn resets_at(self, unix_seconds: i64) -> Self {
        Self { resets_at: unix_seconds, ..self }
    }

    /// The name in words, as in claims and in the usage endpoint: `five_hour`, `seven_day_opus`.
    pub(crate) fn claim(&self) -> String {
        let (length, family) = self
            .name
            .split_once('_')
            .map_or((self.name.as_str(), None), |(length, family)| (length, Some(family)));
        let length = match length {
            "5h" => "five_hour",
            "7d" => "seven_day",
            other => other,
        };
        family.map_or_else(|| length.to_owned(), |family| format!("{length}_{family}"))
    }

    fn counts(&self, model: &str) -> bool {
        self.name.split_once('_').is_none_or(|(_, family)| model.contains(family))
    }

    fn is_spent(&self) -> bool {
        self.utilization >= 1.0
    }

    fn status(&self, was_spent: bool) -> &'static str {
        if was_spent {
            "rejected"
        } else if self.utilization >= WARNING {
            "allowed_warning"
        } else {
            "allowed"
        }
    }

    fn length(&self) -> i64 {
        if self.length_seconds > 0 {
            return self.length_seconds;
        }
        let digits = self.name.chars().take_while(char::is_ascii_digit).count();
        let (number, unit) = self.name.split_at(digits);
        let unit = if unit.starts_with('h') { HOUR } else { DAY };
        number.parse::<i64>().unwrap_or(7).saturating_mul(unit).max(1)
    }

    fn roll(&mut self, now: i64) {
        let length = self.length();
        if self.resets_at == 0 {
            self.resets_at = now.saturating_add(length);
        }
        if self.resets_at <= now {
            self.utilization = 0.0;
            let missed = (now - self.resets_at) / length + 1;
            self.resets_at = self.resets_at.saturating_add(missed.saturating_mul(length));
        }
    }
}

/// What the windows say to a message.
#[derive(Debug)]
pub(crate) struct Verdict {
    /// Seconds until the last of the spent windows is empty; `None` lets the message through.
    pub(crate) refused_for: Option<i64>,
    /// The headers' names, after `anthropic-ratelimit-unified-`, and values.
    pub(crate) headers: Vec<(String, String)>,
}

/// Brings windows up to the present.
pub(crate) fn roll(windows: &mut [Window], now: i64) {
    for window in windows {
        window.roll(now);
    }
}

/// Counts a message, unless a window that counts its model is spent.
pub(crate) fn spend(windows: &mut [Window], model: &str, now: i64) -> Verdict {
    roll(windows, now);
    let spent: Vec<bool> = windows.iter().map(Window::is_spent).collect();
    let refusing = windows.iter().filter(|window| window.is_spent() && window.counts(model));
    let refused_until = refusing.map(|window| window.resets_at).max();
    if refused_until.is_none() {
        for window in windows.iter_mut().filter(|window| window.counts(model)) {
            // Rounded, so that ten steps of a tenth are a whole.
            window.utilization = ((window.utilization + window.step) * 1e9).round() / 1e9;
        }
    }
    Verdict {
        refused_for: refused_until.map(|until| until - now),
        headers: headers(windows, &spent, model, refused_until),
    }
}

fn headers(
    windows: &[Window],
    spent: &[bool],
    model: &str,
    refused_until: Option<i64>,
) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    let counting = windows.iter().filter(|window| window.counts(model));
    let representative = match refused_until {
        Some(until) => windows.iter().find(|it| it.is_spent() && it.counts(model) && it.resets_at == until),
        None => counting.max_by(|one, other| one.utilization.total_cmp(&other.utilization)),
    };
    if let Some(window) = representative {
        headers.push(("status".to_owned(), window.status(refused_until.is_some()).to_owned()));
        headers.push(("representative-claim".to_owned(), window.claim()));
        headers.push(("reset".to_owned(), window.resets_at.to_string()));
    }
    for (window, spent) in windows.iter().zip(spent) {
        let name = &window.name;
        headers.push((format!("{name}-status"), window.status(*spent).to_owned()));
        headers.push((format!("{name}-reset"), window.resets_at.to_string()));
        headers.push((format!("{name}-utilization"), fraction(window.utilization)));
    }
    for (name, value) in [
        ("fallback", "available"),
        ("fallback-percentage", "0.5"),
        ("overage-status", "rejected"),
        ("overage-disabled-reason", "org_level_disabled"),
    ] {
        headers.push((name.to_owned(), value.to_owned()));
    }
    headers
}

/// Four digits after the point at most.
fn fraction(value: f64) -> String {
    let rounded = (value * 1e4).round() / 1e4;
    rounded.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_790_000_000;

    fn header<'a>(verdict: &'a Verdict, name: &str) -> Option<&'a str> {
        verdict.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    #[test]
    fn ten_steps_of_a_tenth_fill_a_window_until_its_reset() {
        let mut windows = [Window::new("5h").step(0.1).resets_at(NOW + 60)];
        for _ in 0..10 {
            assert_eq!(spend(&mut windows, "claude-x", NOW).refused_for, None);
        }

        let refused = spend(&mut windows, "claude-x", NOW);
        let after = spend(&mut windows, "claude-x", NOW + 60);

        assert_eq!(refused.refused_for, Some(60));
        assert_eq!(header(&refused, "5h-status"), Some("rejected"));
        assert_eq!((after.refused_for, header(&after, "5h-utilization")), (None, Some("0.1")));
        assert_eq!(header(&after, "reset"), Some((NOW + 60 + 5 * HOUR).to_string().as_str()));
    }

    #[test]
    fn a_family_s_window_refuses_that_family_alone() {
        let mut windows = [Window::new("5h").step(0.1), Window::new("7d_opus").utilization(1.0)];

        let opus = spend(&mut windows, "claude-opus-5", NOW);
        let haiku = spend(&mut windows, "claude-haiku-5", NOW);

        assert_eq!(opus.refused_for, Some(7 * DAY));
        assert_eq!(header(&opus, "representative-claim"), Some("seven_day_opus"));
        assert_eq!(header(&opus, "5h-status"), Some("allowed"));
        assert_eq!((haiku.refused_for, header(&haiku, "status")), (None, Some("allowed")));
        assert_eq!(header(&haiku, "7d_opus-status"), Some("rejected"));
    }
}
