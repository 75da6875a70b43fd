//! The measure over time, stacked by part. Means do not add up, so they are of the whole.

use leptos::prelude::*;
use relay::model::explore::{Exploration, MOST_DRAWN, Measure, Question, REST, SplitBy, Step};
use relay::model::figure::{Share, Totals};
use relay::model::money::Nanodollars;

use crate::format;
use crate::moment::{self, Civil};
use crate::part::chart::{Chart, Column, OverTime, Series, stack};
use crate::part::palette::{Palette, use_palette};
use crate::part::sheet::Sheet;
use crate::preference::{Preference, use_preference, use_text};
use crate::text::{Language, Text};

const HOUR_MS: i64 = 3_600_000;
/// Below so many dollars in all, a chart shows fractions of a cent.
const SMALL_COST: f64 = 1.0;
/// The colour of a chart with one series.
const ONE: u8 = 1;

/// The panel.
#[component]
pub(crate) fn UsageChart(
    question: StoredValue<Question>,
    answer: StoredValue<Exploration>,
    /// Outside of the explorer: where the same is in it.
    #[prop(into, optional)]
    all: String,
) -> impl IntoView {
    let text = use_text();
    let preference = use_preference();
    let palette = use_palette();
    let measure = question.with_value(|question| question.measure);
    let chart = question
        .with_value(|question| answer.with_value(|answer| draw(question, answer, palette, &preference)));
    let is_small = chart.sum() < SMALL_COST;
    let title = answer.with_value(|answer| (text.usage.title)(measure, answer.step));
    let note = answer.with_value(|answer| stretch(answer, &preference));
    let amount = Callback::new(move |value| match measure {
        Measure::Cost if is_small => format::money_of_one(dollars(value)),
        Measure::Cost => format::cents(dollars(value)),
        measure => said(measure, value, text),
    });
    let tick = Callback::new(move |value| tick(measure, value, text));
    let empty =
        if measure == Measure::Cost { text.dashboard.nothing_priced } else { text.dashboard.nothing_used };
    let tools = ViewFn::from(move || {
        let all = all.clone();
        (!all.is_empty()).then(|| view! { <a class="small" href=all>{use_text().frame.usage}</a> })
    });
    view! {
        <Sheet id="chart" title=title note=Signal::stored(note) tools>
            <OverTime chart=Memo::new(move |_| chart.clone()) amount tick empty=Signal::stored(empty)/>
        </Sheet>
    }
}

/// From when to when.
fn stretch(answer: &Exploration, preference: &Preference) -> String {
    let text = preference.language.text();
    let brief = |at_ms: i64| match answer.step {
        Step::Day => (text.time.day)(&Civil::at(at_ms, &preference.zone)),
        Step::Hour => moment::brief(at_ms, answer.at_ms, &preference.zone, text),
    };
    let first_ms = if answer.from_ms > 0 { answer.from_ms } else { first_used_ms(answer) };
    (text.usage.from_to)(&brief(first_ms), &brief(answer.to_ms.min(answer.at_ms)))
}

fn first_used_ms(answer: &Exploration) -> i64 {
    answer.slices.first().map_or(answer.at_ms, |slice| slice.at_ms)
}

fn draw(question: &Question, answer: &Exploration, palette: Palette, preference: &Preference) -> Chart {
    let text = preference.language.text();
    let starts = starts(answer, &preference.zone);
    let head = |at_ms| head(at_ms, answer.step, preference);
    let measure = question.measure;
    let (series, columns) = if is_mean(measure) {
        (vec![whole(text)], means(answer, measure, &starts, head))
    } else {
        let series = series(question, answer, palette, text);
        let columns = stack::columns(&series, &starts, &answer.slices, |totals| value(measure, totals), head);
        (series, columns)
    };
    let sum = said(measure, value(measure, &answer.total), text);
    let title = (text.usage.title)(measure, answer.step);
    let mut chart = Chart {
        label: (text.dashboard.usage_label)(&title, &sum),
        class: class(columns.len()),
        series,
        columns,
        levels: false,
        reach: 0.0,
        whole: measure != Measure::Cost,
    };
    if is_mean(measure) {
        // The legend tells the mean of the whole, not the sum of means.
        chart.series.iter_mut().for_each(|series| series.told = Some(value(measure, &answer.total)));
    }
    chart
}

fn whole(text: &Text) -> Series {
    Series { id: String::new(), name: text.part.all.to_owned(), colour: ONE, told: None }
}

fn series(question: &Question, answer: &Exploration, palette: Palette, text: &Text) -> Vec<Series> {
    if matches!(question.by, SplitBy::Day | SplitBy::Hour) {
        return vec![whole(text)];
    }
    let one = |share: &Share| Series {
        id: share.id.clone(),
        name: name_of(share, question.by, text),
        colour: colour(palette, question.by, &share.id),
        told: None,
    };
    let is_drawn = |share: &&Share| value(question.measure, &share.totals) > 0.0;
    let mut series: Vec<_> = answer.parts.iter().take(MOST_DRAWN).filter(is_drawn).map(one).collect();
    if answer.parts.len() > MOST_DRAWN {
        series.push(Series {
            id: REST.to_owned(),
            name: text.dashboard.others.to_owned(),
            colour: 0,
            told: None,
        });
    }
    series
}

