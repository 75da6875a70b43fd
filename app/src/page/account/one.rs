//! One account: can it serve, what it did lately, its tokens, its settings, and what can be done to it.

mod attempts;
mod deeds;
mod figures;
mod history;
mod settings;
mod state;
mod token;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use leptos_router::{LazyRoute, lazy_route};
use relay::model::account::{AccountDetail, AccountRow, AccountState, TestStep};
use relay::model::id::AccountId;

use crate::api::account::{get_detail, take_proxy_test, take_test};
use crate::api::error::ApiError;
use crate::fresh::Fresh;
use crate::live::use_live;
use crate::part::badge::Tone;
use crate::part::empty::Empty;
use crate::part::notice::{Failure, Notice};
use crate::part::page::Page;
use crate::part::skeleton::{Shape, Skeleton};
use crate::preference::use_text;
use crate::room::ACCOUNTS;
use attempts::Attempts;
use deeds::Deeds;
use figures::{Figures, Head};
use history::History;
use settings::Settings;
use state::State;
use token::Token;

/// The route of one account; its code is a chunk of its own.
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

/// What the page's parts share.
#[derive(Clone, Copy)]
struct One {
    id: StoredValue<AccountId>,
    fresh: Fresh<Option<AccountDetail>>,
    row: Memo<Option<AccountRow>>,
    state: Memo<AccountState>,
    /// The question whether to delete it is open.
    asks: Memo<bool>,
}

/// What forms posted without WASM left: how the tests of the account and of a proxy went.
type Left = (Option<Vec<TestStep>>, Option<Vec<TestStep>>);

/// What the page begins with.
type First = (Option<AccountDetail>, Left);

#[component]
fn AccountPage() -> impl IntoView {
    let text = use_text();
    let params = use_params_map();
    let id = Memo::new(move |_| AccountId::new(params.with(|params| params.get("id").unwrap_or_default())));
    let first = Resource::new(move || id.get(), read);
    let ready = move |read: Result<First, ApiError>| match read {
        Ok((Some(detail), left)) => view! { <Board detail left/> }.into_any(),
        Ok((None, _)) => view! {
            <Page title=text.wizard.account above=&ACCOUNTS>
                <Empty title=text.account.not_there said=text.account.not_there_why>
                    <a class="button main" href=ACCOUNTS.path>{text.account.show_all}</a>
                </Empty>
            </Page>
        }
        .into_any(),
        Err(error) => {
            let retry = Callback::new(move |()| first.refetch());
            view! { <Page title=text.wizard.account above=&ACCOUNTS><Failure error retry/></Page> }.into_any()
        }
    };
    let outline = move || {
        view! {
            <Page title=text.wizard.account above=&ACCOUNTS><Skeleton shape=Shape::Overview/></Page>
        }
    };
    view! { <Suspense fallback=outline>{move || Suspend::new(async move { ready(first.await) })}</Suspense> }
}

async fn read(id: AccountId) -> Result<First, ApiError> {
    let left = (take_test(id.clone()).await?, take_proxy_test().await?);
    Ok((get_detail(id).await?, left))
}

#[component]
fn Board(detail: AccountDetail, left: Left) -> impl IntoView {
    let text = use_text();
    let live = use_live();
    let (tested, proxy_tested) = left;
    let settings = (detail.settings.clone(), detail.has_proxy_password);
    let (id, first) = (detail.row.id.clone(), detail.row.clone());
    let asked = id.clone();
    let fresh = Fresh::new(Some(detail), move || get_detail(asked.clone()));
    fresh.follow(live.accounts);
    fresh.follow(live.keys);
    Effect::watch(move || live.requests.track(), move |(), _, _| fresh.reload_soon(), false);
    let row = Memo::new(move |_| fresh.shown.with(|detail| detail.as_ref().map(|detail| detail.row.clone())));
    let state =
        Memo::new(move |_| row.with(|row| row.as_ref().map_or(AccountState::Able, |row| row.state.clone())));
    let query = use_query_map();
    let asks = Memo::new(move |_| query.with(|query| query.get_str("ask") == Some("delete")));
    let one = One { id: StoredValue::new(id), fresh, row, state, asks };
    let name = Memo::new(move |last: Option<&String>| {
        let name = row.with(|row| row.as_ref().map(|row| row.name.clone()));
        name.or_else(|| last.cloned()).unwrap_or_default()
    });
    let is_gone = Memo::new(move |_| row.with(Option::is_none));
    view! {
        <Page title=name above=&ACCOUNTS>
            {move || fresh.failed.get().then(|| view! { <Notice tone=Tone::Warn title=text.part.unreachable/> })}
            {move || is_gone.get().then(|| view! { <Notice tone=Tone::Warn title=text.account.not_there/> })}
            <Head one/>
            <Figures one/>
            <State one tested/>
            <History one/>
            <Attempts one/>
            <div class="columns">
                <Token one is_oauth=first.kind.is_oauth()/>
                <Settings one first settings proxy_tested/>
            </div>
            <Deeds one/>
        </Page>
    }
}
