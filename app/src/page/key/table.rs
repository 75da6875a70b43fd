//! The table of keys. A row stays the same row while its figures move.

use leptos::prelude::*;
use relay::model::figure::Totals;
use relay::model::id::KeyId;
use relay::model::key::KeyRow;

use super::board::Keys;
use super::view::{Open, View};
use crate::format;
use crate::part::badge::{Badge, Tone};
use crate::part::empty::Empty;
use crate::part::icon::Icon;
use crate::part::quantity::{Money, Tokens};
use crate::part::spark::Spark;
use crate::part::time::Ago;
use crate::preference::use_text;

/// More rows than this help nobody; the search finds the others.
const MOST_ROWS: usize = 200;

/// The table with its sum.
#[component]
pub(super) fn KeyTable(keys: Keys) -> impl IntoView {
    let text = &use_text().key;
    let listed = Memo::new(move |_| {
        keys.view.with(|view| {
            keys.list.shown.with(|list| {
                list.iter().filter(|key| view.takes(key)).map(|key| key.id.clone()).collect::<Vec<_>>()
            })
        })
    });
    let number = |word: &'static str, class: &'static str| view! { <th scope="col" class=class>{word}</th> };
    let rows = move || listed.with(|listed| listed.iter().take(MOST_ROWS).cloned().collect::<Vec<_>>());
    let cut = move || {
        let count = listed.with(Vec::len).saturating_sub(MOST_ROWS);
        (count > 0).then(|| view! { <p class="small quiet">{(text.cut)(count)}</p> })
    };
    let table = move || {
        view! {
            <table class="table stack keys">
                <thead>
                    <tr>
                        <th scope="col">{text.key}</th>
                        <th scope="col">{text.state}</th>
                        <th scope="col">{text.served_by}</th>
                        {number(text.requests_today, "n")}
                        {number(text.tokens_today, "n")}
                        {number(text.cost_today, "n")}
                        <th scope="col" class="wide">{text.day}</th>
                        {number(text.last_used, "n wide")}
                        <th scope="col" class="act"><span class="unseen">{text.more}</span></th>
                    </tr>
                </thead>
                <tbody>
                    <For each=rows key=KeyId::clone children=move |id| view! { <Line id keys/> }/>
                </tbody>
                <Sum keys listed/>
            </table>
            {cut}
        }
    };
    view! {
        <section class="sheet plain" aria-label=use_text().frame.keys>
            <Show
                when=move || listed.with(|listed| !listed.is_empty())
                fallback=move || view! {
                    <Empty title=text.none_found said=text.none_found_next>
                        <a class="button" href=View::default().href()>{text.show_all}</a>
                    </Empty>
                }
            >
                {table}
            </Show>
        </section>
    }
}

#[component]
fn Line(id: KeyId, keys: Keys) -> impl IntoView {
    let text = use_text();
    let sought = id.clone();
    let row = Memo::new(move |last: Option<&Option<KeyRow>>| {
        let found = keys.list.shown.with(|list| list.iter().find(|key| key.id == sought).cloned());
        // Gone from the list: this row goes too, in a moment.
        found.or_else(|| last.cloned().flatten())
    });
    let of = move |read: fn(&KeyRow) -> String| row.with(|row| row.as_ref().map(read).unwrap_or_default());
    let today = move || row.with(|row| row.as_ref().map(|row| row.today).unwrap_or_default());
    let enabled = Signal::derive(move || row.with(|row| row.as_ref().is_some_and(|row| row.enabled)));
    let tone = Signal::derive(move || if enabled.get() { Tone::Ok } else { Tone::Off });
    let word =
        Signal::derive(move || if enabled.get() { text.key.enabled } else { text.key.disabled }.to_owned());
    let href = Signal::derive(move || keys.view.with(|view| view.with(Open::One(id.clone())).href()));
    let hours =
        Signal::derive(move || row.with(|row| row.as_ref().map(|row| row.hours.clone()).unwrap_or_default()));
    let values = Signal::derive(move || {
        hours.with(|hours| hours.iter().map(|count| Some(f64::from(*count))).collect::<Vec<_>>())
    });
    let day = move || (text.key.day_of)(&of(|row| row.name.clone()), hours.with(|hours| hours.iter().sum()));
    let last_used = move || match row.with(|row| row.as_ref().and_then(|row| row.last_used_ms)) {
        Some(at_ms) => view! { <Ago at_ms/> }.into_any(),
        None => text.key.never.into_any(),
    };
    let label = &text.key;
    view! {
        <tr class=move || (!enabled.get()).then_some("dim")>
            <th scope="row" class="half">
                <span class="name">
                    <a href=href>{move || of(|row| row.name.clone())}</a>
                    <small class="mono">{move || of(|row| format!("{}…", row.prefix))}</small>
                </span>
            </th>
            <td><Badge tone word/></td>
            <td class="full"><ServedBy row/></td>
            <td class="n" data-label=label.requests_today>{move || format::grouped(today().requests)}</td>
            <td class="n" data-label=label.tokens_today>
                <Tokens count=Signal::derive(move || today().tokens.all())/>
            </td>
            <td class="n" data-label=label.cost_today>
                <b><Money amount=Signal::derive(move || today().cost)/></b>
            </td>
            <td class="wide"><span title=day><Spark values inline=true/></span></td>
            <td class="n quiet wide">{last_used}</td>
            <td class="act">
                <a
                    class="button bare tiny square"
                    href=href
                    aria-label=move || (text.key.more_of)(&of(|row| row.name.clone()))
                >
                    <Icon name="more"/>
                </a>
            </td>
        </tr>
    }
}

#[component]
pub(super) fn ServedBy(row: Memo<Option<KeyRow>>) -> impl IntoView {
    let text = use_text();
    move || match row.with(|row| row.as_ref().and_then(|row| row.bound.clone())) {
        None => view! { <span class="quiet">{text.key.any_account}</span> }.into_any(),
        Some(bound) if bound.name.is_empty() => {
            view! { <span class="quiet">{text.key.gone_account}</span> }.into_any()
        }
        Some(bound) => {
            let sandbox = bound.sandbox.then(|| {
                view! { " "<Badge tone=Tone::Sandbox word=text.state.sandbox title=text.state.sandbox_why/> }
            });
            view! { {bound.name}{sandbox} }.into_any()
        }
    }
}

#[component]
fn Sum(keys: Keys, listed: Memo<Vec<KeyId>>) -> impl IntoView {
    let text = &use_text().key;
    let sum = Memo::new(move |_| {
        keys.view.with(|view| {
            keys.list.shown.with(|list| {
                let mut sum = Totals::default();
                list.iter().filter(|key| view.takes(key)).for_each(|key| sum += key.today);
                sum
            })
        })
    });
    view! {
        <tfoot>
            <tr>
                <th scope="row" colspan="3" class="full">{move || (text.sum)(listed.with(Vec::len))}</th>
                <td class="n" data-label=text.requests_today>{move || format::grouped(sum.get().requests)}</td>
                <td class="n" data-label=text.tokens_today><Tokens count=Signal::derive(move || sum.get().tokens.all())/></td>
                <td class="n" data-label=text.cost_today><Money amount=Signal::derive(move || sum.get().cost)/></td>
                <td class="wide" colspan="2"></td>
                <td class="wide"></td>
            </tr>
        </tfoot>
    }
}
