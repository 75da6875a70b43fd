//! A new key: its form, and the one time that its text is shown.

use leptos::form::ActionForm;
use leptos::prelude::*;

use super::board::Keys;
use super::fields::AllFields;
use super::once::Once;
use super::view::Open;
use crate::api::error::problems_of;
use crate::api::key::form::KeyForm;
use crate::api::key::{CreateKey, MadeKeys};
use crate::part::dialog::Panel;
use crate::part::field::FormProblem;
use crate::preference::{use_preference, use_text};
use crate::room::KEYS;

/// The form, and then the key.
#[component]
pub(super) fn NewPanel(keys: Keys) -> impl IntoView {
    let text = use_text();
    let action = ServerAction::<CreateKey>::new();
    let open = Memo::new(move |_| keys.view.with(|view| matches!(view.open, Open::New(_))));
    let leave = Signal::derive(move || keys.view.with(|view| view.with(Open::Nothing).href()));
    keys.list.follow(action.version());
    // What was made is gone from here with the panel.
    Effect::watch(
        move || open.get(),
        move |open, _, _| {
            if !open {
                action.value().set(None)
            }
        },
        false,
    );
    let made = Memo::new(move |_| {
        action.value().with(|value| match value {
            Some(Ok(Ok(made))) => Some(made.key.id.clone()),
            _ => None,
        })
    });
    let title = Signal::derive(move || text.key.new.to_owned());
    let content = move || match (made.get(), action.value().get_untracked()) {
        (Some(_), Some(Ok(Ok(made)))) => view! { <Once made title=text.key.made leave/> }.into_any(),
        _ => view! { <NewForm keys action leave/> }.into_any(),
    };
    view! { <Panel title open leave>{content}</Panel> }
}

#[component]
fn NewForm(keys: Keys, action: ServerAction<CreateKey>, leave: Signal<String>) -> impl IntoView {
    let text = use_text();
    let problems = Signal::derive(move || action.value().with(problems_of));
    let back = format!("{}?panel=made", KEYS.path);
    let (accounts, groups, usual) = keys.targets.get_value();
    let account = keys.view.with_untracked(|view| match &view.open {
        Open::New(account) => account.to_string(),
        _ => String::new(),
    });
    let first = KeyForm { account, ..KeyForm::limited(&usual, &use_preference().zone) };
    view! {
        <ActionForm action attr:id="new-key">
            <FormProblem problems/>
            <AllFields first accounts groups counted=true problems/>
            <input type="hidden" name="back" value=back/>
        </ActionForm>
        <div class="acts">
            <span class="small quiet">{text.key.shown_once}</span>
            <a class="button end" href=leave>{text.key.cancel}</a>
            <button
                class="button main"
                type="submit"
                form="new-key"
                aria-busy=move || action.pending().get().to_string()
            >
                {text.key.create}
            </button>
        </div>
    }
}

/// The keys that a form posted without WASM made, unless they were shown before.
#[component]
pub(super) fn MadePanel(keys: Keys, made: Option<MadeKeys>) -> impl IntoView {
    let text = use_text();
    let open = Memo::new(move |_| keys.view.with(|view| view.open == Open::Made));
    let leave = Signal::derive(move || keys.view.with(|view| view.with(Open::Nothing).href()));
    view! { <LeftPanel title=text.key.new open leave made of=text.key.made/> }
}

/// A panel with what a form posted without WASM left.
#[component]
pub(super) fn LeftPanel(
    title: &'static str,
    #[prop(into)] open: Signal<bool>,
    leave: Signal<String>,
    made: Option<MadeKeys>,
    /// Above the text.
    of: fn(&str) -> String,
) -> impl IntoView {
    let text = use_text();
    let title = Signal::derive(move || title.to_owned());
    let made = StoredValue::new(made);
    // What was made is gone from here with the panel.
    Effect::watch(
        move || open.get(),
        move |open, _, _| {
            if !open {
                made.set_value(None)
            }
        },
        false,
    );
    let content = move || {
        match made.get_value() {
        Some(made) => view! { <Once made title=of leave/> }.into_any(),
        None => view! {
            <div class="body"><div class="group"><h3>{text.key.seen}</h3><p>{text.key.seen_why}</p></div></div>
            <div class="acts"><a class="button" href=leave>{text.part.close}</a></div>
        }
        .into_any(),
    }
    };
    view! { <Panel title open leave>{content}</Panel> }
}