/// What a part is called.
pub(super) fn name_of(share: &Share, by: SplitBy, text: &Text) -> String {
    match relay::model::outcome::Outcome::from_name(&share.id) {
        Some(outcome) if by == SplitBy::Outcome => (text.state.outcome)(outcome).to_owned(),
        _ if share.name.is_empty() => text.usage.none.to_owned(),
        _ => share.name.clone(),
    }
}

/// States have their own colours, names have those of series.
pub(super) fn colour(palette: Palette, by: SplitBy, id: &str) -> u8 {
    use relay::model::outcome::Outcome;

    match (by, Outcome::from_name(id)) {
        (SplitBy::Outcome, Some(outcome)) => match outcome {
            Outcome::Ok => 11,
            Outcome::ClientGone => 12,
            Outcome::UpstreamCut => 13,
            Outcome::UpstreamError => 14,
            Outcome::Rejected => 15,
            Outcome::Abandoned => 16,
        },
        (SplitBy::Day | SplitBy::Hour, _) => ONE,
        _ => palette.colour(by, id),
    }
}

/// Each column's own mean, out of its sums.
fn means(
    answer: &Exploration,
    measure: Measure,
    starts: &[i64],
    head: impl Fn(i64) -> (String, String),
) -> Vec<Column> {
    let sum_of = |at: usize| {
        let (from_ms, to_ms) = (starts[at], starts.get(at + 1).copied().unwrap_or(i64::MAX));
        let inside = answer.slices.iter().filter(|slice| (from_ms..to_ms).contains(&slice.at_ms));
        let mut sum = Totals::default();
        inside.flat_map(|slice| &slice.parts).for_each(|share| sum += share.totals);
        sum
    };
    let column = |at: usize| {
        let (short, long) = head(starts[at]);
        Column { short, long, values: vec![value(measure, &sum_of(at))] }
    };
    (0..starts.len()).map(column).collect()
}

/// When the columns start, used or not.
fn starts(answer: &Exploration, zone: &str) -> Vec<i64> {
    // Of everything there ever was, from the first that was used.
    let from_ms = if answer.from_ms > 0 { answer.from_ms } else { first_used_ms(answer) };
    let next = |at_ms: i64| match answer.step {
        Step::Hour => at_ms + HOUR_MS,
        // A day and a half on is within the next day, whatever is done to the clock.
        Step::Day => moment::day_start(moment::day_start(at_ms, zone) + 36 * HOUR_MS, zone),
    };
    std::iter::successors(Some(from_ms), |at_ms| Some(next(*at_ms)))
        .take_while(|at_ms| *at_ms < answer.to_ms)
        .collect()
}

fn head(at_ms: i64, step: Step, preference: &Preference) -> (String, String) {
    let text = preference.language.text();
    let at = Civil::at(at_ms, &preference.zone);
    let day = (text.time.day)(&at);
    match step {
        Step::Day => (day.clone(), day),
        Step::Hour => (format!("{:02}", at.hour), format!("{day} {}", at.clock())),
    }
}

/// Which labels there is room for.
fn class(columns: usize) -> &'static str {
    match columns {
        0..=8 => "few tall",
        9..=24 => "tall",
        25..=45 => "third tall",
        46..=120 => "tenth tall",
        _ => "sparse tall",
    }
}

fn is_mean(measure: Measure) -> bool {
    matches!(measure, Measure::FirstByte | Measure::Duration)
}

#[allow(clippy::cast_precision_loss, reason = "for display")]
fn value(measure: Measure, totals: &Totals) -> f64 {
    match measure {
        Measure::Cost => totals.cost.as_dollars(),
        measure => measure.of(totals) as f64,
    }
}

#[allow(clippy::cast_possible_truncation, reason = "back from a sum of such")]
fn dollars(value: f64) -> Nanodollars {
    Nanodollars((value * 1e9).round() as i64)
}

/// An amount in words.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "back from a sum of such")]
fn said(measure: Measure, value: f64, text: &'static Text) -> String {
    match measure {
        Measure::Cost => format::money(dollars(value)),
        Measure::Requests | Measure::Failed => format::grouped(value.round() as u64),
        Measure::FirstByte | Measure::Duration => moment::span(value.round() as u64, text),
        _ => format::short(value, text.language).text(),
    }
}

/// A line of the axis in words, without digits that say nothing.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a line of the axis")]
fn tick(measure: Measure, value: f64, text: &'static Text) -> String {
    let short = |language: Language| {
        let short = format::short(value, language);
        format::Quantity { number: format::trimmed(&short.number).to_owned(), ..short }.text()
    };
    match measure {
        Measure::Cost => format!("${}", format::trimmed(&format!("{value:.6}"))),
        Measure::FirstByte | Measure::Duration => moment::span(value.round() as u64, text),
        _ => short(text.language),
    }
}
