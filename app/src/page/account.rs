//! Upstream accounts: the list by kind, and beside it a panel for a new one or for one of them. What is open and what
//! is searched for is in the address.

mod board;
pub(crate) mod fields;
mod new;
mod one;
mod row;
mod test;
mod view;

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};
use relay::model::account::AccountRow;

use crate::api::account::get_accounts;
use crate::api::error::ApiError;
use crate::part::notice::Failure;
use crate::part::page::Page;
use crate::part::skeleton::{Shape, Skeleton};
use crate::preference::use_text;
use board::Board;

/// The route of the accounts; its code is a chunk of its own.
#[derive(Debug)]
pub(crate) struct AccountRoute;

#[lazy_route]
impl LazyRoute for AccountRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <AccountPage/> }.into_any()
    }
}

#[component]
fn AccountPage() -> impl IntoView {
    let text = use_text();
    let first = Resource::new(|| (), |()| get_accounts());
    let ready = move |read: Result<Vec<AccountRow>, ApiError>| match read {
        Ok(accounts) => view! { <Board accounts/> }.into_any(),
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
