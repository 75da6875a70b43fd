//! What was refused or failed today, and whether a client saw it.

use leptos::prelude::*;
use relay::model::explore::Span;
use relay::model::figure::Trouble;

use super::board::Figures;
use crate::address::request::Calls;
use crate::format;
use crate::part::badge::{Badge, Tone};
use crate::part::fold::Fold;
use crate::part::sheet::Sheet;
use crate::part::time::Brief;
use crate::preference::use_text;

/// The panel.
#[component]
pub(super) fn TroublePanel(figures: Figures) -> impl IntoView {
    let text = &use_text().dashboard;
    let causes = Memo::new(move |_| figures.shown.with(|shown| shown.trouble.clone()));
    let sums = move || {
        causes.with(|causes| {
            causes.iter().fold((0, 0), |sum, cause| (sum.0 + cause.times, sum.1 + cause.recovered))
        })
    };
    let note = Signal::derive(move || match sums() {
        (0, _) => String::new(),
        (times, recovered) => (text.trouble_sum)(&format::grouped(times), &format::grouped(recovered)),
    });
    let number = |word: &'static str| view! { <th scope="col" class="n">{word}</th> };
    let table = move || {
        if causes.with(Vec::is_empty) {
            return view! { <p class="none">{text.no_trouble}</p> }.into_any();
        }
        let rows = causes.get().into_iter().map(|cause| view! { <Cause cause/> }).collect_view();
        view! {
            <table class="table free stack causes">
                <thead>
                    <tr>
                        <th scope="col">{text.cause}</th>
                        {number(text.times)}
                        {number(text.recovered)}
                        {number(text.reached)}
                        <th scope="col" class="n wide">{text.last}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <Fold rows=causes.with(Vec::len)/>
        }
        .into_any()
    };
    view! { <Sheet id="trouble" title=text.trouble note>{table}</Sheet> }
}

#[component]
fn Cause(cause: Trouble) -> impl IntoView {
    let text = &use_text().dashboard;
    let reached = cause.times.saturating_sub(cause.recovered);
    let (tone, word) = match reached {
        0 => (Tone::Ok, text.none.to_owned()),
        count => (Tone::Bad, format::grouped(count)),
    };
    let href = Calls { find: cause.cause.clone(), ..Calls::within(Span::Today) }.href();
    let recovered = if cause.recovered == 0 { "–".to_owned() } else { format::grouped(cause.recovered) };
    view! {
        <tr>
            <th scope="row" class="full">
                <span class="name"><a href=href>{cause.cause}</a><small>{cause.account}</small></span>
            </th>
            <td class="n" data-label=text.times>{format::grouped(cause.times)}</td>
            <td class="n" data-label=text.recovered data-short=text.recovered_short>{recovered}</td>
            <td class="n" data-label=text.reached data-short=text.reached_short><Badge tone word/></td>
            <td class="n quiet wide"><Brief at_ms=cause.last_ms/></td>
        </tr>
    }
}
