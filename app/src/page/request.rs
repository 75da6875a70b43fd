//! One call: what was asked, its attempts, and why each of them went to its account.

mod attempts;
mod cost;
mod facts;
pub(crate) mod list;
pub(crate) mod row;
mod waterfall;
mod why;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use leptos_router::{LazyRoute, lazy_route};
use relay::model::id::CallId;
use relay::model::request::RequestDetail;

use crate::api::call::get_request;
use crate::api::error::ApiError;
use crate::part::empty::Empty;
use crate::part::notice::Failure;
use crate::part::page::Page;
use crate::part::skeleton::{Shape, Skeleton};
use crate::preference::use_text;
use crate::room::REQUESTS;
use attempts::Attempts;
use cost::Cost;
use facts::{Facts, Head};
use waterfall::Waterfall;
use why::Why;

/// The route of one call; its code is a chunk of its own.
#[derive(Debug)]
pub(crate) struct RequestRoute;

#[lazy_route]
impl LazyRoute for RequestRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <RequestPage/> }.into_any()
    }
}

#[component]
fn RequestPage() -> impl IntoView {
    let text = &use_text().request;
    let params = use_params_map();
    let id = Memo::new(move |_| CallId::new(params.with(|params| params.get("id").unwrap_or_default())));
    let first = Resource::new(move || id.get(), get_request);
    let ready = move |read: Result<Option<RequestDetail>, ApiError>| match read {
        Ok(Some(call)) => view! { <Call call/> }.into_any(),
        Ok(None) => view! {
            <Empty title=text.gone said=text.gone_why>
                <a class="button main" href=REQUESTS.path>{use_text().frame.requests}</a>
            </Empty>
        }
        .into_any(),
        Err(error) => {
            let retry = Callback::new(move |()| first.refetch());
            view! { <Failure error retry/> }.into_any()
        }
    };
    view! {
        <Page title=text.title above=&REQUESTS>
            <Suspense fallback=|| view! { <Skeleton shape=Shape::Rows(6)/> }>
                {move || Suspend::new(async move { ready(first.await) })}
            </Suspense>
        </Page>
    }
}

/// A call that has ended does not change any more: nothing here moves.
#[component]
fn Call(call: RequestDetail) -> impl IntoView {
    let call = StoredValue::new(call);
    view! {
        <Head call/>
        <Waterfall call/>
        <div class="columns">
            <Cost call/>
            <Facts call/>
        </div>
        <Attempts call/>
        <Why call/>
    }
}
