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
use relay::model::account::{AccountRow, TestStep};
use relay::model::id::AccountId;

use crate::api::account::{get_accounts, take_test};
use crate::api::error::ApiError;
use crate::part::notice::Failure;
use crate::part::page::Page;
use crate::part::skeleton::{Shape, Skeleton};
use crate::preference::use_text;
use board::Board;
use view::{Open, use_view};

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

/// What the page begins with.
type First = (Vec<AccountRow>, Option<Vec<TestStep>>);

#[component]
fn AccountPage() -> impl IntoView {
    let text = use_text();
    let view = use_view();
    let opened = view.with_untracked(|view| match &view.open {
        Open::One(id) => Some(id.clone()),
        Open::Nothing | Open::New | Open::Delete(_) => None,
    });
    let asked = opened.clone();
    let first = Resource::new(|| (), move |()| read(asked.clone()));
    let ready = move |opened: Option<AccountId>, read: Result<First, ApiError>| match read {
        Ok((accounts, steps)) => view! { <Board accounts tested=opened.zip(steps) view/> }.into_any(),
        Err(error) => {
            let retry = Callback::new(move |()| first.refetch());
            view! { <Failure error retry/> }.into_any()
        }
    };
    let content = move || {
        let opened = opened.clone();
        Suspend::new(async move { ready(opened, first.await) })
    };
    view! {
        <Page title=text.frame.accounts>
            <Suspense fallback=|| view! { <Skeleton shape=Shape::Rows(6)/> }>{content}</Suspense>
        </Page>
    }
}

/// Once for the whole page: what a form without WASM left can be taken once.
async fn read(opened: Option<AccountId>) -> Result<First, ApiError> {
    let steps = match opened {
        Some(id) => take_test(id).await?,
        None => None,
    };
    Ok((get_accounts().await?, steps))
}
