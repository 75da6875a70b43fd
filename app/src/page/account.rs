//! Upstream accounts: the list by service. What is searched for is in the address. One account and the way to a new
//! one have pages of their own.

mod again;
mod board;
mod cooldown;
mod fields;
mod group;
pub(crate) mod new;
pub(crate) mod one;
mod owner;
mod proxy;
mod resume;
mod row;
mod test;
mod view;

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};
use relay::model::account::AccountRow;
use relay::model::group::GroupRow;

use crate::api::account::get_accounts;
use crate::api::error::ApiError;
use crate::api::group::get_groups;
use crate::part::notice::Failure;
use crate::part::page::Page;
use crate::part::skeleton::{Shape, Skeleton};
use crate::preference::use_text;
use board::Board;
use view::use_view;

/// The route of the accounts; its code is a chunk of its own.
#[derive(Debug)]
pub(crate) struct AccountsRoute;

#[lazy_route]
impl LazyRoute for AccountsRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <AccountsPage/> }.into_any()
    }
}

/// What the page begins with.
type First = (Vec<AccountRow>, Vec<GroupRow>);

#[component]
fn AccountsPage() -> impl IntoView {
    let text = use_text();
    let view = use_view();
    let first = Resource::new(|| (), |()| read());
    let ready = move |read: Result<First, ApiError>| match read {
        Ok((accounts, groups)) => view! { <Board accounts groups view/> }.into_any(),
        Err(error) => {
            let retry = Callback::new(move |()| first.refetch());
            view! { <Failure error retry/> }.into_any()
        }
    };
    view! {
        <Page title=text.frame.accounts>
            <Suspense fallback=|| view! { <Skeleton shape=Shape::Rows(6)/> }>
                {move || Suspend::new(async move { ready(first.await) })}
            </Suspense>
        </Page>
    }
}

async fn read() -> Result<First, ApiError> {
    Ok((get_accounts().await?, get_groups().await?))
}
