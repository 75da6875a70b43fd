//! The table behind a chart: the same figures in words.

use leptos::prelude::*;

use super::{Column, Reading};
use crate::preference::use_text;

/// Closed until asked for; rows of nothing are left out.
#[component]
pub(super) fn Behind(reading: Reading) -> impl IntoView {
    let text = use_text();
    let Reading { chart, amount, .. } = reading;
    let table = move || {
        let heads = chart.with(|chart| {
            let head = |name: String| view! { <th scope="col" class="n">{name}</th> };
            chart.series.iter().map(|series| head(series.name.clone())).collect_view()
        });
        let row = |column: &Column| {
            let cells = column.values.iter().map(|value| view! { <td class="n">{amount.run(*value)}</td> });
            let sum = (!reading.is_levels()).then(|| {
                let sum: f64 = column.values.iter().sum();
                view! { <td class="n"><b>{amount.run(sum)}</b></td> }
            });
            view! {
                <tr>
                    <th scope="row">{column.long.clone()}</th>
                    {cells.collect_view()}
                    {sum}
                </tr>
            }
        };
        let rows = chart.with(|chart| {
            let used = chart.columns.iter().filter(|column| column.values.iter().any(|value| *value > 0.0));
            used.map(row).collect_view()
        });
        let all = (!reading.is_levels()).then(|| view! { <th scope="col" class="n">{text.part.all}</th> });
        view! {
            <table class="table tight free">
                <thead>
                    <tr>
                        <th scope="col">{text.dashboard.when}</th>
                        {heads}
                        {all}
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
    };
    view! {
        <details class="behind">
            <summary>{text.part.as_table}</summary>
            <div tabindex="0" role="group" aria-label=text.part.as_table>{table}</div>
        </details>
    }
}
