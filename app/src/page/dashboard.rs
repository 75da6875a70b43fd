//! The overview: is it all working, who uses what, what does it cost, and what needs me?
//!
//! Fetched once with the page, then kept up to date by the live feed: figures of the moment come with each pulse,
//! the rest is fetched again soon after requests came in.

mod account;
mod board;
mod health;
mod now;
mod recent;
mod today;
mod top;
mod trouble;
mod usage;
pub(crate) mod view;

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};
use relay::model::figure::{Dashboard, Range};

use crate::api::error::ApiError;
use crate::api::figure::get_dashboard;
use crate::part::notice::Failure;
use crate::part::page::Page;
use crate::part::segment::{Choice, Segment};
use crate::part::skeleton::{Shape, Skeleton};
use crate::preference::use_text;
use board::Board;
use view::{RANGES, View, use_view};

/// The route of the overview; its code is a chunk of its own.
#[derive(Debug)]
pub(crate) struct DashboardRoute;

#[lazy_route]
impl LazyRoute for DashboardRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <Overview/> }.into_any()
    }
}

#[component]
fn Overview() -> impl IntoView {
    let text = use_text();
    let view = use_view();
    // Only the first fetch belongs to the page; the board makes the others, without blanking anything.
    let first = Resource::new(
        || (),
        move |()| {
            let view = view.get_untracked();
            get_dashboard(view.range, view.group)
        },
    );
    let ready = move |figures: Result<Dashboard, ApiError>| match figures {
        Ok(figures) => view! { <Board first=figures view/> }.into_any(),
        Err(error) => {
            let retry = Callback::new(move |()| first.refetch());
            view! { <Failure error retry/> }.into_any()
        }
    };
    view! {
        <Page title=text.frame.overview tools=ViewFn::from(move || view! { <RangeSwitch view/> })>
            <Suspense fallback=|| view! { <Skeleton shape=Shape::Overview/> }>
                {move || Suspend::new(async move { ready(first.await) })}
            </Suspense>
        </Page>
    }
}

#[component]
fn RangeSwitch(view: Memo<View>) -> impl IntoView {
    let text = use_text();
    let choice = |range: Range| Choice {
        word: (text.dashboard.range_name)(range),
        href: Signal::derive(move || View { range, ..view.get() }.href()),
        chosen: Signal::derive(move || view.get().range == range),
    };
    view! { <Segment class="range" label=text.dashboard.range choices=RANGES.map(choice).to_vec()/> }
}
