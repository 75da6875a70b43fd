//! Time as a value, so that tests own it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, civil};

/// Wall-clock time and the zone in which days begin. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Clock {
    zone: TimeZone,
    set: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The system's clock; days begin in the zone of that IANA name, or the host's.
    ///
    /// # Errors
    /// The name, if no such zone is known.
    pub fn system(zone: Option<&str>) -> Result<Self, String> {
        let zone = match zone {
            None => TimeZone::system(),
            Some(name) => TimeZone::get(name).map_err(|_| format!("no time zone is named {name}"))?,
        };
        Ok(Self { zone, set: None })
    }

    /// A clock that stands still until it is moved, in UTC. For tests.
    pub fn fake(now_ms: i64) -> Self {
        Self { zone: TimeZone::UTC, set: Some(Arc::new(AtomicI64::new(now_ms))) }
    }

    /// A clock that stands still until it is moved, with days of the zone of that IANA name. For tests.
    ///
    /// # Errors
    /// The name, if no such zone is known.
    pub fn fake_in(zone: &str, now_ms: i64) -> Result<Self, String> {
        Ok(Self { set: Some(Arc::new(AtomicI64::new(now_ms))), ..Self::system(Some(zone))? })
    }

    /// Moves a fake clock; on the system's clock it does nothing.
    pub fn advance(&self, by_ms: i64) {
        if let Some(set) = &self.set {
            set.fetch_add(by_ms, Ordering::SeqCst);
        }
    }

    /// Milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        match &self.set {
            Some(set) => set.load(Ordering::SeqCst),
            None => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX)),
        }
    }

    /// The zone in which days begin.
    pub fn zone(&self) -> TimeZone {
        self.zone.clone()
    }

    /// The zone's IANA name, or its offset where it has none.
    pub fn zone_name(&self) -> String {
        self.zone.iana_name().unwrap_or("UTC").to_owned()
    }

    /// Start of the day that holds `at_ms`, and of the one `days` later (or earlier, if negative).
    pub fn day_start_ms(&self, at_ms: i64, days: i32) -> i64 {
        let start = || {
            let day = Timestamp::from_millisecond(at_ms)
                .ok()?
                .to_zoned_datetime(self.zone.clone())
                .start_of_day()
                .ok()?;
            day.checked_add(days.days()).ok()?.start_of_day().ok()
        };
        start().map_or(at_ms, |day| day.timestamp().as_millisecond())
    }

    /// Start of the month that holds `at_ms`.
    pub fn month_start_ms(&self, at_ms: i64) -> i64 {
        let start = || {
            let day = Timestamp::from_millisecond(at_ms).ok()?.to_zoned_datetime(self.zone.clone());
            day.first_of_month().ok()?.start_of_day().ok()
        };
        start().map_or(at_ms, |day| day.timestamp().as_millisecond())
    }

    /// The day that holds `at_ms`, as `2026-11-24`.
    pub fn day_name(&self, at_ms: i64) -> String {
        let day = Timestamp::from_millisecond(at_ms).map(|at| at.to_zoned_datetime(self.zone.clone()).date());
        day.map_or_else(|_| String::new(), |day| day.to_string())
    }

    /// Start of a day named like `2026-11-24`, if it is one.
    pub fn day_named_ms(&self, name: &str) -> Option<i64> {
        let day: civil::Date = name.parse().ok().filter(|_| name.len() == 10)?;
        let start = day.to_zoned_datetime(self.zone.clone()).ok()?.start_of_day().ok()?;
        Some(start.timestamp().as_millisecond())
    }

    /// A day and a time of the zone (`2026-11-24 14:32:00`), or the beginning of a day, if it is one.
    pub fn local_ms(&self, text: &str) -> Option<i64> {
        let at: civil::DateTime = text.parse().ok()?;
        Some(at.to_zoned_datetime(self.zone.clone()).ok()?.timestamp().as_millisecond())
    }

    /// An instant written with its offset (`2026-11-24T14:32:00Z`), if it is one.
    pub fn instant_ms(text: &str) -> Option<i64> {
        text.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
    }

    /// Hour and minute at `at_ms`, as `14:32`.
    pub fn time_name(&self, at_ms: i64) -> String {
        let at = Timestamp::from_millisecond(at_ms).map(|at| at.to_zoned_datetime(self.zone.clone()));
        at.map_or_else(|_| String::new(), |at| at.strftime("%H:%M").to_string())
    }

    /// The instant that a person names, milliseconds since 1970: as [`Clock::instant_ms`] reads it, or a day, which
    /// begins in the configured zone.
    pub fn named_ms(&self, text: &str) -> Option<i64> {
        Self::instant_ms(text).or_else(|| self.day_named_ms(text))
    }

    /// `2026-11-24T14:32:00.000Z`, as JSON answers give instants.
    pub fn rfc3339(at_ms: i64) -> String {
        Timestamp::from_millisecond(at_ms).map_or_else(|_| String::new(), |at| format!("{at:.3}"))
    }
}
