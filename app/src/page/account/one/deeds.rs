//! What can be done to the account, each deed with its consequence beside the button.

use leptos::form::ActionForm;
use leptos::prelude::*;
use relay::model::account::AccountState;

use super::One;
use crate::address::account::one as address_of;
use crate::api::account::{DeleteAccount, PauseAccount, ResumeAccount};
use crate::api::error::problems_of;
use crate::page::account::again::SignAgain;
use crate::page::account::resume::ResumeButton;
use crate::part::field::FormProblem;
use crate::part::icon::Icon;
use crate::part::sheet::Sheet;
use crate::preference::use_text;

/// Where the question whether to delete it stands.
const ASK: &str = "?ask=delete#delete";

/// The list.
#[component]
pub(super) fn Deeds(one: One) -> impl IntoView {
    let text = use_text();
    let is_oauth = one.row.with_untracked(|row| row.as_ref().is_some_and(|row| row.kind.is_oauth()));
    let sign_in = is_oauth.then(|| {
        view! {
            <li>
                <div><b>{text.detail.sign_in}</b><p>{text.detail.sign_in_why}</p></div>
                <SignAgain id=one.id.get_value()/>
            </li>
        }
    });
    view! {
        <Sheet id="deeds" title=text.detail.intervene>
            <ul class="deeds">
                <Resume one/>
                <Pause one/>
                {sign_in}
                <Delete one/>
            </ul>
        </Sheet>
    }
}

/// Takes it back into service.
#[component]
fn Resume(one: One) -> impl IntoView {
    let text = use_text();
    let resume = ServerAction::<ResumeAccount>::new();
    one.fresh.follow(resume.version());
    let words = Memo::new(move |_| match one.state.get() {
        AccountState::Able | AccountState::Cooling { .. } | AccountState::NeedsSignIn { .. } => None,
        AccountState::Parked { .. } | AccountState::Paused { .. } => {
            Some((text.account.resume, text.account.resume_why))
        }
    });
    move || {
        words.get().map(|(word, why)| {
            view! {
                <li>
                    <div><b>{word}</b><p>{why}</p></div>
                    <ResumeButton id=one.id.get_value() action=resume word/>
                </li>
            }
        })
    }
}

#[component]
fn Pause(one: One) -> impl IntoView {
    let text = &use_text().account;
    let pause = ServerAction::<PauseAccount>::new();
    one.fresh.follow(pause.version());
    let is_paused = Memo::new(move |_| matches!(one.state.get(), AccountState::Paused { .. }));
    move || {
        (!is_paused.get()).then(|| {
            view! {
                <li>
                    <div><b>{text.pause}</b><p>{text.pause_why}</p></div>
                    <ActionForm action=pause>
                        <input type="hidden" name="id" value=one.id.get_value().to_string()/>
                        <button class="button" type="submit"><Icon name="pause"/>{text.pause}</button>
                    </ActionForm>
                </li>
            }
        })
    }
}

/// First the button, then the question, both at the same place.
#[component]
fn Delete(one: One) -> impl IntoView {
    let text = &use_text().account;
    let action = ServerAction::<DeleteAccount>::new();
    let problems = Signal::derive(move || action.value().with(problems_of));
    let bound =
        Memo::new(move |_| one.row.with(|row| row.as_ref().map(|row| row.bound_keys).unwrap_or_default()));
    let name =
        Memo::new(move |_| one.row.with(|row| row.as_ref().map(|row| row.name.clone()).unwrap_or_default()));
    let said = move || match (bound.get(), one.asks.get()) {
        (0, true) => (text.delete_then)(&name.get()),
        (0, false) => text.delete_why.to_owned(),
        (keys, _) => (text.delete_bound)(keys),
    };
    let title = move || match one.asks.get() {
        true => (text.delete_ask)(&name.get()),
        false => text.delete.trim_end_matches('…').to_owned(),
    };
    let here = address_of(&one.id.get_value());
    let ask = format!("{here}{ASK}");
    let deed = move || match (bound.get(), one.asks.get()) {
        (0, false) => view! { <a class="button bad" href=ask.clone()>{text.delete}</a> }.into_any(),
        (0, true) => view! {
            <div class="row">
                <a class="button" href=here.clone()>{text.keep_it}</a>
                <ActionForm action>
                    <input type="hidden" name="id" value=one.id.get_value().to_string()/>
                    <button
                        class="button bad sure"
                        type="submit"
                        aria-busy=move || action.pending().get().to_string()
                    >
                        {move || (text.delete_it)(&name.get())}
                    </button>
                </ActionForm>
            </div>
        }
        .into_any(),
        _ => ().into_any(),
    };
    view! {
        <li id="delete">
            <div><b>{title}</b><p>{said}</p><FormProblem problems/></div>
            {deed}
        </li>
    }
}
