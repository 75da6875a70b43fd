//! The table of keys. A row stays the same row while its figures move.

use leptos::prelude::*;
use relay::model::figure::Totals;
use relay::model::id::KeyId;
use relay::model::key::KeyRow;

use super::board::Keys;
use super::bulk::{Bulk, TickAll};
use super::row::Line;
use super::sort::By;
use super::view::{PER_PAGE, View};
use crate::format;
use crate::part::empty::Empty;
use crate::part::icon::Icon;
use crate::part::limit::LimitsKey;
use crate::part::quantity::{Money, Tokens};
use crate::preference::use_text;

/// The table with its sum, what can be done with several, and its pages.
#[component]
pub(super) fn KeyTable(keys: Keys) -> impl IntoView {
    let text = &use_text().key;
    let rows = move || {
        let page = keys.view.with(|view| view.page);
        keys.listed
            .with(|listed| listed.iter().skip(page * PER_PAGE).take(PER_PAGE).cloned().collect::<Vec<_>>())
    };
    let is_empty = Memo::new(move |_| keys.listed.with(Vec::is_empty));
    let table = move || {
        view! {
            <Bulk keys/>
            <table class="table stack keys">
                <Head keys/>
                <tbody>
                    <For each=rows key=KeyId::clone children=move |id| view! { <Line id keys/> }/>
                </tbody>
                <Sum keys/>
            </table>
            <Pager keys/>
        }
    };
    view! {
        <section class="sheet plain" aria-label=use_text().frame.keys>
            <Show
                when=move || !is_empty.get()
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
fn Head(keys: Keys) -> impl IntoView {
    let text = &use_text().key;
    let column = move |word: &'static str, class: &'static str, by: By| {
        let mark = move || keys.view.with(|view| view.sort.mark(by));
        let href = move || keys.view.with(|view| View { sort: view.sort.next(by), ..view.again() }.href());
        let arrow = move || {
            mark().map(|mark| view! { <Icon name=if mark == "ascending" { "rise" } else { "fall" }/> })
        };
        view! {
            <th scope="col" class=class aria-sort=mark>
                <a href=href title=(text.sort_by)(word)>{word}{arrow}</a>
            </th>
        }
    };
    view! {
        <thead>
            <tr>
                <th scope="col" class="tick"><TickAll keys/></th>
                {column(text.key, "", By::Name)}
                <th scope="col">{text.state}</th>
                {column(text.nearest, "", By::Limit)}
                {column(text.requests_today, "n", By::Requests)}
                {column(text.tokens_today, "n mid", By::Tokens)}
                {column(text.cost_today, "n", By::Cost)}
                <th scope="col" class="wide">{text.day}</th>
                {column(text.last_used, "n wide", By::LastUsed)}
            </tr>
        </thead>
    }
}

/// The sum over all pages of the list.
#[component]
fn Sum(keys: Keys) -> impl IntoView {
    let text = &use_text().key;
    let sum = Memo::new(move |_| {
        let mut sum = Totals::default();
        keys.listed.with(|listed| {
            keys.list.shown.with(|list| {
                let is_listed = |key: &&KeyRow| listed.contains(&key.id);
                list.iter().filter(is_listed).for_each(|key| sum += key.today);
            });
        });
        sum
    });
    view! {
        <tfoot>
            <tr>
                <td class="tick"></td>
                <th scope="row" colspan="3" class="full">{move || (text.sum)(keys.listed.with(Vec::len))}</th>
                <td class="n" data-label=text.requests_today>{move || format::grouped(sum.get().requests)}</td>
                <td class="n mid" data-label=text.tokens_today>
                    <Tokens count=Signal::derive(move || sum.get().tokens.all())/>
                </td>
                <td class="n" data-label=text.cost_today><Money amount=Signal::derive(move || sum.get().cost)/></td>
                <td class="wide" colspan="2"></td>
            </tr>
        </tfoot>
    }
}

#[component]
fn Pager(keys: Keys) -> impl IntoView {
    let text = &use_text().key;
    let count = move || keys.listed.with(Vec::len);
    let at = Memo::new(move |_| keys.view.with(|view| view.page).min(count().saturating_sub(1) / PER_PAGE));
    let shown = move || {
        let from = at.get() * PER_PAGE;
        (text.shown)(from + 1, (from + PER_PAGE).min(count()), count())
    };
    let page = move |page: usize| keys.view.with(|view| View { page, ..view.again() }.href());
    let back = move || {
        (at.get() > 0)
            .then(|| view! { <a class="button tiny" rel="prev" href=page(at.get() - 1)>{text.earlier}</a> })
    };
    let on = move || {
        ((at.get() + 1) * PER_PAGE < count())
            .then(|| view! { <a class="button tiny" rel="next" href=page(at.get() + 1)>{text.later}</a> })
    };
    view! {
        <nav class="pager" aria-label=text.key>
            <span>{shown}</span>
            <LimitsKey/>
            <div class="buttons">{back}{on}</div>
        </nav>
    }
}
