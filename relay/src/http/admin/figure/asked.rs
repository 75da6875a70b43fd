//! Which stretch of time a script asks for.

use serde::Deserialize;

use crate::clock::Clock;
use crate::http::admin::reply::Refused;
use crate::model::explore::{Span, SplitBy};

/// Days of a trend if nothing is said.
const DAYS: u16 = 7;
const MOST_DAYS: u16 = 3_660;
const DAY_MS: i64 = 24 * 3_600_000;

/// What stands behind the question mark.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(in crate::http::admin) struct Asked {
    period: Option<String>,
    granularity: Option<String>,
    days: Option<String>,
    start_date: Option<String>,
    end_date: Option<String>,
    metric: Option<String>,
}

impl Asked {
    pub(super) fn period(&self) -> Option<&str> {
        given(self.period.as_ref())
    }

    pub(super) fn metric(&self) -> Option<&str> {
        given(self.metric.as_ref())
    }

    /// By `period`, or from `startDate` to `endDate`.
    pub(super) fn span(&self, clock: &Clock, or: &str) -> Result<Span, Refused> {
        match self.period().unwrap_or(or) {
            "custom" => self.dates(clock)?.ok_or_else(|| Refused::field("startDate", "given, and endDate")),
            _ if self.period().is_none() && given(self.start_date.as_ref()).is_some() => {
                self.dates(clock)?.ok_or_else(|| Refused::field("endDate", "given with startDate"))
            }
            "daily" | "today" => Ok(Span::Today),
            "7days" => Ok(Span::Days7),
            "monthly" => Ok(Span::Month),
            "all" => Ok(Span::All),
            _ => Err(Refused::field("period", "daily, today, 7days, monthly, all or custom")),
        }
    }

    /// By `granularity` and `days`, or from `startDate` to `endDate`; by hour two days at most.
    pub(super) fn trend(&self, clock: &Clock) -> Result<(Span, SplitBy), Refused> {
        let by = match given(self.granularity.as_ref()).unwrap_or("day") {
            "day" => SplitBy::Day,
            "hour" => SplitBy::Hour,
            _ => return Err(Refused::field("granularity", "day or hour")),
        };
        if let Some(span) = self.dates(clock)? {
            let is_long = matches!(span, Span::Instants { from_ms, to_ms } if to_ms - from_ms > 2 * DAY_MS);
            return match by {
                SplitBy::Hour if is_long => {
                    Err(Refused::field("endDate", "two days after startDate at most"))
                }
                SplitBy::Day => Ok((whole_days(clock, span), by)),
                _ => Ok((span, by)),
            };
        }
        if by == SplitBy::Hour {
            return Ok((Span::Hours24, by));
        }
        let days = given(self.days.as_ref()).map(str::parse).transpose();
        let days = days.ok().map(|days| days.unwrap_or(DAYS)).filter(|days| (1..=MOST_DAYS).contains(days));
        let days = days.ok_or_else(|| Refused::field("days", "a number from 1 to 3660"))?;
        let now_ms = clock.now_ms();
        let first_ms = clock.day_start_ms(now_ms, 1 - i32::from(days));
        Ok((whole_days(clock, Span::Instants { from_ms: first_ms, to_ms: now_ms + 1 }), by))
    }

    fn dates(&self, clock: &Clock) -> Result<Option<Span>, Refused> {
        let (start, end) = (given(self.start_date.as_ref()), given(self.end_date.as_ref()));
        let (Some(start), Some(end)) = (start, end) else { return Ok(None) };
        let want = "a day (2026-11-24), a time of the configured zone (2026-11-24 12:00:00) or an instant";
        let read = |text: &str| Clock::instant_ms(text).or_else(|| clock.local_ms(text));
        let from_ms = read(start).ok_or_else(|| Refused::field("startDate", want))?;
        let end_ms = match clock.day_named_ms(end) {
            Some(day_ms) => Some(clock.day_start_ms(day_ms, 1) - 1),
            None => read(end),
        };
        let end_ms = end_ms.ok_or_else(|| Refused::field("endDate", want))?;
        Ok(Some(Span::Instants { from_ms, to_ms: end_ms.saturating_add(1) }))
    }
}

/// By name, so that a stretch of two days is not taken by hours.
fn whole_days(clock: &Clock, span: Span) -> Span {
    match span {
        Span::Instants { from_ms, to_ms } => {
            Span::Days { from: clock.day_name(from_ms), to: clock.day_name(to_ms - 1) }
        }
        span => span,
    }
}

fn given(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}
