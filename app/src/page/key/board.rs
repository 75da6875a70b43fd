//! The keys and how they are kept up to date; the other files only draw.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use relay::model::id::AccountId;
use relay::model::key::KeyRow;

use super::Targets;
use super::new::{MadePanel, NewPanel};
use super::one::OnePanel;
use super::table::KeyTable;
use super::view::{Filter, Open, View};
use crate::api::key::{MadeKey, get_keys};
use crate::fresh::Fresh;
use crate::live::use_live;
use crate::part::badge::Tone;
use crate::part::empty::Empty;
use crate::part::icon::Icon;
use crate::part::notice::Notice;
use crate::preference::use_text;
use crate::room::KEYS;

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub(super) struct Keys {
    pub(super) list: Fresh<Vec<KeyRow>>,
    pub(super) targets: StoredValue<Targets>,
    pub(super) view: Memo<View>,
}

/// List and panels.
#[component]
pub(super) fn Board(
    keys: Vec<KeyRow>,
    targets: Targets,
    made: Option<MadeKey>,
    view: Memo<View>,
) -> impl IntoView {
    let text = use_text();
    let live = use_live();
    let list = Fresh::new(keys, get_keys);
    list.follow(live.keys);
    Effect::watch(move || live.requests.track(), move |(), _, _| list.reload_soon(), false);
    let keys = Keys { list, targets: StoredValue::new(targets), view };
    let has_none = Memo::new(move |_| list.shown.with(Vec::is_empty));
    let content = move || match has_none.get() {
        true => view! {
            <Empty title=text.key.none said=text.key.none_next>
                <a class="button main" href=View::default().with(Open::New(AccountId::default())).href()>
                    <Icon name="plus"/>
                    {text.key.new}
                </a>
            </Empty>
        }
        .into_any(),
        false => view! { <Tools keys/> <KeyTable keys/> }.into_any(),
    };
    view! {
        {move || list.failed.get().then(|| view! { <Notice tone=Tone::Warn title=text.part.unreachable/> })}
        <h2 class="unseen">{text.frame.keys}</h2>
        {content}
        <NewPanel keys/>
        <MadePanel keys made/>
        <OnePanel keys/>
    }
}

/// Search, states, and the button for a new key.
#[component]
fn Tools(keys: Keys) -> impl IntoView {
    let text = &use_text().key;
    let view = keys.view;
    let navigate = use_navigate();
    let find = move |find: String| {
        let sought = View { find, open: Open::Nothing, ..view.get_untracked() };
        // Each letter is not a step back.
        navigate(
            &sought.href(),
            NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() },
        );
    };
    let chip = move |filter: Filter| {
        let word = move || {
            let count = keys.list.shown.with(|list| list.iter().filter(|key| filter.takes(key)).count());
            match filter {
                Filter::All => (text.all)(count),
                Filter::Enabled => (text.on)(count),
                Filter::Disabled => (text.off)(count),
            }
        };
        let chosen = move || view.with(|view| view.filter == filter);
        let href = move || View { filter, open: Open::Nothing, ..view.get() }.href();
        view! {
            <a
                class=move || if chosen() { "chip on" } else { "chip" }
                aria-current=move || chosen().then_some("true")
                href=href
            >
                {word}
            </a>
        }
    };
    view! {
        <div class="filters">
            <form class="with" role="search" action=KEYS.path method="get" on:submit=|event| event.prevent_default()>
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
            <div class="chips">{Filter::ALL.map(chip).collect_view()}</div>
            <div class="buttons end">
                <a class="button main" href=move || view.get().with(Open::New(AccountId::default())).href()>
                    <Icon name="plus"/>
                    {text.new}
                </a>
            </div>
        </div>
    }
}
