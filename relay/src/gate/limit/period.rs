//! The day and the month that it is now, in the configured time zone.

use crate::clock::Clock;

const DAY_MS: i64 = 86_400_000;
/// More than the longest month, less than two of the shortest.
const INTO_NEXT_MONTH_MS: i64 = 32 * DAY_MS;

/// Where the present day and month begin and end. Both are read anew once the day is over, so that a clock set back
/// does not open a day for the second time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Periods {
    pub(super) day_ms: i64,
    pub(super) day_ends_ms: i64,
    pub(super) month_ms: i64,
    pub(super) month_ends_ms: i64,
}

impl Periods {
    pub(super) fn at(clock: &Clock, now_ms: i64) -> Self {
        let month_ms = clock.month_start_ms(now_ms);
        Self {
            day_ms: clock.day_start_ms(now_ms, 0),
            day_ends_ms: clock.day_start_ms(now_ms, 1),
            month_ms,
            month_ends_ms: clock.month_start_ms(month_ms + INTO_NEXT_MONTH_MS),
        }
    }
}
