//! A limit that a call does not fit under: what the client is told.

use std::fmt;
use std::time::Duration;

use http::HeaderMap;

use super::header;
use crate::clock::Clock;
use crate::model::limit::text::amount;
use crate::model::limit::{LimitUse, Measure, Per};

/// Waiting longer than this is no business of a client's retry loop.
const LONG_WAIT: Duration = Duration::from_secs(60);
/// When to come back for what calls under way hold.
const SOON: Duration = Duration::from_secs(1);

/// Whether a call fits under a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It does.
    Now,
    /// Once calls under way have ended.
    Soon,
    /// At that instant, milliseconds since 1970.
    At(i64),
    /// Not before the limit is changed.
    Never,
}

/// A limit that a call does not fit under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exceeded {
    /// Which, and how far it is used.
    pub which: Which,
    /// When the call would fit.
    pub fit: Fit,
    /// When it was decided, milliseconds since 1970.
    pub now_ms: i64,
}

/// Which limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// One on what is used, and what the call needs of it.
    Limit {
        /// How far it is used.
        usage: LimitUse,
        /// What the call needs.
        needed: u64,
    },
    /// Calls at once.
    Concurrency {
        /// At most so many.
        most: u32,
        /// So many are under way.
        active: u32,
        /// So long it waited, milliseconds.
        waited_ms: u32,
    },
    /// Token counts and lists of models.
    Free {
        /// At most so many.
        most: u64,
        /// In so many minutes.
        minutes: u32,
        /// So many were.
        used: u64,
        /// When the oldest of them leaves the window, milliseconds since 1970.
        resets_ms: Option<i64>,
    },
}

impl Exceeded {
    /// After how long it may come again; none if it need not.
    pub fn retry_after(&self) -> Option<Duration> {
        match self.fit {
            Fit::Now | Fit::Soon => Some(SOON),
            Fit::At(at_ms) => {
                Some(Duration::from_millis(u64::try_from(at_ms - self.now_ms).unwrap_or(0)).max(SOON))
            }
            Fit::Never => None,
        }
    }

    /// Says in headers how far the limit is used.
    pub fn tell(&self, headers: &mut HeaderMap) {
        match &self.which {
            Which::Limit { usage, .. } => header::add(headers, usage),
            Which::Concurrency { most, active, .. } => header::add_concurrency(headers, *most, *active),
            Which::Free { most, used, resets_ms, .. } => header::add_free(headers, *most, *used, *resets_ms),
        }
    }

    /// Whether a client should try again by itself: not for a budget that is used up, and not after a long wait.
    pub fn may_retry(&self) -> bool {
        let is_budget =
            matches!(&self.which, Which::Limit { usage, .. } if usage.limit.per.minutes().is_none());
        match self.fit {
            Fit::Now | Fit::Soon => true,
            Fit::At(_) => !is_budget && self.retry_after().is_some_and(|wait| wait <= LONG_WAIT),
            Fit::Never => false,
        }
    }
}

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.which {
            Which::Limit { usage, needed } => self.tell_limit(f, usage, *needed),
            Which::Concurrency { most, active, waited_ms } => {
                write!(f, "this key's limit on calls at once ({most}) is reached: {active} under way")?;
                if *waited_ms > 0 { write!(f, ", after waiting for {waited_ms} ms") } else { Ok(()) }
            }
            Which::Free { most, minutes, used, .. } => {
                let per = Per::Minutes(*minutes);
                let most = amount(Measure::Requests, *most);
                write!(
                    f,
                    "this key's limit on token counts and lists of models ({most} {per}) is reached: {used} used"
                )?;
                self.tell_fit(f)
            }
        }
    }
}

impl Exceeded {
    fn tell_limit(&self, f: &mut fmt::Formatter<'_>, usage: &LimitUse, needed: u64) -> fmt::Result {
        let measure = usage.limit.measure;
        let is_reached = usage.used >= usage.limit.most;
        let what = if is_reached { "is used up" } else { "has no room for this call" };
        write!(f, "this key's limit of {} {what}: {} used", usage.limit, amount(measure, usage.used))?;
        if usage.reserved > 0 {
            write!(f, ", {} reserved by calls under way", amount(measure, usage.reserved))?;
        }
        if measure != Measure::Requests {
            write!(f, ", this call may need {}", amount(measure, needed))?;
        }
        match (self.fit, usage.resets_ms) {
            (Fit::Never, Some(resets_ms)) => write!(f, "; the limit resets at {}", Clock::rfc3339(resets_ms)),
            _ => self.tell_fit(f),
        }
    }

    fn tell_fit(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.fit {
            Fit::At(at_ms) => write!(f, "; there is room again at {}", Clock::rfc3339(at_ms)),
            Fit::Now | Fit::Soon => f.write_str("; there may be room once these have ended"),
            Fit::Never => Ok(()),
        }
    }
}
