//! The form in which a key is set: what its fields hold, as typed, and what that means.

#[cfg(feature = "ssr")]
mod read;
mod show;

use serde::{Deserialize, Serialize};

/// Stands before the id of a group, to tell it from an account's.
pub(crate) const GROUP: &str = "group:";

/// What a ticked box sends.
pub(crate) const TICKED: &str = "on";

/// What the fields hold, by their names. Whoever leaves one out leaves it empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeyForm {
    /// What the key is called.
    pub name: String,
    /// For people.
    pub note: String,
    /// Whose it is.
    pub owner: String,
    /// Set apart by commas.
    pub tags: String,
    /// What it is bound to: an account's id, or `group:` and a group's; empty for any account.
    pub account: String,
    /// Not empty if the form says what the key may do. Else a new key gets the install's usual limits.
    pub limited: String,
    /// A day or an instant when it ends; empty for never.
    pub expires: String,
    /// Days after its first use when it ends.
    pub expires_days: String,
    /// Not empty if it may use Claude.
    pub claude: String,
    /// Not empty if it may use Gemini.
    pub gemini: String,
    /// Models that it may ask for; empty for all.
    pub allowed: String,
    /// Models that it may not ask for.
    pub blocked: String,
    /// Calls at once.
    pub concurrency: String,
    /// Seconds that a call waits for a place.
    pub wait: String,
    /// Requests in a window.
    pub requests: String,
    /// That window, in minutes.
    pub requests_minutes: String,
    /// Tokens in a window.
    pub tokens: String,
    /// That window, in minutes.
    pub tokens_minutes: String,
    /// Tokens a day.
    pub tokens_day: String,
    /// Tokens a month.
    pub tokens_month: String,
    /// Tokens in total.
    pub tokens_total: String,
    /// Dollars a day.
    pub cost_day: String,
    /// Dollars a month.
    pub cost_month: String,
    /// Dollars in total.
    pub cost_total: String,
    /// Token counts and lists of models in a window.
    pub free: String,
    /// That window, in minutes.
    pub free_minutes: String,
    /// Other limits in words, one a line: `cost 5/month opus`.
    pub others: String,
    /// `normal`, `strict`, or empty for as the install has it.
    pub budget: String,
}
