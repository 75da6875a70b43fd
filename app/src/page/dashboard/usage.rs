//! Use over time: stacked by model, key or account; by cost, tokens or requests.

use leptos::prelude::*;
use relay::model::figure::{Dashboard, GroupBy, Range, Slice};
use relay::model::money::Nanodollars;

use super::board::Figures;
use super::palette::Palette;
use super::view::{GROUPS, Measure, View};
use crate::format;
use crate::moment::Civil;
use crate::part::chart::{Chart, Column, Series, StackedColumns};
use crate::part::segment::{Choice, Segment};
use crate::part::sheet::Sheet;
use crate::preference::{Preference, use_preference, use_text};
use crate::text::{Language, Text};

/// So many names have a series of their own; the rest is one.
const LARGEST: usize = 7;
const HOUR_MS: i64 = 3_600_000;
const HOURS: usize = 24;

/// The panel.
#[component]
pub(super) fn UsagePanel(figures: Figures, palette: Palette) -> impl IntoView {
    let text = use_text();
    let preference = use_preference();
    let view = figures.drawn;
    // The measure needs no fetch, so the address alone decides on it.
    let measure = Memo::new(move |_| figures.view.get().measure);
    let title = Signal::derive(move || (text.dashboard.usage_title)(measure.get(), view.get().range));
    let chart = Memo::new(move |_| {
        let view = View { measure: measure.get(), ..view.get() };
        figures.shown.with(|shown| draw(shown, view, palette, &preference))
    });
    let language = text.language;
    let amount = Callback::new(move |value| amount(measure.get(), value, language));
    let tick = Callback::new(move |value| tick(measure.get(), value, language));
    view! {
        <Sheet
            id="use"
            title=title
            class="major"
            tools=ViewFn::from(move || view! { <Switches view=figures.view/> })
        >
            <StackedColumns chart amount tick empty=text.dashboard.nothing_used/>
        </Sheet>
    }
}

#[component]
fn Switches(view: Memo<View>) -> impl IntoView {
    let text = &use_text().dashboard;
    let group = |group: GroupBy| Choice {
        word: match group {
            GroupBy::Model => text.model,
            GroupBy::Key => text.key,
            GroupBy::Account => text.account,
        },
        href: Signal::derive(move || View { group, ..view.get() }.href()),
        chosen: Signal::derive(move || view.get().group == group),
    };
    let measure = |measure: Measure| Choice {
        word: match measure {
            Measure::Cost => text.cost,
            Measure::Tokens => text.tokens,
            Measure::Requests => text.requests,
        },
        href: Signal::derive(move || View { measure, ..view.get() }.href()),
        chosen: Signal::derive(move || view.get().measure == measure),
    };
    view! {
        <Segment label=text.split_by choices=GROUPS.map(group).to_vec()/>
        <Segment label=text.measure choices=Measure::ALL.map(measure).to_vec()/>
    }
}

fn draw(shown: &Dashboard, view: View, palette: Palette, preference: &Preference) -> Chart {
    let text = preference.language.text();
    let (named, rest): (Vec<_>, Vec<_>) =
        shown.shares.iter().enumerate().partition(|(place, share)| *place < LARGEST && !share.id.is_empty());
    let mut series: Vec<Series> = named
        .iter()
        .map(|(_, share)| Series {
            id: share.id.clone(),
            name: share.name.clone(),
            colour: palette.colour(view.group, &share.id),
        })
        .collect();
    if !rest.is_empty() {
        series.push(Series { id: String::new(), name: text.dashboard.others.to_owned(), colour: 0 });
    }
    let sum: f64 = shown.shares.iter().map(|share| view.measure.of(&share.totals)).sum();
    let title = (text.dashboard.usage_title)(view.measure, view.range);
    let mut columns: Vec<Column> = shown
        .slices
        .iter()
        .map(|slice| Column {
            values: values(slice, &series, view.measure),
            ..heads(slice.at_ms, view, preference)
        })
        .collect();
    if view.range == Range::Today
        && let Some(first) = shown.slices.first()
    {
        // The day's axis stays where it is while hours come.
        let hours = (columns.len()..HOURS).filter_map(|hour| i64::try_from(hour).ok());
        columns.extend(hours.map(|hour| heads(first.at_ms + hour * HOUR_MS, view, preference)));
    }
    Chart {
        label: (text.dashboard.usage_label)(&title, &amount(view.measure, sum, preference.language)),
        series,
        columns,
        whole: view.measure != Measure::Cost,
        class: match view.range {
            Range::Hour => "tenth",
            Range::Today => "",
            Range::Week => "few",
            Range::Month => "third",
        },
    }
}

fn values(slice: &Slice, series: &[Series], measure: Measure) -> Vec<f64> {
    let mut values = vec![0.0; series.len()];
    for part in &slice.parts {
        let place = series.iter().position(|series| series.id == part.id).unwrap_or(series.len() - 1);
        if let Some(value) = values.get_mut(place) {
            *value += measure.of(&part.totals);
        }
    }
    values
}

fn heads(at_ms: i64, view: View, preference: &Preference) -> Column {
    let text: &Text = preference.language.text();
    let at = Civil::at(at_ms, &preference.zone);
    let (short, long) = match view.range {
        Range::Hour => (at.clock(), at.clock()),
        Range::Today => {
            let end = Civil::at(at_ms + HOUR_MS, &preference.zone);
            (format!("{:02}", at.hour), format!("{} – {}", at.clock(), end.clock()))
        }
        Range::Week => ((text.time.day)(&at), (text.time.day)(&at)),
        Range::Month => (at.day.to_string(), (text.time.day)(&at)),
    };
    Column { short, long, values: Vec::new() }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "back from a sum of such")]
fn amount(measure: Measure, value: f64, language: Language) -> String {
    match measure {
        Measure::Cost => format::money(Nanodollars((value * 1e9).round() as i64)),
        Measure::Tokens => format::short(value, language).text(),
        Measure::Requests => format::grouped(value.round() as u64),
    }
}

fn tick(measure: Measure, value: f64, language: Language) -> String {
    match measure {
        Measure::Cost => format!("${}", format::trimmed(&format!("{value:.6}"))),
        Measure::Tokens | Measure::Requests => {
            let short = format::short(value, language);
            format::Quantity { number: format::trimmed(&short.number).to_owned(), ..short }.text()
        }
    }
}
