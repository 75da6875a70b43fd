//! One key: what it is, and what can be done to it, each deed with its consequence beside the button.

use leptos::form::ActionForm;
use leptos::prelude::*;
use relay::model::key::KeyRow;

use super::board::Keys;
use super::table::ServedBy;
use super::view::Open;
use crate::api::error::problems_of;
use crate::api::key::{DeleteKey, RenameKey, SetKeyEnabled};
use crate::format;
use crate::part::dialog::Panel;
use crate::part::field::{Field, FormProblem};
use crate::part::time::{Ago, Brief};
use crate::preference::use_text;

/// The panel.
#[component]
pub(super) fn OnePanel(keys: Keys) -> impl IntoView {
    let text = use_text();
    let id = Memo::new(move |_| {
        keys.view.with(|view| match &view.open {
            Open::One(id) | Open::Delete(id) => Some(id.clone()),
            Open::Nothing | Open::New(_) | Open::Made => None,
        })
    });
    let row = Memo::new(move |_| {
        let id = id.get()?;
        keys.list.shown.with(|list| list.iter().find(|key| key.id == id).cloned())
    });
    let asks = Memo::new(move |_| keys.view.with(|view| matches!(view.open, Open::Delete(_))));
    let open = Memo::new(move |_| id.with(Option::is_some));
    let is_there = Memo::new(move |_| row.with(Option::is_some));
    let leave = Signal::derive(move || keys.view.with(|view| view.with(Open::Nothing).href()));
    let title =
        Signal::derive(move || row.with(|row| row.as_ref().map(|row| row.name.clone()).unwrap_or_default()));
    let content = move || {
        // Made anew for another key, not whenever a figure moves.
        let _ = id.get();
        match (is_there.get(), asks.get()) {
            (false, _) => view! { <div class="body"><p>{text.key.not_there}</p></div> }.into_any(),
            (true, true) => view! { <AskDelete keys row/> }.into_any(),
            (true, false) => view! { <div class="body"><About row/><Deeds keys row/></div> }.into_any(),
        }
    };
    view! { <Panel title open leave>{content}</Panel> }
}

#[component]
fn About(row: Memo<Option<KeyRow>>) -> impl IntoView {
    let text = use_text();
    let used = move || match row.with(|row| row.as_ref().and_then(|row| row.last_used_ms)) {
        Some(at_ms) => view! { <Ago at_ms/> }.into_any(),
        None => text.key.never.into_any(),
    };
    let ever = move || {
        row.with(|row| {
            let total = row.as_ref().map(|row| row.total).unwrap_or_default();
            let tokens = format::tokens(total.tokens.all(), text.language).text();
            (text.key.ever_sum)(&format::grouped(total.requests), &tokens, &format::money(total.cost))
        })
    };
    let made = row.with_untracked(|row| row.as_ref().map(|row| row.created_ms).unwrap_or_default());
    let prefix = row.with_untracked(|row| row.as_ref().map(|row| row.prefix.clone()).unwrap_or_default());
    let under_way = move || row.with(|row| row.as_ref().map(|row| row.in_flight).unwrap_or_default());
    view! {
        <dl class="facts">
            <dt>{text.key.prefix}</dt><dd class="mono">{prefix}</dd>
            <dt>{text.key.served_by}</dt><dd><ServedBy row/></dd>
            <dt>{text.key.made_at}</dt><dd><Brief at_ms=made/></dd>
            <dt>{text.key.last_used}</dt><dd>{used}</dd>
            <dt>{text.key.under_way}</dt><dd>{under_way}</dd>
            <dt>{text.key.ever}</dt><dd>{ever}</dd>
        </dl>
    }
}

#[component]
fn Deeds(keys: Keys, row: Memo<Option<KeyRow>>) -> impl IntoView {
    let text = &use_text().key;
    let id = row.with_untracked(|row| row.as_ref().map(|row| row.id.clone()));
    let Some(id) = id else { return ().into_any() };
    let enable = ServerAction::<SetKeyEnabled>::new();
    keys.list.follow(enable.version());
    let enabled = Memo::new(move |_| row.with(|row| row.as_ref().is_some_and(|row| row.enabled)));
    let words = move || match enabled.get() {
        true => (text.disable, text.disable_why),
        false => (text.enable, text.enable_why),
    };
    let delete = keys.view.with_untracked(|view| view.with(Open::Delete(id.clone())).href());
    view! {
        <ul class="deeds">
            <li><Rename keys row/></li>
            <li>
                <div>
                    <b>{move || words().0}</b>
                    <p>{move || words().1}</p>
                </div>
                <ActionForm action=enable>
                    <input type="hidden" name="id" value=id.to_string()/>
                    <input type="hidden" name="enabled" value=move || (!enabled.get()).to_string()/>
                    <button class="button" type="submit">{move || words().0}</button>
                </ActionForm>
            </li>
            <li>
                <div>
                    <b>{text.delete.trim_end_matches('…')}</b>
                    <p>{text.delete_why}</p>
                </div>
                <a class="button bad" href=delete>{text.delete}</a>
            </li>
        </ul>
    }
    .into_any()
}

#[component]
fn Rename(keys: Keys, row: Memo<Option<KeyRow>>) -> impl IntoView {
    let text = &use_text().key;
    let action = ServerAction::<RenameKey>::new();
    keys.list.follow(action.version());
    let problems = Signal::derive(move || action.value().with(problems_of));
    let saved = move || matches!(action.value().get(), Some(Ok(Ok(())))).then_some(text.saved);
    let (id, name) = row
        .with_untracked(|row| row.as_ref().map(|row| (row.id.to_string(), row.name.clone())))
        .unwrap_or_default();
    view! {
        <ActionForm action attr:class="group rename">
            <input type="hidden" name="id" value=id/>
            <Field name="name" label=text.rename hint=text.rename_why value=name maxlength="100" required=true problems/>
            <div class="row">
                <button class="button" type="submit" aria-busy=move || action.pending().get().to_string()>
                    {text.save}
                </button>
                <span class="small quiet" role="status">{saved}</span>
            </div>
        </ActionForm>
    }
}

#[component]
fn AskDelete(keys: Keys, row: Memo<Option<KeyRow>>) -> impl IntoView {
    let text = &use_text().key;
    let action = ServerAction::<DeleteKey>::new();
    keys.list.follow(action.version());
    let problems = Signal::derive(move || action.value().with(problems_of));
    let Some(key) = row.get_untracked() else { return ().into_any() };
    let back = keys.view.with_untracked(|view| view.with(Open::One(key.id.clone())).href());
    view! {
        <div class="body">
            <div class="group">
                <h3>{(text.delete_ask)(&key.name)}</h3>
                <p>{(text.delete_then)(&key.prefix)}</p>
                <FormProblem problems/>
            </div>
        </div>
        <div class="acts">
            <a class="button" href=back>{text.keep_it}</a>
            <ActionForm action>
                <input type="hidden" name="id" value=key.id.to_string()/>
                <button class="button bad sure" type="submit" aria-busy=move || action.pending().get().to_string()>
                    {(text.delete_it)(&key.name)}
                </button>
            </ActionForm>
        </div>
    }
    .into_any()
}
