//! From figures to a chart: which series, which columns, what they are called.

use relay::model::figure::{Dashboard, Range};

use super::amount;
use crate::moment::{self, Civil};
use crate::page::dashboard::view::{Measure, View};
use crate::part::chart::{Chart, stack};
use crate::part::palette::{Palette, split_of};
use crate::preference::Preference;

/// So many names have a series of their own; the rest is one.
const LARGEST: usize = 7;
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// The chart of a view.
pub(super) fn draw(shown: &Dashboard, view: View, palette: Palette, preference: &Preference) -> Chart {
    let text = preference.language.text();
    let title = (text.dashboard.usage_title)(view.measure, view.range);
    let sum: f64 = shown.shares.iter().map(|share| view.measure.of(&share.totals)).sum();
    let colour = |id: &str| palette.colour(split_of(view.group), id);
    let series = stack::series(&shown.shares, LARGEST, text.dashboard.others, colour);
    let starts = starts(view.range, shown.at_ms, &preference.zone);
    let head = |at_ms| head(at_ms, view, preference);
    Chart {
        label: (text.dashboard.usage_label)(&title, &amount(view.measure, sum, preference.language)),
        columns: stack::columns(&series, &starts, &shown.slices, |totals| view.measure.of(totals), head),
        series,
        levels: false,
        reach: 0.0,
        whole: view.measure != Measure::Cost,
        class: match view.range {
            Range::Hour => "tenth",
            Range::Today => "",
            Range::Week => "few",
            Range::Month => "third",
        },
    }
}

/// When the steps of a range start, the present one last; for today also those that are still to come.
fn starts(range: Range, at_ms: i64, zone: &str) -> Vec<i64> {
    match range {
        Range::Hour => {
            let minutes = (at_ms - HOUR_MS).div_euclid(MINUTE_MS)..=at_ms.div_euclid(MINUTE_MS);
            minutes.map(|minute| minute * MINUTE_MS).collect()
        }
        Range::Today => {
            let today_ms = moment::day_start(at_ms, zone);
            // A day and a half on is within the next day, whatever is done to the clock.
            let hours = 0..(moment::day_start(today_ms + 36 * HOUR_MS, zone) - today_ms).div_euclid(HOUR_MS);
            hours.map(|hour| today_ms + hour * HOUR_MS).collect()
        }
        Range::Week => moment::day_starts(at_ms, 7, zone),
        Range::Month => moment::day_starts(at_ms, 30, zone),
    }
}

fn head(at_ms: i64, view: View, preference: &Preference) -> (String, String) {
    let day = preference.language.text().time.day;
    let at = Civil::at(at_ms, &preference.zone);
    match view.range {
        Range::Hour => (at.clock(), at.clock()),
        Range::Today => {
            let end = Civil::at(at_ms + HOUR_MS, &preference.zone);
            (format!("{:02}", at.hour), format!("{} – {}", at.clock(), end.clock()))
        }
        Range::Week => (day(&at), day(&at)),
        Range::Month => (at.day.to_string(), day(&at)),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    const BERLIN: &str = "Europe/Berlin";
    /// Tuesday 24 November 2026, 14:32:05 there.
    const AT: i64 = 1_795_527_125_000;

    #[test]
    fn the_day_has_all_its_hours_from_the_first() {
        let hours = starts(Range::Today, AT, BERLIN);

        assert_eq!(hours.len(), 24);
        assert_eq!(Civil::at(hours[0], BERLIN).clock(), "00:00");
    }

    #[test]
    fn the_day_on_which_the_clock_is_set_back_has_25_hours() {
        // Sunday 25 October 2026.
        assert_eq!(starts(Range::Today, 1_792_939_000_000, BERLIN).len(), 25);
    }

    #[test]
    fn a_week_is_seven_midnights_up_to_today() {
        let days = starts(Range::Week, AT, BERLIN);

        assert_eq!(days.len(), 7);
        assert!(days.iter().all(|day| Civil::at(*day, BERLIN).clock() == "00:00"));
        assert_eq!(days[6], starts(Range::Today, AT, BERLIN)[0]);
    }

    #[test]
    fn an_hour_ends_with_the_running_minute() {
        let minutes = starts(Range::Hour, AT, BERLIN);

        assert_eq!(minutes.len(), 61);
        assert_eq!(Civil::at(minutes[60], BERLIN).clock(), "14:32");
    }
}
