//! The accounts and how they are kept up to date; the other files only draw.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use relay::model::account::{AccountKind, AccountRow, TestStep};
use relay::model::figure::Totals;
use relay::model::id::AccountId;

use super::new::NewPanel;
use super::one::OnePanel;
use super::row::Line;
use super::view::{Filter, Open, View};
use crate::api::account::get_accounts;
use crate::format;
use crate::fresh::Fresh;
use crate::live::use_live;
use crate::part::badge::Tone;
use crate::part::empty::Empty;
use crate::part::icon::Icon;
use crate::part::notice::Notice;
use crate::part::sheet::Sheet;
use crate::preference::use_text;
use crate::room::ACCOUNTS;

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub(super) struct Accounts {
    pub(super) list: Fresh<Vec<AccountRow>>,
    pub(super) view: Memo<View>,
}

/// List and panels.
#[component]
pub(super) fn Board(
    accounts: Vec<AccountRow>,
    /// A test that a form posted without WASM began.
    tested: Option<(AccountId, Vec<TestStep>)>,
    view: Memo<View>,
) -> impl IntoView {
    let text = use_text();
    let live = use_live();
    let list = Fresh::new(accounts, get_accounts);
    list.follow(live.accounts);
    list.follow(live.keys);
    Effect::watch(move || live.requests.track(), move |(), _, _| list.reload_soon(), false);
    let accounts = Accounts { list, view };
    let has_none = Memo::new(move |_| list.shown.with(Vec::is_empty));
    let content = move || match has_none.get() {
        true => view! {
            <Empty title=text.account.none said=text.account.none_next>
                <a class="button main" href=View::default().with(Open::New).href()>
                    <Icon name="plus"/>
                    {text.account.add}
                </a>
            </Empty>
        }
        .into_any(),
        false => view! { <Tools accounts/> <Lists accounts/> }.into_any(),
    };
    view! {
        {move || list.failed.get().then(|| view! { <Notice tone=Tone::Warn title=text.part.unreachable/> })}
        <h2 class="unseen">{text.frame.accounts}</h2>
        {content}
        <NewPanel accounts/>
        <OnePanel accounts tested/>
    }
}

/// The accounts of each kind under its title.
#[component]
fn Lists(accounts: Accounts) -> impl IntoView {
    let text = &use_text().account;
    let of = move |is_sandbox: bool| {
        Memo::new(move |_| {
            accounts.view.with(|view| {
                let is_listed =
                    |row: &&AccountRow| (row.kind == AccountKind::Sandbox) == is_sandbox && view.takes(row);
                accounts
                    .list
                    .shown
                    .with(|list| list.iter().filter(is_listed).map(|row| row.id.clone()).collect::<Vec<_>>())
            })
        })
    };
    let (real, sandboxes) = (of(false), of(true));
    let sum = Signal::derive(move || {
        let mut sum = Totals::default();
        accounts.list.shown.with(|list| {
            list.iter()
                .filter(|row| real.with(|real| real.contains(&row.id)))
                .for_each(|row| sum += row.today);
        });
        (text.claude_sum)(real.with(Vec::len), &format::grouped(sum.requests), &format::money(sum.cost))
    });
    let has = |ids: Memo<Vec<AccountId>>| move || ids.with(|ids| !ids.is_empty());
    let found = Memo::new(move |_| has(real)() || has(sandboxes)());
    let list = move |ids: Memo<Vec<AccountId>>| {
        view! {
            <ul class="accounts">
                <For each=move || ids.get() key=AccountId::clone children=move |id| view! { <Line id accounts/> }/>
            </ul>
        }
    };
    view! {
        <Show when=has(real)>
            <Sheet id="claude" title=text.claude note=sum>{list(real)}</Sheet>
        </Show>
        <Show when=has(sandboxes)>
            <Sheet id="sandbox" title=text.sandboxes note=text.sandboxes_why>{list(sandboxes)}</Sheet>
        </Show>
        <Show when=move || !found.get()>
            <Empty title=text.none_found said=text.none_found_next>
                <a class="button" href=View::default().href()>{text.show_all}</a>
            </Empty>
        </Show>
        <p class="small quiet">{text.list_price}</p>
    }
}

/// Search, states, and the button for a new account.
#[component]
fn Tools(accounts: Accounts) -> impl IntoView {
    let text = &use_text().account;
    let view = accounts.view;
    let navigate = use_navigate();
    let find = move |find: String| {
        let sought = View { find, open: Open::Nothing, ..view.get_untracked() };
        // Each letter is not a step back.
        navigate(
            &sought.href(),
            NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() },
        );
    };
    view! {
        <div class="filters">
            <form class="with" role="search" action=ACCOUNTS.path method="get" on:submit=|event| event.prevent_default()>
                <label class="unseen" for="find">{text.find}</label>
                <Icon name="search"/>
                <input
                    class="input"
                    id="find"
                    type="search"
                    name="q"
                    placeholder=text.find_by
                    value=view.with_untracked(|view| view.find.clone())
                    on:input:target=move |event| find(event.target().value())
                />
                <kbd aria-hidden="true">"/"</kbd>
            </form>
            <div class="chips">{Filter::ALL.map(|filter| view! { <Chip filter accounts/> }).collect_view()}</div>
            <div class="buttons end">
                <a class="button main" href=move || view.get().with(Open::New).href()>
                    <Icon name="plus"/>
                    {text.add}
                </a>
            </div>
        </div>
    }
}

/// One state; left out while no account is in it.
#[component]
fn Chip(filter: Filter, accounts: Accounts) -> impl IntoView {
    let text = &use_text().account;
    let view = accounts.view;
    let count = Memo::new(move |_| {
        accounts.list.shown.with(|list| list.iter().filter(|account| filter.takes(account)).count())
    });
    let chosen = Memo::new(move |_| view.with(|view| view.filter == filter));
    let word = move || match filter {
        Filter::All => (text.all)(count.get()),
        Filter::Able => (text.able)(count.get()),
        Filter::Cooling => (text.cooling)(count.get()),
        Filter::Parked => (text.parked)(count.get()),
        Filter::Paused => (text.paused)(count.get()),
    };
    let href = move || View { filter, open: Open::Nothing, ..view.get() }.href();
    view! {
        <Show when=move || count.get() != 0 || chosen.get()>
            <a
                class=move || if chosen.get() { "chip on" } else { "chip" }
                aria-current=move || chosen.get().then_some("true")
                href=href
            >
                {word}
            </a>
        </Show>
    }
}
