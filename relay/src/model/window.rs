//! Windows: how much of an account's allowance is spent, and when it begins anew.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Which allowance. Headers and endpoints spell the same one differently (`7d_opus`, `seven_day_opus`); here it has
/// one name, and unknown ones are kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum WindowName {
    /// The five hours from the first call on.
    FiveHour,
    /// The week.
    SevenDay,
    /// Any other: a model family's week (`seven_day_opus`), or a Gemini model's own allowance (`gemini-2.5-pro`).
    Named(String),
}

/// What the provider makes of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WindowStatus {
    /// Room enough.
    Allowed,
    /// Nearly spent.
    AllowedWarning,
    /// Spent: calls are refused until it begins anew.
    Rejected,
}

/// What is known of one window at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowReading {
    /// Which one.
    pub window: WindowName,
    /// Spent part in basis points (10 000 is all of it); more than that happens. Nothing if it was not said.
    pub used: Option<u32>,
    /// When it begins anew, milliseconds since 1970.
    pub resets_ms: Option<i64>,
    /// What the provider makes of it, if it said so.
    pub status: Option<WindowStatus>,
}

/// How full a window was in an hour, at its fullest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowHour {
    /// Which one.
    pub window: WindowName,
    /// The hour's beginning, milliseconds since 1970.
    pub hour_ms: i64,
    /// Spent part in basis points.
    pub used: u32,
}

impl WindowName {
    /// Reads any of the spellings: `5h`, `five_hour`, `7d_opus`, `seven_day_opus`.
    pub fn from_name(name: &str) -> Self {
        let unified = [("5h", "five_hour"), ("7d", "seven_day")].into_iter().find_map(|(short, long)| {
            let rest = name.strip_prefix(short)?;
            (rest.is_empty() || rest.starts_with('_')).then(|| format!("{long}{rest}"))
        });
        match unified.as_deref().unwrap_or(name) {
            "five_hour" => Self::FiveHour,
            "seven_day" => Self::SevenDay,
            other => Self::Named(other.to_owned()),
        }
    }

    /// The one name (`five_hour`).
    pub fn as_str(&self) -> &str {
        match self {
            Self::FiveHour => "five_hour",
            Self::SevenDay => "seven_day",
            Self::Named(name) => name,
        }
    }

    /// How long it lasts, in hours. Gemini's allowances are by the day.
    pub fn hours(&self) -> u16 {
        match self {
            Self::FiveHour => 5,
            Self::SevenDay => 168,
            Self::Named(name) if name.starts_with("seven_day_") => 168,
            Self::Named(name) if name.starts_with("five_hour_") => 5,
            Self::Named(_) => 24,
        }
    }

    /// The model family that a Claude window is for (`opus`); nothing if it is for all of the account.
    pub fn family(&self) -> Option<&str> {
        let Self::Named(name) = self else { return None };
        name.strip_prefix("seven_day_").or_else(|| name.strip_prefix("five_hour_"))
    }
}

impl WindowStatus {
    /// The status of that name in the provider's words.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "allowed" => Some(Self::Allowed),
            "allowed_warning" => Some(Self::AllowedWarning),
            "rejected" => Some(Self::Rejected),
            _ => None,
        }
    }
}

impl From<String> for WindowName {
    fn from(name: String) -> Self {
        Self::from_name(&name)
    }
}

impl From<WindowName> for String {
    fn from(name: WindowName) -> Self {
        name.as_str().to_owned()
    }
}

impl fmt::Display for WindowName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_are_one_window() {
        for (header, endpoint) in [("5h", "five_hour"), ("7d", "seven_day"), ("7d_opus", "seven_day_opus")] {
            assert_eq!(WindowName::from_name(header), WindowName::from_name(endpoint));
            assert_eq!(WindowName::from_name(header).as_str(), endpoint);
        }
        assert_eq!(WindowName::from_name("7days").as_str(), "7days");
    }

    #[test]
    fn a_family_has_its_name() {
        assert_eq!(WindowName::from_name("7d_sonnet").family(), Some("sonnet"));
        assert_eq!(WindowName::from_name("7d").family(), None);
        assert_eq!(WindowName::from_name("gemini-2.5-pro").family(), None);
    }
}
