//! The columns or lines, and what lies over them to be pointed at.

use std::fmt::Write as _;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::{ReadOutCard, Reading, Series};
use crate::part::share::series_class;
use crate::preference::use_text;

/// Width of a column's room in the drawing, and of its bar.
const ROOM: f64 = 10.0;
const BAR: f64 = 6.8;
/// The gap between two parts of a stack, in hundredths of the height.
const GAP: f64 = 0.45;

/// Where the lines are, from zero up.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    pub(super) ticks: Vec<f64>,
}

impl Axis {
    fn top(&self) -> f64 {
        self.ticks.last().copied().unwrap_or_default()
    }
}

/// Bars and grid, with one slot a column over them.
#[component]
pub(super) fn Plot(reading: Reading, axis: Memo<Axis>) -> impl IntoView {
    let chart = reading.chart;
    let count = Memo::new(move |_| chart.with(|chart| chart.columns.len()));
    let width = move || as_float(count.get().max(1)) * ROOM;
    let grid = move || {
        axis.with(|axis| {
            let line = |tick: &f64| {
                let y = 100.0 - 100.0 * tick / axis.top();
                view! { <path class="grid" d=format!("M0 {y:.2}H{}", width())/> }
            };
            axis.ticks.iter().skip(1).map(line).collect_view()
        })
    };
    let bars = move || {
        let top = axis.with(Axis::top);
        if reading.is_levels() {
            let line = |(colour, d)| view! { <path class=format!("level {}", series_class(colour)) d=d/> };
            return lines(reading, top).into_iter().map(line).collect_view();
        }
        let bar = |(colour, d)| view! { <path class=series_class(colour).to_owned() d=d/> };
        paths(reading, top).into_iter().map(bar).collect_view()
    };
    view! {
        <svg
            viewBox=move || format!("0 0 {} 100", width())
            preserveAspectRatio="none"
            role="img"
            aria-label=move || chart.with(|chart| chart.label.clone())
        >
            {grid}
            {bars}
            <path class="base" d=move || format!("M0 100H{}", width())/>
        </svg>
        <Slots reading count/>
    }
}

/// One path a series: all its bars.
fn paths(reading: Reading, top: f64) -> Vec<(u8, String)> {
    let shown = reading.shown();
    let mut paths: Vec<(u8, String)> =
        shown.iter().map(|(_, series)| (series.colour, String::new())).collect();
    if top <= 0.0 {
        return paths;
    }
    reading.chart.with(|chart| {
        for (index, column) in chart.columns.iter().enumerate() {
            let x = as_float(index) * ROOM + (ROOM - BAR) / 2.0;
            let mut foot = 100.0;
            for (path, (place, _)) in paths.iter_mut().zip(&shown) {
                let height = 100.0 * column.values.get(*place).copied().unwrap_or_default() / top;
                if height <= 0.0 {
                    continue;
                }
                let drawn = (height - GAP).max(height.min(GAP));
                // Writing into a String cannot fail.
                let _ = write!(path.1, "M{x:.1} {foot:.2}h{BAR}v-{drawn:.2}h-{BAR}z");
                foot -= height;
            }
        }
    });
    paths
}

/// One path a series: a level for each column, up and down at its edges.
fn lines(reading: Reading, top: f64) -> Vec<(u8, String)> {
    if top <= 0.0 {
        return Vec::new();
    }
    let shown = reading.shown();
    reading.chart.with(|chart| {
        let line = |(place, series): &(usize, Series)| {
            let mut path = String::new();
            for (index, column) in chart.columns.iter().enumerate() {
                let y = 100.0 - 100.0 * column.values.get(*place).copied().unwrap_or_default() / top;
                let from = if index == 0 { format!("M0 {y:.2}") } else { format!("V{y:.2}") };
                // Writing into a String cannot fail.
                let _ = write!(path, "{from}H{:.0}", as_float(index + 1) * ROOM);
            }
            (series.colour, path)
        };
        shown.iter().map(line).collect()
    })
}

/// What pointer and keyboard read out.
#[component]
fn Slots(reading: Reading, count: Memo<usize>) -> impl IntoView {
    let text = use_text();
    let column = reading.column;
    let slot = move |index: usize| {
        let card = move || {
            let read_out = (column.get() == Some(index)).then(|| reading.read_out(index)).flatten()?;
            Some(view! { <ReadOutCard read_out left={index * 2 >= count.get_untracked()}/> })
        };
        view! {
            <div
                class=move || if column.get() == Some(index) { "on" } else { "" }
                on:pointerenter=move |_| column.set(Some(index))
            >
                {card}
            </div>
        }
    };
    let last_used = move || {
        reading.chart.with_untracked(|chart| {
            chart.columns.iter().rposition(|column| column.values.iter().any(|value| *value > 0.0))
        })
    };
    let key = move |event: KeyboardEvent| {
        let last = count.get_untracked().saturating_sub(1);
        let at = column.get_untracked();
        let next = match event.key().as_str() {
            "ArrowRight" => at.map_or(0, |at| (at + 1).min(last)),
            "ArrowLeft" => at.map_or(last, |at| at.saturating_sub(1)),
            "Home" => 0,
            "End" => last,
            "Escape" => return column.set(None),
            _ => return,
        };
        event.prevent_default();
        column.set(Some(next));
    };
    let said = move || {
        let read_out = column.get().and_then(|index| reading.read_out(index));
        read_out.map(|read| {
            let parts = read.parts.iter().rev().map(|(_, name, amount)| format!(", {name} {amount}"));
            let sum = read.sum.map(|sum| format!("{} {sum}", text.part.all)).unwrap_or_default();
            format!("{}: {sum}{}", read.heading, parts.collect::<String>())
        })
    };
    view! {
        <div
            class="slots"
            role="group"
            tabindex="0"
            aria-label=text.part.read_out
            on:pointerleave=move |_| column.set(None)
            on:focus=move |_| column.set(last_used())
            on:blur=move |_| column.set(None)
            on:keydown=key
        >
            {move || (0..count.get()).map(slot).collect_view()}
        </div>
        <output class="unseen">{said}</output>
    }
}

#[allow(clippy::cast_precision_loss, reason = "a few dozen columns")]
fn as_float(count: usize) -> f64 {
    count as f64
}
