//! What the key was used for: seven days by model, and its latest requests. Each leads to all of it.

use leptos::prelude::*;
use relay::model::explore::{Exploration, Narrowing, Question, Span};
use relay::model::request::RequestRow;

use super::One;
use crate::address::request::Calls;
use crate::address::usage::explorer;
use crate::api::call::{ListedCalls, list_calls};
use crate::api::error::ApiError;
use crate::api::usage::explore;
use crate::live::use_live;
use crate::page::request::row::{CallHeads, CallRow};
use crate::page::usage::chart::UsageChart;
use crate::part::fold::Fold;
use crate::part::notice::Failure;
use crate::part::palette::use_palette;
use crate::part::sheet::Sheet;
use crate::part::skeleton::{Shape, Skeleton};
use crate::preference::use_text;

/// So many requests are shown.
const ROWS: u16 = 25;

/// Both panels.
#[component]
pub(super) fn Explored(one: One) -> impl IntoView {
    let only = Narrowing { key: Some(one.id.get_value()), ..Narrowing::default() };
    let question =
        StoredValue::new(Question { span: Span::Days7, only: only.clone(), ..Question::default() });
    let list = StoredValue::new(Calls { only, rows: ROWS, ..Calls::default() });
    let used = Resource::new(|| (), move |()| explore(question.get_value()));
    let calls = Resource::new(|| (), move |()| list_calls(list.get_value()));
    // What was missed while the feed was lost is read when it is there again.
    let live = use_live();
    Effect::watch(
        move || live.keys.get(),
        move |_, _, _| {
            used.refetch();
            calls.refetch();
        },
        false,
    );
    let chart = move |read: Result<Exploration, ApiError>| match read {
        Ok(answer) => {
            let answer = StoredValue::new(answer);
            view! { <UsageChart question answer all=explorer(&question.get_value())/> }.into_any()
        }
        Err(error) => {
            let retry = Callback::new(move |()| used.refetch());
            view! { <Failure error retry/> }.into_any()
        }
    };
    let latest = move |read: Result<ListedCalls, ApiError>| match read {
        Ok(found) => view! { <Latest rows=found.page.rows list/> }.into_any(),
        Err(error) => {
            let retry = Callback::new(move |()| calls.refetch());
            view! { <Failure error retry/> }.into_any()
        }
    };
    view! {
        <Transition fallback=|| view! { <Skeleton shape=Shape::Rows(4)/> }>
            {move || Suspend::new(async move { chart(used.await) })}
        </Transition>
        <Transition fallback=|| view! { <Skeleton shape=Shape::Rows(8)/> }>
            {move || Suspend::new(async move { latest(calls.await) })}
        </Transition>
    }
}

/// The latest requests, newest first.
#[component]
fn Latest(rows: Vec<RequestRow>, list: StoredValue<Calls>) -> impl IntoView {
    let text = use_text();
    let palette = use_palette();
    let href = list.with_value(|list| Calls { only: list.only.clone(), ..Calls::default() }.href());
    let tools =
        ViewFn::from(move || view! { <a class="small" href=href.clone()>{use_text().frame.requests}</a> });
    let count = rows.len();
    let row = move |request: RequestRow| view! { <CallRow request palette list/> };
    let table = match rows.is_empty() {
        true => view! { <p class="none">{text.dashboard.no_request}</p> }.into_any(),
        false => view! {
            <table class="table tight free stack calls">
                <thead><tr><CallHeads/></tr></thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
            <Fold rows=count/>
        }
        .into_any(),
    };
    view! { <Sheet id="requests" title=text.dashboard.recent note=text.dashboard.newest_first tools>{table}</Sheet> }
}
