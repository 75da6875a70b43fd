//! The accounts and how they are kept up to date; the other files only draw.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use relay::model::account::{AccountKind, AccountRow, Service};
use relay::model::figure::Totals;
use relay::model::group::GroupRow;
use relay::model::id::AccountId;

use super::group::{GroupPanel, Groups};
use super::row::Line;
use super::view::{Filter, View};
use crate::address::account::Step;
use crate::api::account::get_accounts;
use crate::api::group::get_groups;
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
    pub(super) groups: Fresh<Vec<GroupRow>>,
    pub(super) view: Memo<View>,
}

/// Search and lists.
#[component]
pub(super) fn Board(accounts: Vec<AccountRow>, groups: Vec<GroupRow>, view: Memo<View>) -> impl IntoView {
    let text = use_text();
    let live = use_live();
    let list = Fresh::new(accounts, get_accounts);
    list.follow(live.accounts);
    list.follow(live.keys);
    Effect::watch(move || live.requests.track(), move |(), _, _| list.reload_soon(), false);
    let groups = Fresh::new(groups, get_groups);
    groups.follow(live.accounts);
    groups.follow(live.keys);
    let accounts = Accounts { list, groups, view };
    let has_none = Memo::new(move |_| list.shown.with(Vec::is_empty));
    let content = move || {
        match has_none.get() {
        true => view! {
            <Empty title=text.account.none said=text.account.none_next>
                <a class="button main" href=Step::Kind.href()>
                    <Icon name="plus"/>
                    {text.account.add}
                </a>
            </Empty>
        }
        .into_any(),
        false => view! { <Tools accounts/> <Lists accounts/> <Groups accounts/> <p class="small quiet">{text.account.list_price}</p> }.into_any(),
    }
    };
    view! {
        {move || list.failed.get().then(|| view! { <Notice tone=Tone::Warn title=text.part.unreachable/> })}
        <h2 class="unseen">{text.frame.accounts}</h2>
        {content}
        <GroupPanel accounts/>
    }
}

/// What a part of the list is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Of(Service),
    Sandboxes,
}

impl Part {
    const ALL: [Self; 3] = [Self::Of(Service::Claude), Self::Of(Service::Gemini), Self::Sandboxes];

    fn takes(self, kind: AccountKind) -> bool {
        match self {
            Self::Of(service) => kind != AccountKind::Sandbox && kind.serves(service),
            Self::Sandboxes => kind == AccountKind::Sandbox,
        }
    }
}

/// The accounts of each service under its title.
#[component]
fn Lists(accounts: Accounts) -> impl IntoView {
    let text = &use_text().account;
    let listed = Memo::new(move |_| {
        let view = accounts.view.get();
        accounts
            .list
            .shown
            .with(|list| list.iter().filter(|row| view.takes(row)).cloned().collect::<Vec<_>>())
    });
    let found = Memo::new(move |_| listed.with(|listed| !listed.is_empty()));
    view! {
        {Part::ALL.map(|part| view! { <ListOf part listed accounts/> }).collect_view()}
        <Show when=move || !found.get()>
            <Empty title=text.none_found said=text.none_found_next>
                <a class="button" href=View::default().href()>{text.show_all}</a>
            </Empty>
        </Show>
    }
}

#[component]
fn ListOf(part: Part, listed: Memo<Vec<AccountRow>>, accounts: Accounts) -> impl IntoView {
    let text = &use_text().account;
    let ids = Memo::new(move |_| {
        let is_mine = |row: &&AccountRow| part.takes(row.kind);
        listed.with(|listed| listed.iter().filter(is_mine).map(|row| row.id.clone()).collect::<Vec<_>>())
    });
    let sum = move || {
        let mut sum = Totals::default();
        listed
            .with(|listed| listed.iter().filter(|row| part.takes(row.kind)).for_each(|row| sum += row.today));
        (text.sum)(ids.with(Vec::len), &format::grouped(sum.requests), &format::money(sum.cost))
    };
    let (id, title) = match part {
        Part::Of(Service::Claude) => ("claude", text.claude),
        Part::Of(Service::Gemini) => ("gemini", text.gemini),
        Part::Sandboxes => ("sandbox", text.sandboxes),
    };
    let note = Signal::derive(move || match part {
        Part::Of(_) => sum(),
        Part::Sandboxes => text.sandboxes_why.to_owned(),
    });
    view! {
        <Show when=move || ids.with(|ids| !ids.is_empty())>
            <Sheet id title=title note>
                <ul class="accounts">
                    <For
                        each=move || ids.get()
                        key=AccountId::clone
                        children=move |id| view! { <Line id accounts/> }
                    />
                </ul>
            </Sheet>
        </Show>
    }
}

/// Search, states, and the button for a new account.
#[component]
fn Tools(accounts: Accounts) -> impl IntoView {
    let text = &use_text().account;
    let view = accounts.view;
    let navigate = use_navigate();
    let find = move |find: String| {
        let sought = View { find, ..view.get_untracked() };
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
                <a class="button main" href=Step::Kind.href()>
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
        Filter::NeedsSignIn => (text.needs_sign_in)(count.get()),
        Filter::Parked => (text.parked)(count.get()),
        Filter::Paused => (text.paused)(count.get()),
    };
    let href = move || View { filter, ..view.get() }.href();
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
