//! What can be done to the key, each deed with its consequence beside the button.

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::One;
use crate::address::key::{MADE, one as address_of, with_panel};
use crate::api::error::problems_of;
use crate::api::key::{DeleteKey, SetKeyEnabled};
use crate::page::key::once::Once;
use crate::part::dialog::Panel;
use crate::part::field::FormProblem;
use crate::part::icon::Icon;
use crate::part::sheet::Sheet;
use crate::preference::use_text;

/// What stands in the address while it is asked whether to delete.
const ASK: &str = "delete";
const HOUR_S: u64 = 3600;
/// Hours for which a former text can be taken.
const GRACES: [u64; 4] = [24, 1, 7 * 24, 0];

/// The list.
#[component]
pub(super) fn Deeds(one: One) -> impl IntoView {
    let text = use_text();
    view! {
        <Sheet id="deeds" title=text.key.change_or_end>
            <ul class="deeds">
                <Rotate one/>
                <Enabled one/>
                <Delete one/>
            </ul>
        </Sheet>
    }
}

#[component]
fn Rotate(one: One) -> impl IntoView {
    let text = &use_text().key;
    let action = one.rotate;
    one.fresh.follow(action.version());
    let navigate = use_navigate();
    let problems = Signal::derive(move || action.value().with(problems_of));
    Effect::watch(
        move || action.value().with(|value| matches!(value, Some(Ok(Ok(_))))),
        move |is_done, _, _| {
            if *is_done {
                let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
                navigate(&with_panel(&one.id.get_value(), MADE), options);
            }
        },
        false,
    );
    let grace = |hours: u64| {
        view! { <option value=(hours * HOUR_S).to_string()>{(text.grace_of)(hours)}</option> }
    };
    view! {
        <li>
            <div><b>{text.rotate}</b><p>{text.rotate_why}</p><FormProblem problems/></div>
            <ActionForm action attr:class="row">
                <input type="hidden" name="id" value=one.id.get_value().to_string()/>
                <select class="select" name="grace_s" aria-label=text.grace>
                    {GRACES.map(grace).collect_view()}
                </select>
                <button class="button" type="submit" aria-busy=move || action.pending().get().to_string()>
                    <Icon name="refresh"/>
                    {text.rotate}
                </button>
            </ActionForm>
        </li>
    }
}

/// The new text, this once.
#[component]
pub(super) fn Rotated(one: One, open: Memo<bool>, leave: Signal<String>) -> impl IntoView {
    let text = use_text();
    let action = one.rotate;
    let title = Signal::derive(move || text.key.rotate.to_owned());
    // It is gone from here with the panel.
    Effect::watch(
        move || open.get(),
        move |open, _, _| {
            if !open {
                action.value().set(None)
            }
        },
        false,
    );
    let content = move || {
        match action.value().get_untracked() {
        Some(Ok(Ok(made))) => view! { <Once made title=text.key.rotated leave/> }.into_any(),
        _ => view! {
            <div class="body"><div class="group"><h3>{text.key.seen}</h3><p>{text.key.seen_why}</p></div></div>
            <div class="acts"><a class="button" href=leave>{text.part.close}</a></div>
        }
        .into_any(),
    }
    };
    view! { <Panel title open leave>{content}</Panel> }
}

#[component]
fn Enabled(one: One) -> impl IntoView {
    let text = &use_text().key;
    let action = ServerAction::<SetKeyEnabled>::new();
    one.fresh.follow(action.version());
    let enabled = Memo::new(move |_| one.of(|row| row.enabled));
    let words = move || match enabled.get() {
        true => (text.disable, text.disable_why, "pause"),
        false => (text.enable, text.enable_why, "play"),
    };
    let too = move || {
        enabled.get().then(|| {
            view! {
                <label class="check"><input type="checkbox" name="end_streams" value="on"/>{text.end_streams}</label>
            }
        })
    };
    view! {
        <li>
            <div><b>{move || words().0}</b><p>{move || words().1}</p></div>
            <ActionForm action attr:class="row">
                <input type="hidden" name="id" value=one.id.get_value().to_string()/>
                <input type="hidden" name="enabled" value=move || (!enabled.get()).to_string()/>
                {too}
                <button class="button" type="submit" aria-busy=move || action.pending().get().to_string()>
                    {move || view! { <Icon name=words().2/> }}
                    {move || words().0}
                </button>
            </ActionForm>
        </li>
    }
}

/// First the button, then the question, both at the same place.
#[component]
fn Delete(one: One) -> impl IntoView {
    let text = &use_text().key;
    let action = ServerAction::<DeleteKey>::new();
    let problems = Signal::derive(move || action.value().with(problems_of));
    let name = move || one.of(|row| row.name.clone());
    let asks = Memo::new(move |_| one.panel.with(|panel| panel == ASK));
    let title = move || match asks.get() {
        true => (text.delete_ask)(&name()),
        false => text.delete.trim_end_matches('…').to_owned(),
    };
    let said = move || match asks.get() {
        true => (text.delete_then)(&one.of(|row| row.prefix.clone())),
        false => text.delete_why.to_owned(),
    };
    let here = address_of(&one.id.get_value());
    let ask = format!("{}#delete", with_panel(&one.id.get_value(), ASK));
    let deed = move || {
        match asks.get() {
        false => view! { <a class="button bad" href=ask.clone()><Icon name="trash"/>{text.delete}</a> }.into_any(),
        true => view! {
            <div class="row">
                <a class="button" href=here.clone()>{text.keep_it}</a>
                <ActionForm action attr:class="row">
                    <input type="hidden" name="id" value=one.id.get_value().to_string()/>
                    <label class="check"><input type="checkbox" name="end_streams" value="on"/>{text.end_streams}</label>
                    <button
                        class="button bad sure"
                        type="submit"
                        aria-busy=move || action.pending().get().to_string()
                    >
                        {move || (text.delete_it)(&name())}
                    </button>
                </ActionForm>
            </div>
        }
        .into_any(),
    }
    };
    view! {
        <li id="delete">
            <div><b>{title}</b><p>{said}</p><FormProblem problems/></div>
            {deed}
        </li>
    }
}
