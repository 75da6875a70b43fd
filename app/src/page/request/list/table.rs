//! The rows, what they come to, and the way to the next page.

use leptos::prelude::*;
use relay::model::figure::Totals;
use relay::model::money::Nanodollars;
use relay::model::request::{RequestRow, RequestSort};
use relay::model::usage::Tokens as Classes;

use crate::address::request::{Calls, ROWS};
use crate::api::call::ListedCalls;
use crate::format;
use crate::page::narrow::Downloads;
use crate::page::request::row::CallRow;
use crate::part::empty::Empty;
use crate::part::fold::Fold;
use crate::part::icon::Icon;
use crate::part::palette::use_palette;
use crate::part::quantity::{Money, Tokens};
use crate::preference::use_text;

/// The table with its sum.
#[component]
pub(super) fn CallTable(found: StoredValue<ListedCalls>, list: StoredValue<Calls>) -> impl IntoView {
    let text = use_text();
    let rows = found.with_value(|found| found.page.rows.clone());
    if rows.is_empty() {
        return view! {
            <Empty title=text.calls.none said=text.calls.none_next>
                <a class="button" href=Calls::default().href()>{text.calls.show_all}</a>
            </Empty>
        }
        .into_any();
    }
    let palette = use_palette();
    let row = move |request: RequestRow| view! { <CallRow request palette list/> };
    let count = rows.len();
    let href = Callback::new(move |format| {
        let (from_ms, to_ms) = found.with_value(|found| (found.from_ms, found.to_ms));
        list.with_value(|list| list.download(format, from_ms, to_ms))
    });
    view! {
        <section class="sheet plain" aria-label=text.frame.requests>
            <div class="filters">
                <Whole found/>
                <Downloads href/>
            </div>
            <table class="table tight stack calls">
                <thead><tr><Heads list/></tr></thead>
                <tbody>{rows.clone().into_iter().map(row).collect_view()}</tbody>
                <tfoot><Sum rows/></tfoot>
            </table>
            <Fold rows=count/>
            <Pager found list/>
        </section>
    }
    .into_any()
}

/// What the whole list comes to, where sums of it are kept.
#[component]
fn Whole(found: StoredValue<ListedCalls>) -> impl IntoView {
    let text = use_text();
    let words = &text.calls;
    found.with_value(|found| found.sum).map(|sum: Totals| {
        view! {
            <dl class="stats" aria-label=words.whole>
                <div><dt>{text.dashboard.requests}</dt><dd><b>{format::grouped(sum.requests)}</b></dd></div>
                <div><dt>{text.dashboard.refused_or_failed}</dt><dd><b>{format::grouped(sum.failed)}</b></dd></div>
                <div><dt>{text.dashboard.tokens}</dt><dd><b><Tokens count=sum.tokens.all()/></b></dd></div>
                <div><dt>{text.dashboard.cost}</dt><dd><b><Money amount=sum.cost/></b></dd></div>
            </dl>
        }
    })
}

/// The heads; those that the list can be ordered by lead to it in that order.
#[component]
fn Heads(list: StoredValue<Calls>) -> impl IntoView {
    let text = &use_text().dashboard;
    let sorted = list.with_value(|list| list.sort);
    let lead = |sort: RequestSort| {
        list.with_value(|list| Calls { sort, after: String::new(), ..list.clone() }.href())
    };
    let head = |word: &'static str, sort: RequestSort, class: &'static str| {
        let is_sorted = sorted == sort || (sort == RequestSort::Newest && sorted == RequestSort::Oldest);
        let next = if sorted == RequestSort::Newest && sort == sorted { RequestSort::Oldest } else { sort };
        let (order, icon) = match sorted {
            RequestSort::Oldest => ("ascending", "rise"),
            _ => ("descending", "fall"),
        };
        view! {
            <th scope="col" class=class aria-sort=is_sorted.then_some(order)>
                <a href=lead(next)>{word}{is_sorted.then(|| view! { <Icon name=icon/> })}</a>
            </th>
        }
    };
    view! {
        {head(text.time, RequestSort::Newest, "")}
        <th scope="col">{text.key}</th>
        <th scope="col">{text.model}</th>
        <th scope="col" class="wide">{text.account}</th>
        <th scope="col">{text.outcome}</th>
        {head(text.tokens, RequestSort::Tokens, "n")}
        {head(text.cost, RequestSort::Cost, "n")}
        <th scope="col" class="n wide">{text.first_byte}</th>
        {head(text.total, RequestSort::Duration, "n")}
    }
}

/// The rows of this page together.
#[component]
fn Sum(rows: Vec<RequestRow>) -> impl IntoView {
    let text = use_text();
    let mut tokens = Classes::default();
    let mut cost = Nanodollars::default();
    for row in &rows {
        tokens += row.tokens;
        cost += row.cost.unwrap_or_default();
    }
    let label = &text.dashboard;
    view! {
        <tr>
            <th scope="row" colspan="3" class="full">{(text.calls.on_page)(rows.len())}</th>
            <td class="wide"></td>
            <td></td>
            <td class="n" data-label=label.tokens><Tokens count=tokens.all()/></td>
            <td class="n" data-label=label.cost><Money amount=cost/></td>
            <td class="wide"></td>
            <td></td>
        </tr>
    }
}

/// Rows a page, to the first page, to the next.
#[component]
fn Pager(found: StoredValue<ListedCalls>, list: StoredValue<Calls>) -> impl IntoView {
    let text = &use_text().calls;
    let list = list.get_value();
    let with = |after: &str, rows: u16| Calls { after: after.to_owned(), rows, ..list.clone() }.href();
    let mut sizes = ROWS;
    sizes.sort_unstable();
    let size = |rows: u16| {
        let current = (rows == list.rows).then_some("true");
        view! { <a class="button tiny bare" href=with("", rows) aria-current=current>{rows}</a> }
    };
    let sizes = sizes.map(size).into_iter().collect_view();
    let first = (!list.after.is_empty()).then(|| {
        view! { <a class="button tiny" href=with("", list.rows)><Icon name="left"/>{text.first}</a> }
    });
    let next = found.with_value(|found| found.page.next.clone()).map(|next| {
        view! { <a class="button tiny" href=with(&next, list.rows)>{text.next}<Icon name="right"/></a> }
    });
    view! {
        <div class="pager">
            <span>{text.rows}</span>
            {sizes}
            <div class="buttons">{first}{next}</div>
        </div>
    }
}
