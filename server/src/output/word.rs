//! Values in words.

use relay::clock::Clock;
use relay::model::account::AccountState;
use relay::model::money::Nanodollars;

/// `enabled` or `disabled`.
pub(super) fn enabled(enabled: bool) -> &'static str {
    if enabled { "enabled" } else { "disabled" }
}

/// Whether an account can serve.
pub(super) fn state(state: &AccountState) -> String {
    match state {
        AccountState::Able => "able to serve".to_owned(),
        AccountState::Cooling { until_ms, cause } => format!("resting until {}: {cause}", instant(*until_ms)),
        AccountState::Parked { cause, .. } => format!("waits for you: {cause}"),
        AccountState::NeedsSignIn { cause, .. } => format!("needs a new sign-in: {cause}"),
        AccountState::Paused { since_ms } => format!("paused since {}", instant(*since_ms)),
    }
}

/// An instant to the second, in UTC.
pub(super) fn instant(at_ms: i64) -> String {
    let text = Clock::rfc3339(at_ms);
    text.split_once('.').map_or(text.clone(), |(seconds, _)| format!("{}Z", seconds.replace('T', " ")))
}

/// `$1.2345`.
pub(super) fn dollars(amount: Nanodollars) -> String {
    format!("${:.4}", amount.as_dollars())
}

/// `2 d 3 h`, `5 min 12 s`: the two largest parts.
pub(super) fn duration(seconds: u64) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let mut rest = seconds;
    let parts = UNITS.map(|(size, unit)| {
        let count = rest / size;
        rest %= size;
        (count, unit)
    });
    let first = parts.iter().position(|(count, _)| *count > 0).unwrap_or(UNITS.len() - 1);
    let shown = parts.iter().skip(first).take(2).filter(|(count, _)| *count > 0);
    let text = shown.map(|(count, unit)| format!("{count} {unit}")).collect::<Vec<_>>().join(" ");
    if text.is_empty() { "0 s".to_owned() } else { text }
}
