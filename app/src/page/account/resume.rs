//! The button that takes an account back into service.

use leptos::form::ActionForm;
use leptos::prelude::*;
use relay::model::id::AccountId;

use crate::api::account::ResumeAccount;
use crate::part::icon::Icon;
use crate::preference::use_text;

/// The button.
#[component]
pub(super) fn ResumeButton(
    id: AccountId,
    action: ServerAction<ResumeAccount>,
    #[prop(optional)] tiny: bool,
    /// What is on it, if it is not the usual word.
    #[prop(optional)]
    word: Option<&'static str>,
    /// It is what the account waits for.
    #[prop(optional)]
    main: bool,
) -> impl IntoView {
    let word = word.unwrap_or(use_text().account.resume);
    let class = format!("button{}{}", if tiny { " tiny" } else { "" }, if main { " main" } else { "" });
    view! {
        <ActionForm action>
            <input type="hidden" name="id" value=id.to_string()/>
            <button class=class type="submit"><Icon name="play"/>{word}</button>
        </ActionForm>
    }
}
