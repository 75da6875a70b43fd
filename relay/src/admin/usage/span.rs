//! Stretches of time in the configured zone.

use crate::admin::Error;
use crate::clock::Clock;
use crate::model::explore::{Span, Step};
use crate::model::problem::Problem;

const HOUR_MS: i64 = 3_600_000;

/// A span in instants, on the ends of hours or days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) from_ms: i64,
    pub(super) to_ms: i64,
    pub(super) step: Step,
    /// A stretch of the same length that ends where this begins.
    pub(super) before_ms: i64,
}

impl Stretch {
    /// Before `hours_ms` there are no sums by hour any more.
    ///
    /// # Errors
    /// A day that is none, or an end before the beginning.
    pub(super) fn of(span: &Span, clock: &Clock, hours_ms: i64) -> Result<Self, Error> {
        let now_ms = clock.now_ms();
        let days = |first_ms: i64, count: i32| Self {
            from_ms: first_ms,
            to_ms: clock.day_start_ms(first_ms, count),
            step: Step::Day,
            before_ms: clock.day_start_ms(first_ms, -count),
        };
        let day = |back| clock.day_start_ms(now_ms, back);
        Ok(match span {
            Span::Hours24 => {
                let to_ms = hour_start_ms(clock, now_ms) + HOUR_MS;
                let from_ms = to_ms - 24 * HOUR_MS;
                Self { from_ms, to_ms, step: Step::Hour, before_ms: from_ms - 24 * HOUR_MS }
            }
            Span::Today => Self { step: Step::Hour, ..days(day(0), 1) },
            Span::Days7 => days(day(-6), 7),
            Span::Days30 => days(day(-29), 30),
            Span::Month => {
                let first_ms = clock.month_start_ms(now_ms);
                let before_ms = clock.month_start_ms(first_ms - 1);
                Self { from_ms: first_ms, to_ms: clock.day_start_ms(now_ms, 1), step: Step::Day, before_ms }
            }
            Span::All => {
                Self { from_ms: 0, to_ms: clock.day_start_ms(now_ms, 1), step: Step::Day, before_ms: 0 }
            }
            Span::Days { from, to } => {
                let from_ms = day_at(clock, "from", from)?;
                let last_ms = day_at(clock, "to", to)?;
                Self::days(clock, from_ms, clock.day_start_ms(last_ms, 1), hours_ms)?
            }
            Span::Instants { from_ms, to_ms } => {
                let is_short = to_ms.saturating_sub(*from_ms) <= 48 * HOUR_MS;
                let hours = hour_start_ms(clock, *from_ms);
                if *from_ms < *to_ms && is_short && hours >= hours_ms {
                    let to_ms = hour_start_ms(clock, to_ms - 1) + HOUR_MS;
                    Self { from_ms: hours, to_ms, step: Step::Hour, before_ms: hours - (to_ms - hours) }
                } else {
                    Self::days(clock, *from_ms, *to_ms, hours_ms)?
                }
            }
        })
    }

    /// Whole days.
    fn days(clock: &Clock, from_ms: i64, to_ms: i64, hours_ms: i64) -> Result<Self, Error> {
        if from_ms >= to_ms {
            return Err(Error::field("to", Problem::OutOfRange { min: from_ms, max: i64::MAX }));
        }
        let from_ms = clock.day_start_ms(from_ms, 0);
        let to_ms = clock.day_start_ms(to_ms - 1, 1);
        // A day has 23 to 25 hours.
        let count = (to_ms - from_ms + 12 * HOUR_MS) / (24 * HOUR_MS);
        let count = i32::try_from(count).unwrap_or(i32::MAX);
        let step = if count <= 2 && from_ms >= hours_ms { Step::Hour } else { Step::Day };
        Ok(Self { from_ms, to_ms, step, before_ms: clock.day_start_ms(from_ms, -count) })
    }
}

/// Start of the hour, counted from the zone's midnight, that holds an instant.
fn hour_start_ms(clock: &Clock, at_ms: i64) -> i64 {
    let day_ms = clock.day_start_ms(at_ms, 0);
    day_ms + (at_ms - day_ms).div_euclid(HOUR_MS) * HOUR_MS
}

