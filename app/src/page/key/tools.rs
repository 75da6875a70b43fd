//! Above the list: search, states, tags and owners, and the button for a new key.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use relay::model::id::AccountId;
use relay::model::key::KeyRow;

use super::board::Keys;
use super::status::Status;
use super::view::{Filter, Open, View};
use crate::moment::use_clock;
use crate::part::icon::Icon;
use crate::preference::use_text;
use crate::room::KEYS;

/// The line.
#[component]
pub(super) fn Tools(keys: Keys) -> impl IntoView {
    let text = &use_text().key;
    let view = keys.view;
    let go = use_go();
    let find = move |find: String| go(View { find, ..view.get_untracked().again() });
    let tags = |key: &KeyRow| key.about.tags.clone();
    let owners = |key: &KeyRow| vec![key.about.owner.clone()];
    let hidden = move |name: &'static str, value: fn(&View) -> String| {
        let is_set = move || view.with(|view| !value(view).is_empty());
        move || is_set().then(|| view! { <input type="hidden" name=name value=view.with(value)/> })
    };
    view! {
        <div class="filters">
            <form class="filters" role="search" action=KEYS.path method="get" on:submit=|event| event.prevent_default()>
                <div class="with">
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
                </div>
                <Facet keys name="tag" all=text.all_tags of=tags chosen=|view| view.tag.clone()
                    choose=|view, tag| View { tag, ..view }/>
                <Facet keys name="owner" all=text.all_owners of=owners chosen=|view| view.owner.clone()
                    choose=|view, owner| View { owner, ..view }/>
                {hidden("state", |view| view.filter.name().to_owned())}
                {hidden("sort", |view| view.sort.name())}
            </form>
            <Chips keys/>
            <div class="buttons end">
                <a class="button main" href=move || view.get().with(Open::New(AccountId::default())).href()>
                    <Icon name="plus"/>
                    {text.new}
                </a>
            </div>
        </div>
    }
}

/// Leads to another view without a step back for each.
fn use_go() -> impl Fn(View) + Copy {
    let navigate = StoredValue::new(use_navigate());
    move |sought: View| {
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate.with_value(|navigate| navigate(&sought.href(), options));
    }
}

/// The states, each with how many keys are in it.
#[component]
fn Chips(keys: Keys) -> impl IntoView {
    let text = &use_text().key;
    let clock = use_clock();
    let view = keys.view;
    let chip = move |filter: Filter| {
        let word = move || {
            let now_ms = clock.now_ms_untracked();
            let takes = |key: &&KeyRow| filter.takes(Status::of(key, now_ms));
            let count = keys.list.shown.with(|list| list.iter().filter(takes).count());
            match filter {
                Filter::All => (text.all)(count),
                Filter::Active => (text.on)(count),
                Filter::Near => (text.count_near)(count),
                Filter::Refusing => (text.count_refusing)(count),
                Filter::Off => (text.off)(count),
            }
        };
        let chosen = move || view.with(|view| view.filter == filter);
        let href = move || View { filter, ..view.get().again() }.href();
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
    view! { <div class="chips">{Filter::ALL.map(chip).collect_view()}</div> }
}

/// One of the words that keys have; nothing where none has any.
#[component]
fn Facet(
    keys: Keys,
    name: &'static str,
    all: &'static str,
    of: fn(&KeyRow) -> Vec<String>,
    chosen: fn(&View) -> String,
    choose: fn(View, String) -> View,
) -> impl IntoView {
    let go = use_go();
    let words = Memo::new(move |_| {
        let mut words: Vec<String> = keys.list.shown.with(|list| list.iter().flat_map(of).collect());
        words.push(keys.view.with(chosen));
        words.retain(|word| !word.is_empty());
        words.sort_unstable();
        words.dedup();
        words
    });
    let option = move |word: String| {
        let (own, value) = (word.clone(), word.clone());
        let is_chosen = move || keys.view.with(|view| chosen(view) == own);
        view! { <option value=value selected=is_chosen>{word}</option> }
    };
    move || {
        let words = words.get();
        (!words.is_empty()).then(|| {
            let change = move |word| go(choose(keys.view.get_untracked().again(), word));
            view! {
                <select
                    class="select facet"
                    name=name
                    aria-label=all
                    on:change:target=move |event| change(event.target().value())
                >
                    <option value="">{all}</option>
                    {words.into_iter().map(option).collect_view()}
                </select>
            }
        })
    }
}
