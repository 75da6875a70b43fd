//! What can be done with several keys. The bar shows while any is ticked, by style alone, so it works without WASM.

use std::collections::BTreeSet;

use leptos::form::ActionForm;
use leptos::prelude::*;
use relay::model::id::KeyId;

use super::board::Keys;
use super::view::PER_PAGE;
use crate::api::error::problems_of;
use crate::api::key::{Deed, ManyKeys};
use crate::part::field::FormProblem;
use crate::part::icon::Icon;
use crate::preference::use_text;

/// The form that the boxes of all rows belong to.
const FORM: &str = "bulk";

/// The bar.
#[component]
pub(super) fn Bulk(keys: Keys) -> impl IntoView {
    let text = &use_text().key;
    let action = ServerAction::<ManyKeys>::new();
    keys.list.follow(action.version());
    Effect::watch(
        move || action.version().track(),
        move |(), _, _| keys.ticked.update(BTreeSet::clear),
        false,
    );
    let problems = Signal::derive(move || action.value().with(problems_of));
    let count = move || keys.ticked.with(BTreeSet::len);
    let selected = move || match count() {
        0 => text.for_selected.to_owned(),
        count => (text.selected)(count),
    };
    let pressed = move |deed: Deed| {
        let is_it = move |sent: &Option<ManyKeys>| sent.as_ref().is_some_and(|sent| sent.deed == deed);
        (action.pending().get() && action.input().with(is_it)).to_string()
    };
    let clear = move || {
        (count() > 0).then(|| {
            view! {
                <button
                    class="button tiny bare end"
                    type="button"
                    on:click=move |_| keys.ticked.update(BTreeSet::clear)
                >
                    {text.clear}
                </button>
            }
        })
    };
    view! {
        <FormProblem problems/>
        <ActionForm action attr:id=FORM attr:class="bulk">
            <b aria-live="polite">{selected}</b>
            <button class="button tiny" type="submit" name="deed" value="enable" aria-busy=move || pressed(Deed::Enable)>
                <Icon name="play"/>
                {text.enable}
            </button>
            <button class="button tiny" type="submit" name="deed" value="disable" aria-busy=move || pressed(Deed::Disable)>
                <Icon name="pause"/>
                {text.disable}
            </button>
            <label class="check"><input type="checkbox" name="end_streams" value="on"/>{text.end_streams}</label>
            <details class="sure">
                <summary class="button tiny bad"><Icon name="trash"/>{text.delete}</summary>
                <p class="small">{text.delete_many_why}</p>
                <button
                    class="button tiny bad sure"
                    type="submit"
                    name="deed"
                    value="delete"
                    aria-busy=move || pressed(Deed::Delete)
                >
                    {move || (text.delete_many)(count())}
                </button>
            </details>
            {clear}
        </ActionForm>
    }
}

/// The box of a row.
#[component]
pub(super) fn Tick(keys: Keys, id: KeyId, #[prop(into)] name: Signal<String>) -> impl IntoView {
    let text = &use_text().key;
    let value = id.to_string();
    let own = id.clone();
    let tick = move |is_ticked: bool| {
        keys.ticked.update(|ticked| {
            if is_ticked {
                ticked.insert(id.clone());
            } else {
                ticked.remove(&id);
            }
        });
    };
    view! {
        <label class="check">
            <input
                type="checkbox"
                name="ids[]"
                value=value
                form=FORM
                aria-label=move || (text.select)(&name.get())
                prop:checked=move || keys.ticked.with(|ticked| ticked.contains(&own))
                on:change:target=move |event| tick(event.target().checked())
            />
        </label>
    }
}

/// The box for all rows that are shown.
#[component]
pub(super) fn TickAll(keys: Keys) -> impl IntoView {
    let text = &use_text().key;
    let shown = move || {
        let page = keys.view.with(|view| view.page);
        keys.listed.with(|listed| {
            listed.iter().skip(page * PER_PAGE).take(PER_PAGE).cloned().collect::<BTreeSet<_>>()
        })
    };
    let all = Memo::new(move |_| {
        let shown = shown();
        !shown.is_empty() && keys.ticked.with(|ticked| shown.is_subset(ticked))
    });
    let some = move || !all.get() && keys.ticked.with(|ticked| !ticked.is_empty());
    let tick = move |is_ticked: bool| keys.ticked.set(if is_ticked { shown() } else { BTreeSet::new() });
    view! {
        <label class="check">
            <input
                type="checkbox"
                aria-label=text.select_all
                prop:checked=all
                prop:indeterminate=some
                on:change:target=move |event| tick(event.target().checked())
            />
        </label>
    }
}
