//! Client keys: the list, and beside it a panel for a new one. What is open and what is searched for is in the address.
//! Each key has a page of its own.

mod board;
mod bulk;
pub(crate) mod fields;
mod limits;
mod new;
mod once;
pub(crate) mod one;
mod row;
mod sort;
mod status;
mod table;
mod tools;
mod view;

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};
use relay::model::account::AccountRow;
use relay::model::group::GroupRow;
use relay::model::key::KeyRow;
use relay::model::limit::KeyLimits;

use crate::api::account::get_accounts;
use crate::api::error::ApiError;
use crate::api::group::get_groups;
use crate::api::key::{MadeKeys, get_keys, get_usual_limits, take_made_keys};
use crate::part::notice::Failure;
use crate::part::page::Page;
use crate::part::skeleton::{Shape, Skeleton};
use crate::preference::use_text;
use board::Board;
use view::{Open, use_view};

/// The route of the keys; its code is a chunk of its own.
#[derive(Debug)]
pub(crate) struct KeyRoute;

#[lazy_route]
impl LazyRoute for KeyRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <KeyPage/> }.into_any()
    }
}

/// What the page begins with.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct First {
    keys: Vec<KeyRow>,
    targets: Targets,
    made: Option<MadeKeys>,
}

/// What a key can be bound to, and what a new one may do if nobody says otherwise.
type Targets = (Vec<AccountRow>, Vec<GroupRow>, KeyLimits);

#[component]
fn KeyPage() -> impl IntoView {
    let text = use_text();
    let view = use_view();
    let first = Resource::new(|| (), move |()| read(view.with_untracked(|view| view.open == Open::Made)));
    let ready = move |read: Result<First, ApiError>| match read {
        Ok(first) => view! { <Board first view/> }.into_any(),
        Err(error) => {
            let retry = Callback::new(move |()| first.refetch());
            view! { <Failure error retry/> }.into_any()
        }
    };
    view! {
        <Page title=text.frame.keys>
            <Suspense fallback=|| view! { <Skeleton shape=Shape::Rows(8)/> }>
                {move || Suspend::new(async move { ready(first.await) })}
            </Suspense>
        </Page>
    }
}

/// Once for the whole page: what a form without WASM left can be taken once.
async fn read(made: bool) -> Result<First, ApiError> {
    let made = if made { take_made_keys().await? } else { None };
    Ok(First { targets: targets().await?, keys: get_keys().await?, made })
}

async fn targets() -> Result<Targets, ApiError> {
    Ok((get_accounts().await?, get_groups().await?, get_usual_limits().await?))
}
