//! What a key may do, and how much of it: the same for the form, the command line, the store and the road.

pub mod amount;
pub mod check;
pub mod pattern;
pub mod text;

use serde::{Deserialize, Serialize};

use super::account::Service;
use pattern::Pattern;

/// The bounds of one key. The default has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeyLimits {
    /// Whose models it may ask for; none named means all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<Service>,
    /// Models that it may ask for; none named means all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed_models: Vec<Pattern>,
    /// Models that it may not ask for, allowed or not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocked_models: Vec<Pattern>,
    /// When it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry: Option<Expiry>,
    /// Calls at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub concurrency: Option<Concurrency>,
    /// Requests, tokens and money by time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    /// Requests that cost nothing: token counts and lists of models. They count towards nothing else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_requests: Option<Rate>,
    /// How limits on tokens and money are kept; as the install keeps them if not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<Budget>,
}

impl KeyLimits {
    /// Whether calls need not be counted for it.
    pub fn counts_nothing(&self) -> bool {
        self.concurrency.is_none() && self.limits.is_empty()
    }

    /// The longest window in it, in minutes.
    pub fn longest_window(&self) -> Option<u32> {
        self.limits.iter().filter_map(|limit| limit.per.minutes()).max()
    }

    /// Whether a service may be used.
    pub fn allows_service(&self, service: Service) -> bool {
        self.services.is_empty() || self.services.contains(&service)
    }

    /// Whether a model may be asked for.
    pub fn allows_model(&self, model: &str) -> bool {
        let is_named = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.matches(model));
        let is_allowed = self.allowed_models.is_empty() || is_named(&self.allowed_models);
        is_allowed && !is_named(&self.blocked_models)
    }
}

/// When a key ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expiry {
    /// At that instant, milliseconds since 1970.
    At(i64),
    /// So many days, of 24 hours each, after its first use.
    DaysAfterFirstUse(u32),
}

impl Expiry {
    /// The instant, if it is known yet, milliseconds since 1970.
    pub fn instant_ms(self, first_used_ms: Option<i64>) -> Option<i64> {
        match self {
            Self::At(at_ms) => Some(at_ms),
            Self::DaysAfterFirstUse(days) => {
                first_used_ms.map(|first_ms| first_ms.saturating_add(i64::from(days) * DAY_MS))
            }
        }
    }
}

const DAY_MS: i64 = 86_400_000;

/// How many calls may be under way at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Concurrency {
    /// At most so many.
    pub most: u32,
    /// How long a call waits for another to end before it is refused, milliseconds.
    #[serde(default)]
    pub wait_ms: u32,
}

/// So many requests in each stretch of so many minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// At most so many.
    pub most: u64,
    /// The stretch.
    pub minutes: u32,
}

/// One bound on what is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// What is counted.
    pub measure: Measure,
    /// At most so much: requests, tokens of every class, or nano-dollars at list price.
    pub most: u64,
    /// The stretch of time.
    pub per: Per,
    /// Only for these models.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub models: Option<Pattern>,
}

impl Limit {
    /// Whether calls for a model count towards it.
    pub fn covers(&self, model: &str) -> bool {
        self.models.as_ref().is_none_or(|pattern| pattern.matches(model))
    }

    /// Whether the two bound the same thing; only how much may differ.
    pub fn is_same_kind(&self, other: &Self) -> bool {
        self.measure == other.measure && self.per == other.per && self.models == other.models
    }

    /// A short name in the words of the headers: `tokens-day`, `requests-60m`.
    pub fn name(&self) -> String {
        let per = match self.per {
            Per::Minutes(minutes) => format!("{minutes}m"),
            Per::Day => "day".to_owned(),
            Per::Month => "month".to_owned(),
            Per::Total => "total".to_owned(),
        };
        format!("{}-{per}", self.measure.name())
    }
}

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Calls that went to a provider.
    Requests,
    /// Tokens of every class, cache reads too.
    Tokens,
    /// Cost at list price.
    Cost,
}

impl Measure {
    /// Its name in JSON, in headers and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Tokens => "tokens",
            Self::Cost => "cost",
        }
    }
}

/// The stretch of time that a limit is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Any stretch of so many minutes: a sliding window.
    Minutes(u32),
    /// The day, in the configured time zone.
    Day,
    /// The month, in the configured time zone.
    Month,
    /// For good.
    Total,
}

impl Per {
    /// The length of a sliding window.
    pub fn minutes(self) -> Option<u32> {
        match self {
            Self::Minutes(minutes) => Some(minutes),
            Self::Day | Self::Month | Self::Total => None,
        }
    }
}

/// How limits on tokens and money are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Budget {
    /// A call reserves what it is likely to use.
    #[default]
    Normal,
    /// A call reserves the most that it can use, and is refused where nobody can tell how much that is.
    Strict,
}

/// How far a limit is used now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitUse {
    /// The limit.
    pub limit: Limit,
    /// Used, in the limit's measure.
    pub used: u64,
    /// Reserved by calls under way.
    pub reserved: u64,
    /// When it begins anew, milliseconds since 1970: the day's or month's end; of a window, when its oldest part leaves it.
    /// None for a total, and for a window in which nothing is and for which nothing is reserved.
    pub resets_ms: Option<i64>,
}

impl LimitUse {
    /// What is left.
    pub fn left(&self) -> u64 {
        self.limit.most.saturating_sub(self.used.saturating_add(self.reserved))
    }
}

/// How far a key's limits are used now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyUse {
    /// Calls under way that count towards the limit on them.
    pub active: u32,
    /// Calls that wait for one of these to end.
    pub waiting: u32,
    /// Each limit, in their order.
    pub limits: Vec<LimitUse>,
    /// Free requests in their window, where they have a limit.
    pub free_requests: Option<u64>,
}
