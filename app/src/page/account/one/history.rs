//! How full an account's windows were in the last seven days.

use leptos::prelude::*;
use relay::model::window::WindowHour;

use super::One;
use crate::format;
use crate::moment::{self, Civil, use_clock};
use crate::part::chart::{Chart, Column, OverTime, Series};
use crate::part::sheet::Sheet;
use crate::preference::{Preference, use_preference, use_text};

const HOUR_MS: i64 = 3_600_000;
const HOURS: i64 = 7 * 24;

/// The chart; nothing where no window was told in that time.
#[component]
pub(super) fn History(one: One) -> impl IntoView {
    let text = &use_text().detail;
    let (clock, preference) = (use_clock(), use_preference());
    let hours = Memo::new(move |_| {
        one.fresh
            .shown
            .with(|detail| detail.as_ref().map(|detail| detail.history.clone()).unwrap_or_default())
    });
    let hour_ms = Memo::new(move |_| clock.now_ms().div_euclid(HOUR_MS) * HOUR_MS);
    let chart = Memo::new(move |_| hours.with(|hours| draw(hours, hour_ms.get(), &preference)));
    let has_any = Memo::new(move |_| hours.with(|hours| !hours.is_empty()));
    view! {
        <Show when=move || has_any.get()>
            <Sheet id="history" title=text.history note=Signal::stored(text.history_note.to_owned())>
                <OverTime
                    chart
                    amount=Callback::new(said)
                    tick=Callback::new(|value: f64| format!("{value:.0}\u{202f}%"))
                    empty=Signal::stored("")
                />
            </Sheet>
        </Show>
    }
}

fn said(percent: f64) -> String {
    format!("{}\u{202f}%", format::percent(percent, 100.0).unwrap_or_default())
}

/// One line a window, one level an hour, up to the hour that begins at `hour_ms`.
fn draw(hours: &[WindowHour], hour_ms: i64, preference: &Preference) -> Chart {
    let text = preference.language.text();
    let windows: Vec<&[WindowHour]> = hours.chunk_by(|one, next| one.window == next.window).collect();
    let starts: Vec<i64> = (0..HOURS).rev().map(|back| hour_ms - back * HOUR_MS).collect();
    let levels: Vec<Vec<f64>> = windows.iter().map(|window| levels(window, &starts)).collect();
    let series: Vec<Series> = windows
        .iter()
        .zip(1..)
        .filter_map(|(window, colour)| {
            let name = &window.first()?.window;
            Some(Series { id: name.to_string(), name: (text.detail.window_name)(name), colour, told: None })
        })
        .collect();
    let column = |(place, at_ms): (usize, &i64)| Column {
        values: levels.iter().filter_map(|levels| levels.get(place)).copied().collect(),
        ..heads(*at_ms, preference)
    };
    let now = series
        .iter()
        .zip(&levels)
        .filter_map(|(series, levels)| Some(format!("{} {}", series.name, said(*levels.last()?))));
    Chart {
        label: (text.detail.history_label)(&now.collect::<Vec<_>>().join(", ")),
        columns: starts.iter().enumerate().map(column).collect(),
        series,
        levels: true,
        reach: 100.0,
        whole: false,
        class: "few",
    }
}

/// Percent, hour by hour. An hour without news is as the one before, until the window must have begun anew.
fn levels(told: &[WindowHour], starts: &[i64]) -> Vec<f64> {
    let lasts_ms = told.first().map_or(0, |hour| i64::from(hour.window.hours()) * HOUR_MS);
    let level = |start: &i64| {
        let before = told.partition_point(|hour| hour.hour_ms <= *start);
        let last = before.checked_sub(1).and_then(|place| told.get(place));
        let holds = last.filter(|hour| start - hour.hour_ms < lasts_ms);
        holds.map_or(0.0, |hour| f64::from(hour.used) / 100.0)
    };
    starts.iter().map(level).collect()
}

/// Days are named where they begin.
fn heads(at_ms: i64, preference: &Preference) -> Column {
    let day = preference.language.text().time.day;
    let (at, end) = (Civil::at(at_ms, &preference.zone), Civil::at(at_ms + HOUR_MS, &preference.zone));
    let is_first = moment::day_start(at_ms, &preference.zone) > at_ms - HOUR_MS;
    Column {
        short: if is_first { day(&at) } else { String::new() },
        long: format!("{}, {} – {}", day(&at), at.clock(), end.clock()),
        values: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use relay::model::window::WindowName;

    use super::*;

    fn told(window: WindowName, hour: i64, used: u32) -> WindowHour {
        WindowHour { window, hour_ms: hour * HOUR_MS, used }
    }

    #[test]
    fn a_level_holds_until_its_window_must_have_begun_anew() {
        let hours = [told(WindowName::FiveHour, 2, 5_000), told(WindowName::FiveHour, 3, 7_000)];
        let starts: Vec<_> = (0..10).map(|hour| hour * HOUR_MS).collect();

        assert_eq!(levels(&hours, &starts), [0.0, 0.0, 50.0, 70.0, 70.0, 70.0, 70.0, 70.0, 0.0, 0.0]);
    }
}