/// A span as people write it: `24h`, `today`, `7d`, `30d`, `month` or `all`; any other number of hours (`36h`) or days
/// (`90d`) up to now; or from one day or instant until another. Without anything the last seven days.
///
/// # Errors
/// `since` or `until` is none of these.
pub fn named(clock: &Clock, since: Option<&str>, until: Option<&str>) -> Result<Span, Error> {
    let Some(until) = until else {
        return match since.unwrap_or("7d") {
            "24h" => Ok(Span::Hours24),
            "today" => Ok(Span::Today),
            "7d" => Ok(Span::Days7),
            "30d" => Ok(Span::Days30),
            "month" => Ok(Span::Month),
            "all" => Ok(Span::All),
            since => {
                let now_ms = clock.now_ms();
                let is_by_hour = since.ends_with('h') || Clock::instant_ms(since).is_some();
                let to_ms = if is_by_hour { now_ms + 1 } else { clock.day_start_ms(now_ms, 1) };
                Ok(Span::Instants { from_ms: begun(clock, since)?, to_ms })
            }
        };
    };
    Ok(Span::Instants { from_ms: begun(clock, since.unwrap_or("all"))?, to_ms: ended(clock, until)? })
}

/// The same to the millisecond, for lists of single calls: the first instant, and the end, which is not in it.
///
/// # Errors
/// As for [`named`].
pub fn bounds(
    clock: &Clock,
    since: Option<&str>,
    until: Option<&str>,
) -> Result<(Option<i64>, Option<i64>), Error> {
    let from_ms = since.map(|since| begun(clock, since)).transpose()?;
    Ok((from_ms, until.map(|until| ended(clock, until)).transpose()?))
}

fn ended(clock: &Clock, until: &str) -> Result<i64, Error> {
    let day = clock.day_named_ms(until).map(|day_ms| clock.day_start_ms(day_ms, 1));
    day.or_else(|| instant(until)).ok_or_else(|| Error::field("until", Problem::NotADay))
}

fn begun(clock: &Clock, since: &str) -> Result<i64, Error> {
    let now_ms = clock.now_ms();
    let back = |unit: char| since.strip_suffix(unit)?.parse::<u16>().ok().filter(|count| *count > 0);
    let named = match since {
        "all" => Some(0),
        "today" => Some(clock.day_start_ms(now_ms, 0)),
        "month" => Some(clock.month_start_ms(now_ms)),
        _ => clock.day_named_ms(since).or_else(|| instant(since)),
    };
    let hours = || Some(now_ms - i64::from(back('h')?) * HOUR_MS);
    let days = || Some(clock.day_start_ms(now_ms, 1 - i32::from(back('d')?)));
    named.or_else(hours).or_else(days).ok_or_else(|| Error::field("since", Problem::NotADay))
}

/// With its offset, or as milliseconds since 1970.
fn instant(text: &str) -> Option<i64> {
    Clock::instant_ms(text).or_else(|| text.parse().ok().filter(|_| text.len() > 9))
}

