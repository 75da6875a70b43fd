//! The legend: names and sums, or how levels are at last; a click takes a series off or puts it back.

use leptos::prelude::*;

use super::{Reading, Series};
use crate::part::share::{Swatch, series_class};

#[component]
pub(super) fn Legend(reading: Reading) -> impl IntoView {
    let Reading { chart, hidden, column, amount } = reading;
    let entry = move |(place, series): (usize, Series)| {
        let Series { id, name, colour, told } = series;
        let sum = chart.with_untracked(|chart| {
            let mut values = chart.columns.iter().filter_map(|column| column.values.get(place)).copied();
            if chart.levels { values.next_back().unwrap_or_default() } else { values.sum() }
        });
        let is_on = {
            let id = id.clone();
            move || (!hidden.with(|hidden| hidden.contains(&id))).to_string()
        };
        let toggle = move |_| {
            hidden.update(|hidden| {
                if !hidden.remove(&id) {
                    hidden.insert(id.clone());
                }
            });
        };
        // On a phone the read-out moves in here.
        let at = move || {
            let value = column.get().and_then(|at| {
                chart.with(|chart| chart.columns.get(at).and_then(|column| column.values.get(place)).copied())
            });
            amount.run(value.unwrap_or_default())
        };
        view! {
            <li>
                <button type="button" aria-pressed=is_on on:click=toggle>
                    <Swatch class=series_class(colour)/>
                    {name}
                    <b class="all">{amount.run(told.unwrap_or(sum))}</b>
                    <b class="at">{at}</b>
                </button>
            </li>
        }
    };
    let entries =
        move || chart.with(|chart| chart.series.clone()).into_iter().enumerate().map(entry).collect_view();
    view! { <ul class=move || if column.get().is_some() { "legend reads" } else { "legend" }>{entries}</ul> }
}
