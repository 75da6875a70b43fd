//! Every call, page by page: narrowed, ordered and searched as the address says. Calls that come meanwhile are counted
//! above the list, which stands still until it is asked for them.

mod newer;
mod table;
mod tools;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::{LazyRoute, lazy_route};
use relay::model::explore::Span;

use crate::address::request::Calls;
use crate::api::call::{ListedCalls, list_calls};
use crate::api::error::ApiError;
use crate::api::usage::{Names, get_names};
use crate::live::use_live;
use crate::page::narrow::Narrowed;
use crate::part::notice::Failure;
use crate::part::page::Page;
use crate::part::segment::{Choice, Segment};
use crate::part::skeleton::{Shape, Skeleton};
use crate::preference::use_text;
use newer::Newer;
use table::CallTable;
use tools::Tools;

/// The route of the list; its code is a chunk of its own.
#[derive(Debug)]
pub(crate) struct RequestListRoute;

#[lazy_route]
impl LazyRoute for RequestListRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <RequestListPage/> }.into_any()
    }
}

type Read = Result<ListedCalls, ApiError>;

#[component]
fn RequestListPage() -> impl IntoView {
    let text = use_text();
    let query = use_query_map();
    let list = Memo::new(move |_| {
        query.with(|query| Calls::from_query(|name| query.get_str(name).unwrap_or_default()))
    });
    let read = Resource::new(move || list.get(), list_calls);
    let names = Resource::new(|| (), |()| get_names());
    catch_up(read);
    let ready = move |found: Read| match found {
        Ok(found) => {
            view! { <Found found list=list.get_untracked() again=Callback::new(move |()| read.refetch())/> }
                .into_any()
        }
        Err(error) => {
            let retry = Callback::new(move |()| read.refetch());
            view! { <Failure error retry/> }.into_any()
        }
    };
    view! {
        <Page title=text.frame.requests tools=ViewFn::from(move || view! { <SpanSwitch list/> })>
            <h2 class="unseen">{text.frame.requests}</h2>
            <Suspense fallback=|| view! { <Skeleton shape=Shape::Rows(1)/> }>
                {move || Suspend::new(async move {
                    // Without names everything but the choice of them works.
                    let names: Names = names.await.unwrap_or_default();
                    view! { <Tools list names=StoredValue::new(names)/> }
                })}
            </Suspense>
            <Transition fallback=|| view! { <Skeleton shape=Shape::Rows(12)/> }>
                {move || Suspend::new(async move { ready(read.await) })}
            </Transition>
        </Page>
    }
}

/// What was missed while the feed was lost is read when it is there again.
fn catch_up(read: Resource<Read>) {
    let live = use_live();
    Effect::watch(move || live.keys.get(), move |_, _, _| read.refetch(), false);
}

#[component]
fn SpanSwitch(list: Memo<Calls>) -> impl IntoView {
    let text = use_text();
    let choice = |span: Span| {
        let chosen = span.clone();
        Choice {
            word: (text.usage.span_name)(&span),
            href: Signal::derive(move || {
                Calls { span: span.clone(), after: String::new(), ..list.get() }.href()
            }),
            chosen: Signal::derive(move || list.with(|list| list.span == chosen)),
        }
    };
    let spans = [Span::Hours24, Span::Today, Span::Days7, Span::Days30, Span::All];
    view! { <Segment class="range" label=text.dashboard.range choices=spans.map(choice).to_vec()/> }
}

#[component]
fn Found(found: ListedCalls, list: Calls, again: Callback<()>) -> impl IntoView {
    let list = StoredValue::new(list);
    let found = StoredValue::new(found);
    view! {
        <Newer found list again/>
        <CallTable found list/>
    }
}

/// What the tools above narrow, named in one place for list and explorer.
pub(crate) fn narrowed(list: Memo<Calls>) -> Narrowed {
    Narrowed {
        only: Memo::new(move |_| list.with(|list| list.only.clone())),
        href: Callback::new(move |only| {
            list.with_untracked(|list| list.narrowed(|changed| *changed = only).href())
        }),
        with_owners: false,
    }
}