fn day_at(clock: &Clock, field: &str, day: &str) -> Result<i64, Error> {
    clock.day_named_ms(day).ok_or_else(|| Error::field(field, Problem::NotADay))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(clock: &Clock, at_ms: i64) -> String {
        format!("{} {}", clock.day_name(at_ms), clock.time_name(at_ms))
    }

    fn berlin(now: &str) -> Clock {
        Clock::fake_in("Europe/Berlin", Clock::instant_ms(now).unwrap()).unwrap()
    }

    #[test]
    fn the_last_24_hours_are_24_even_when_a_day_has_25() {
        let clock = berlin("2026-10-25T12:30:00Z");

        let stretch = Stretch::of(&Span::Hours24, &clock, 0).unwrap();

        assert_eq!(local(&clock, stretch.to_ms), "2026-10-25 14:00");
        assert_eq!(local(&clock, stretch.from_ms), "2026-10-24 15:00");
        assert_eq!((stretch.to_ms - stretch.from_ms) / HOUR_MS, 24);
    }

    #[test]
    fn days_begin_at_the_zones_midnight_over_a_change_of_summer_time() {
        let clock = berlin("2026-10-27T00:30:00Z");

        let stretch = Stretch::of(&Span::Days7, &clock, 0).unwrap();

        assert_eq!(local(&clock, stretch.from_ms), "2026-10-21 00:00");
        assert_eq!(local(&clock, stretch.to_ms), "2026-10-28 00:00");
        assert_eq!(local(&clock, stretch.before_ms), "2026-10-14 00:00");
        assert_eq!((stretch.to_ms - stretch.from_ms) / HOUR_MS, 7 * 24 + 1);
    }

    #[test]
    fn a_month_is_compared_with_the_month_before_whatever_its_length() {
        let clock = berlin("2027-03-31T21:59:00Z");

        let stretch = Stretch::of(&Span::Month, &clock, 0).unwrap();

        assert_eq!(local(&clock, stretch.from_ms), "2027-03-01 00:00");
        assert_eq!(local(&clock, stretch.before_ms), "2027-02-01 00:00");
        clock.advance(2 * 60_000);
        let next = Stretch::of(&Span::Month, &clock, 0).unwrap();
        assert_eq!(local(&clock, next.from_ms), "2027-04-01 00:00");
    }

    #[test]
    fn named_days_are_both_in_it() {
        let clock = berlin("2026-11-24T12:00:00Z");
        let days = |from: &str, to: &str| Span::Days { from: from.to_owned(), to: to.to_owned() };

        let one = Stretch::of(&days("2026-10-25", "2026-10-25"), &clock, 0).unwrap();
        let year = Stretch::of(&days("2026-01-01", "2026-12-31"), &clock, 0).unwrap();

        assert_eq!(((one.to_ms - one.from_ms) / HOUR_MS, one.step), (25, Step::Hour));
        assert_eq!(local(&clock, one.before_ms), "2026-10-24 00:00");
        assert_eq!((local(&clock, year.to_ms).as_str(), year.step), ("2027-01-01 00:00", Step::Day));
        assert_eq!(local(&clock, year.before_ms), "2025-01-01 00:00");
        for (from, to) in [("2026-02-29", "2026-03-01"), ("2026-03-02", "2026-03-01"), ("soon", "2026-03-01")]
        {
            assert!(Stretch::of(&days(from, to), &clock, 0).is_err(), "{from} {to}");
        }
    }

    #[test]
    fn spans_are_read_as_people_write_them() {
        let clock = berlin("2026-11-24T12:10:00Z");
        let of = |since, until| {
            let stretch = Stretch::of(&named(&clock, since, until)?, &clock, 0)?;
            Ok::<_, Error>((local(&clock, stretch.from_ms), local(&clock, stretch.to_ms)))
        };
        let end = "2026-11-25 00:00";

        for (since, until, from, to) in [
            (None, None, "2026-11-18 00:00", end),
            (Some("24h"), None, "2026-11-23 14:00", "2026-11-24 14:00"),
            (Some("3h"), None, "2026-11-24 10:00", "2026-11-24 14:00"),
            (Some("today"), None, "2026-11-24 00:00", end),
            (Some("1d"), None, "2026-11-24 00:00", end),
            (Some("90d"), None, "2026-08-27 00:00", end),
            (Some("month"), None, "2026-11-01 00:00", end),
            (Some("2026-11-20"), None, "2026-11-20 00:00", end),
            (Some("2026-11-20"), Some("2026-11-21"), "2026-11-20 00:00", "2026-11-22 00:00"),
            (
                Some("2026-11-24T09:30:00+01:00"),
                Some("2026-11-24T11:00:00+01:00"),
                "2026-11-24 09:00",
                "2026-11-24 11:00",
            ),
        ] {
            assert_eq!(of(since, until).unwrap(), (from.to_owned(), to.to_owned()), "{since:?} {until:?}");
        }
        for (since, until) in
            [(Some("soon"), None), (Some("0d"), None), (None, Some("later")), (Some(""), None)]
        {
            assert!(of(since, until).is_err(), "{since:?} {until:?}");
        }
    }

    #[test]
    fn instants_are_widened_to_whole_hours_or_days() {
        let clock = berlin("2026-11-24T12:00:00Z");
        let ms = |text: &str| Clock::instant_ms(text).unwrap();
        let span = |from: &str, to: &str| Span::Instants { from_ms: ms(from), to_ms: ms(to) };

        let hours = Stretch::of(&span("2026-11-24T08:10:00Z", "2026-11-24T09:00:00Z"), &clock, 0).unwrap();
        let days = Stretch::of(&span("2026-11-20T08:10:00Z", "2026-11-24T09:00:00Z"), &clock, 0).unwrap();

        assert_eq!(
            (local(&clock, hours.from_ms), hours.to_ms - hours.from_ms),
            ("2026-11-24 09:00".to_owned(), HOUR_MS)
        );
        assert_eq!(
            (local(&clock, days.from_ms).as_str(), local(&clock, days.to_ms).as_str()),
            ("2026-11-20 00:00", "2026-11-25 00:00")
        );
    }
}
