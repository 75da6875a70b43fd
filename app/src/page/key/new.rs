//! A new key: its form, and the one time that its text is shown.

use leptos::form::ActionForm;
use leptos::prelude::*;

use super::board::Keys;
use super::fields::KeyFields;
use super::view::Open;
use crate::api::error::problems_of;
use crate::api::key::{CreateKey, MadeKey};
use crate::page::welcome::first_model;
use crate::part::dialog::Panel;
use crate::part::field::FormProblem;
use crate::part::secret::{SecretLine, Snippets};
use crate::preference::use_text;
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
        (Some(_), Some(Ok(Ok(made)))) => view! { <Once made leave/> }.into_any(),
        _ => view! { <NewForm keys action leave/> }.into_any(),
    };
    view! { <Panel title open leave>{content}</Panel> }
}

#[component]
fn NewForm(keys: Keys, action: ServerAction<CreateKey>, leave: Signal<String>) -> impl IntoView {
    let text = use_text();
    let problems = Signal::derive(move || action.value().with(problems_of));
    let back = format!("{}?panel=made", KEYS.path);
    let (accounts, groups) = keys.targets.get_value();
    let account = keys.view.with_untracked(|view| match &view.open {
        Open::New(account) => account.to_string(),
        _ => String::new(),
    });
    view! {
        <ActionForm action attr:id="new-key">
            <FormProblem problems/>
            <KeyFields accounts groups account problems/>
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

/// The key that a form posted without WASM made, unless it was shown before.
#[component]
pub(super) fn MadePanel(keys: Keys, made: Option<MadeKey>) -> impl IntoView {
    let text = use_text();
    let open = Memo::new(move |_| keys.view.with(|view| view.open == Open::Made));
    let leave = Signal::derive(move || keys.view.with(|view| view.with(Open::Nothing).href()));
    let title = Signal::derive(move || text.key.new.to_owned());
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
        Some(made) => view! { <Once made leave/> }.into_any(),
        None => view! {
            <div class="body"><div class="group"><h3>{text.key.seen}</h3><p>{text.key.seen_why}</p></div></div>
            <div class="acts"><a class="button" href=leave>{text.part.close}</a></div>
        }
        .into_any(),
    }
    };
    view! { <Panel title open leave>{content}</Panel> }
}

/// The key's text, this once, with how to use it.
#[component]
fn Once(made: MadeKey, leave: Signal<String>) -> impl IntoView {
    let text = use_text();
    let MadeKey { key, sandbox, address } = made;
    view! {
        <div class="body">
            <div class="group">
                <h3>{(text.key.made)(&key.name)}</h3>
                <SecretLine secret=key.key.clone()/>
                <p class="small quiet">{text.key.copy_now}</p>
            </div>
            <div class="group">
                <h3>{text.key.use_it}</h3>
                <Snippets name="program" address key=key.key model=first_model(sandbox)/>
            </div>
        </div>
        <div class="acts"><a class="button main" href=leave>{text.key.copied_it}</a></div>
    }
}
