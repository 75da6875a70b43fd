//! Search, outcomes, and what else the list is narrowed to.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use relay::model::outcome::Outcome;

use super::narrowed;
use crate::address::request::Calls;
use crate::address::usage::span_name;
use crate::api::usage::Names;
use crate::page::narrow::{Chips, NarrowForm};
use crate::part::icon::Icon;
use crate::preference::use_text;
use crate::room::REQUESTS;

/// Above the list.
#[component]
pub(super) fn Tools(list: Memo<Calls>, names: StoredValue<Names>) -> impl IntoView {
    let text = use_text();
    let narrowed = narrowed(list);
    let navigate = use_navigate();
    let find = move |find: String| {
        let sought = Calls { find, after: String::new(), ..list.get_untracked() };
        // Each letter is not a step back.
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&sought.href(), options);
    };
    let outcome = move |outcome: Option<Outcome>| {
        let word = match outcome {
            Some(outcome) => (text.state.outcome)(outcome),
            None => text.calls.all,
        };
        let chosen = move || list.with(|list| list.only.outcome == outcome);
        let href = move || list.with(|list| list.narrowed(|only| only.outcome = outcome).href());
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
    let outcomes = std::iter::once(None).chain(Outcome::ALL.map(Some)).map(outcome).collect_view();
    let kept = Signal::derive(move || list.with(kept));
    view! {
        <div class="filters">
            <form class="with" role="search" action=REQUESTS.path method="get" on:submit=|event| event.prevent_default()>
                <label class="unseen" for="find">{text.calls.find}</label>
                <Icon name="search"/>
                <input
                    class="input"
                    id="find"
                    type="search"
                    name="q"
                    placeholder=text.calls.find_by
                    maxlength="200"
                    value=list.with_untracked(|list| list.find.clone())
                    on:input:target=move |event| find(event.target().value())
                    data-search
                />
                <kbd aria-hidden="true">"/"</kbd>
            </form>
            <div class="chips">{outcomes}</div>
            <NarrowForm narrowed names action=REQUESTS.path kept/>
        </div>
        <div class="chips"><Chips narrowed names/></div>
    }
}

/// What a form that narrows must keep of the address.
fn kept(list: &Calls) -> Vec<(&'static str, String)> {
    let (range, sort) = (span_name(&list.span).to_owned(), list.sort.name().to_owned());
    vec![("q", list.find.clone()), ("range", range), ("sort", sort)]
}
