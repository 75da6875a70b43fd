//! The wizard: a new account in steps, or a new sign-in to one that exists. Which step it is, and of which sign-in, is
//! in the address: a reload loses nothing.

mod authorise;
mod done;
mod kind;
mod line;
mod other;
mod over;
mod settings;

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use leptos_router::{LazyRoute, lazy_route};
use relay::model::account::{AccountKind, AccountRow, TestStep};

use crate::address::account::Step;
use crate::api::account::{get_account, take_proxy_test};
use crate::api::error::ApiError;
use crate::api::sign_in::{Standing, get_sign_in};
use crate::part::notice::Failure;
use crate::part::page::Page;
use crate::part::skeleton::{Shape, Skeleton};
use crate::preference::use_text;
use crate::room::ACCOUNTS;
use authorise::AuthoriseStep;
use done::DoneStep;
use kind::KindStep;
use over::Over;
use settings::SettingsStep;

/// The route of the wizard; its code is a chunk of its own.
#[derive(Debug)]
pub(crate) struct NewAccountRoute;

#[lazy_route]
impl LazyRoute for NewAccountRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! { <NewAccountPage/> }.into_any()
    }
}

/// How the test of a proxy went that a form posted without WASM asked for.
type Tested = Option<Vec<TestStep>>;

/// A step with what it shows.
#[allow(clippy::large_enum_variant, reason = "there is one of them a page")]
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
enum Read {
    Kind,
    Settings(AccountKind, Tested),
    Change(Standing, Tested),
    Authorise(Standing),
    Done(Option<AccountRow>),
}

#[component]
fn NewAccountPage() -> impl IntoView {
    let text = &use_text().wizard;
    let query = use_query_map();
    let step = Memo::new(move |_| {
        query.with(|query| Step::from_query(|name| query.get_str(name).unwrap_or_default()))
    });
    let first = Resource::new(move || step.get(), read);
    let ready = move |read: Result<(Step, Read), ApiError>| match read {
        Ok((step, read)) => {
            let title = if is_for_existing(&read) { text.title_again } else { text.title };
            view! { <Page title above=&ACCOUNTS>{shown(step, read)}</Page> }.into_any()
        }
        Err(error) => {
            let retry = Callback::new(move |()| first.refetch());
            view! { <Page title=text.title above=&ACCOUNTS><Failure error retry/></Page> }.into_any()
        }
    };
    let outline = move || {
        view! { <Page title=text.title above=&ACCOUNTS><Skeleton shape=Shape::Rows(6)/></Page> }
    };
    view! { <Transition fallback=outline>{move || Suspend::new(async move { ready(first.await) })}</Transition> }
}

async fn read(step: Step) -> Result<(Step, Read), ApiError> {
    let read = match step.clone() {
        Step::Kind => Read::Kind,
        Step::Settings(kind) => Read::Settings(kind, take_proxy_test().await?),
        Step::Change(id) => Read::Change(get_sign_in(id).await?, take_proxy_test().await?),
        Step::Authorise(id) => Read::Authorise(get_sign_in(id).await?),
        Step::Done(id) => Read::Done(get_account(id).await?),
    };
    Ok((step, read))
}

fn is_for_existing(read: &Read) -> bool {
    match read {
        Read::Change(standing, _) | Read::Authorise(standing) => {
            standing.sign_in().is_some_and(|sign_in| sign_in.account.is_some())
        }
        Read::Kind | Read::Settings(..) | Read::Done(..) => false,
    }
}

fn shown(step: Step, read: Read) -> AnyView {
    match (step, read) {
        (_, Read::Settings(kind, proxy_tested)) => view! { <SettingsStep kind proxy_tested/> }.into_any(),
        (_, Read::Change(Standing::Open { sign_in, .. }, proxy_tested)) => {
            view! { <SettingsStep kind=sign_in.kind sign_in proxy_tested/> }.into_any()
        }
        (Step::Authorise(id), Read::Authorise(standing)) => view! { <AuthoriseStep id standing/> }.into_any(),
        (Step::Authorise(id) | Step::Change(id), Read::Change(Standing::Over(known), _)) => {
            view! { <Over id known/> }.into_any()
        }
        (_, Read::Done(account)) => view! { <DoneStep account/> }.into_any(),
        _ => view! { <KindStep/> }.into_any(),
    }
}
