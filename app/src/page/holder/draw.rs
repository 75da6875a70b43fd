//! The key's seven days as a chart.

use relay::model::explore::SplitBy;
use relay::model::holder::HeldKey;
use relay::model::money::Nanodollars;

use crate::format;
use crate::moment::{self, Civil};
use crate::part::chart::{Chart, stack};
use crate::part::palette::Palette;
use crate::preference::Preference;

pub(super) const MODEL: SplitBy = SplitBy::Model;
const DAYS: i64 = 7;
/// So many models have a series of their own.
const MOST: usize = 7;

/// Cost by day and model.
pub(super) fn week(held: &HeldKey, palette: Palette, preference: &Preference) -> Chart {
    let text = preference.language.text();
    let series = stack::series(&held.week, MOST, text.dashboard.others, |id| palette.colour(MODEL, id));
    let starts = moment::day_starts(held.at_ms, DAYS, &preference.zone);
    let head = |at_ms: i64| {
        let day = (text.time.day)(&Civil::at(at_ms, &preference.zone));
        (day.clone(), day)
    };
    let sum: i64 = held.week.iter().map(|share| share.totals.cost.0).sum();
    Chart {
        label: (text.dashboard.usage_label)(text.holder.week, &format::money(Nanodollars(sum))),
        columns: stack::columns(&series, &starts, &held.days, |totals| totals.cost.as_dollars(), head),
        series,
        levels: false,
        reach: 0.0,
        whole: false,
        class: "few",
    }
}

#[allow(clippy::cast_possible_truncation, reason = "back from a sum of such")]
pub(super) fn dollars(value: f64) -> Nanodollars {
    Nanodollars((value * 1e9).round() as i64)
}
