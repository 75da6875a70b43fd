//! Amounts over time as stacked columns, or levels as lines, drawn by hand: axis, legend that toggles, a read-out under
//! pointer and keyboard, and the same as a table. Shapes are SVG and stretch, words are HTML and do not.

mod legend;
mod plot;
pub(crate) mod scale;
pub(crate) mod stack;
mod table;

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::part::share::Swatch;
use crate::preference::use_text;
use legend::Legend;
use plot::{Axis, Plot};
use table::Behind;

/// What a chart shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Chart {
    /// What it is, with its sum, for who does not see it.
    pub(crate) label: String,
    /// The parts, from the foot of the stack up.
    pub(crate) series: Vec<Series>,
    /// From left to right.
    pub(crate) columns: Vec<Column>,
    /// The series are levels that do not add up: each is a line.
    pub(crate) levels: bool,
    /// The axis goes up to this at least.
    pub(crate) reach: f64,
    /// Only whole numbers make sense on the axis.
    pub(crate) whole: bool,
    /// Which labels are shown: none of these, `third`, `tenth`, `few`.
    pub(crate) class: &'static str,
}

impl Chart {
    /// Everything in it.
    pub(crate) fn sum(&self) -> f64 {
        self.columns.iter().flat_map(|column| &column.values).sum()
    }
}

/// One part of the stack.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Series {
    /// Stable; what is toggled off stays off by it.
    pub(crate) id: String,
    pub(crate) name: String,
    /// 1 to 8; 0 is grey; from 11 on states.
    pub(crate) colour: u8,
    /// What the legend tells in the place of the sum, where values do not add up.
    pub(crate) told: Option<f64>,
}

/// One stretch of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Column {
    /// Below the axis.
    pub(crate) short: String,
    /// Above the read-out and in the table.
    pub(crate) long: String,
    /// One a series; nothing where time has not come yet.
    pub(crate) values: Vec<f64>,
}

/// What of a chart the person has changed.
#[derive(Clone, Copy)]
struct Reading {
    chart: Memo<Chart>,
    /// Ids of series that are toggled off.
    hidden: RwSignal<BTreeSet<String>>,
    /// The column that is read out.
    column: RwSignal<Option<usize>>,
    /// An amount in words.
    amount: Callback<f64, String>,
}

impl Reading {
    /// Series that are on, with their place.
    fn shown(self) -> Vec<(usize, Series)> {
        let hidden = self.hidden.get();
        self.chart.with(|chart| {
            let all = chart.series.iter().cloned().enumerate();
            all.filter(|(_, series)| !hidden.contains(&series.id)).collect()
        })
    }

    /// The sum of a column over the series that are on.
    fn sum(self, column: &Column) -> f64 {
        self.shown().iter().filter_map(|(place, _)| column.values.get(*place)).sum()
    }

    fn is_levels(self) -> bool {
        self.chart.with(|chart| chart.levels)
    }

    /// How high a column reaches.
    fn height(self, column: &Column) -> f64 {
        if self.is_levels() {
            let shown = self.shown();
            return shown
                .iter()
                .filter_map(|(place, _)| column.values.get(*place))
                .copied()
                .fold(0.0, f64::max);
        }
        self.sum(column)
    }

    /// The read-out: heading, then each part from the top of the stack down.
    fn read_out(self, index: usize) -> Option<ReadOut> {
        let column = self.chart.with(|chart| chart.columns.get(index).cloned())?;
        let part = |(place, series): (usize, Series)| {
            let value = column.values.get(place).copied().filter(|value| *value > 0.0)?;
            Some((series.colour, series.name, self.amount.run(value)))
        };
        let parts = self.shown().into_iter().filter_map(part).collect();
        let sum = (!self.is_levels()).then(|| self.amount.run(self.sum(&column)));
        Some(ReadOut { sum, heading: column.long, parts })
    }
}

struct ReadOut {
    heading: String,
    parts: Vec<(u8, String, String)>,
    /// Nothing where parts do not add up.
    sum: Option<String>,
}

/// A chart with all that belongs to it.
#[component]
pub(crate) fn OverTime(
    #[prop(into)] chart: Memo<Chart>,
    /// An amount in words, as short as the read-out has room for.
    amount: Callback<f64, String>,
    /// An amount on the axis.
    tick: Callback<f64, String>,
    /// What is said over an axis with nothing on it.
    #[prop(into)]
    empty: Signal<&'static str>,
) -> impl IntoView {
    let reading =
        Reading { chart, hidden: RwSignal::new(BTreeSet::new()), column: RwSignal::new(None), amount };
    let axis = Memo::new(move |_| {
        let top = chart.with(|chart| {
            chart.columns.iter().map(|column| reading.height(column)).fold(chart.reach, f64::max)
        });
        Axis { ticks: scale::ticks(top, chart.with(|chart| chart.whole)) }
    });
    let is_empty = move || {
        chart.with(|chart| chart.columns.iter().all(|column| column.values.iter().all(|v| *v <= 0.0)))
    };
    let labels = move || {
        chart.with(|chart| {
            chart.columns.iter().map(|column| view! { <span>{column.short.clone()}</span> }).collect_view()
        })
    };
    let ticks = move || {
        axis.with(|axis| {
            axis.ticks.iter().map(|value| view! { <span>{tick.run(*value)}</span> }).collect_view()
        })
    };
    view! {
        <div class=move || chart.with(|chart| format!("chart {}", chart.class))>
            <div class="y" aria-hidden="true">{ticks}</div>
            <div class="plot">
                <Plot reading axis/>
                {move || is_empty().then(|| view! { <div class="in-plot">{empty}</div> })}
            </div>
            <div class="x" aria-hidden="true">{labels}</div>
        </div>
        <Legend reading/>
        <Behind reading/>
    }
}

/// A read-out as it floats beside its column.
#[component]
fn ReadOutCard(read_out: ReadOut, left: bool) -> impl IntoView {
    let text = use_text();
    let part = |(colour, name, amount): (u8, String, String)| {
        view! { <dt><Swatch class=crate::part::share::series_class(colour)/>{name}</dt><dd>{amount}</dd> }
    };
    let sum = read_out.sum.map(|sum| {
        view! { <dt class="sum">{text.part.all}</dt><dd class="sum">{sum}</dd> }
    });
    view! {
        <div class=if left { "readout left" } else { "readout" }>
            <b>{read_out.heading}</b>
            <dl>
                {read_out.parts.into_iter().rev().map(part).collect_view()}
                {sum}
            </dl>
        </div>
    }
}
