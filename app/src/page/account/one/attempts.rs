//! The account's latest attempts, each with the reply and what became of the call.

use leptos::prelude::*;
use relay::model::account::AttemptRow;
use relay::model::outcome::Outcome;

use super::One;
use crate::address::request::one;
use crate::moment::{self, use_clock};
use crate::part::badge::Badge;
use crate::part::fold::Fold;
use crate::part::sheet::Sheet;
use crate::part::state::attempt_tone;
use crate::preference::{use_preference, use_text};

/// The table.
#[component]
pub(super) fn Attempts(one: One) -> impl IntoView {
    let text = &use_text().detail;
    let rows = Memo::new(move |_| {
        one.fresh
            .shown
            .with(|detail| detail.as_ref().map(|detail| detail.attempts.clone()).unwrap_or_default())
    });
    let is_empty = Memo::new(move |_| rows.with(Vec::is_empty));
    let table = move || {
        if is_empty.get() {
            return view! { <p class="none">{text.no_attempt}</p> }.into_any();
        }
        view! {
            <table class="table free stack attempts">
                <thead>
                    <tr>
                        <th scope="col">{text.time}</th>
                        <th scope="col">{text.key}</th>
                        <th scope="col">{text.model}</th>
                        <th scope="col">{text.status}</th>
                        <th scope="col">{text.verdict}</th>
                        <th scope="col" class="n">{text.took}</th>
                    </tr>
                </thead>
                <tbody>
                    <For
                        each=move || rows.get()
                        key=|row| (row.call.clone(), row.n)
                        children=|row| view! { <Attempt row/> }
                    />
                </tbody>
            </table>
            <Fold rows=Signal::derive(move || rows.with(Vec::len))/>
        }
        .into_any()
    };
    view! { <Sheet id="attempts" title=text.attempts>{table}</Sheet> }
}

#[component]
fn Attempt(row: AttemptRow) -> impl IntoView {
    let text = use_text();
    let (clock, zone) = (use_clock(), use_preference().zone);
    let exact = moment::exact(row.at_ms, &zone, text);
    let at_ms = row.at_ms;
    let time = move || moment::brief_with_seconds(at_ms, clock.now_ms(), &zone, text);
    let tone = attempt_tone(row.outcome, row.last);
    let status = if row.status == 0 { "–".to_owned() } else { row.status.to_string() };
    let reply = match (row.cause, row.outcome) {
        (Some(cause), _) => cause,
        (None, Outcome::Ok) => text.detail.complete.to_owned(),
        (None, outcome) => (text.state.outcome)(outcome).to_owned(),
    };
    let n = (row.n > 1).then(|| format!(", {}", (text.detail.attempt)(row.n)));
    view! {
        <tr>
            <th scope="row" class="nowrap">
                <a class="plain" href=one(&row.call)>
                    <time datetime=moment::machine(row.at_ms) title=exact>{time}</time>
                </a>
            </th>
            <td class="half">{row.key_name}</td>
            <td class="half">{row.model}</td>
            <td><Badge tone word=status/></td>
            <td class="full">
                <span class="name">
                    <span>{reply}</span>
                    <small>{(text.detail.then)(row.outcome, row.last)}{n}</small>
                </span>
            </td>
            <td class="n" data-label=text.detail.took>{moment::span(row.total_ms.into(), text)}</td>
        </tr>
    }
}
