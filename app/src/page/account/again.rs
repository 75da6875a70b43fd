//! The button that begins a new sign-in to an account that exists.

use leptos::form::ActionForm;
use leptos::prelude::*;
use relay::model::id::AccountId;

use crate::api::error::problems_of;
use crate::api::sign_in::SignInToAccount;
use crate::part::field::FormProblem;
use crate::preference::use_text;

/// The button, and why it could not begin.
#[component]
pub(super) fn SignAgain(
    id: AccountId,
    #[prop(optional)] tiny: bool,
    /// It is what the account waits for.
    #[prop(optional)]
    main: bool,
) -> impl IntoView {
    let text = &use_text().detail;
    let action = ServerAction::<SignInToAccount>::new();
    let problems = Signal::derive(move || action.value().with(problems_of));
    let class = format!("button{}{}", if tiny { " tiny" } else { "" }, if main { " main" } else { "" });
    view! {
        <ActionForm action attr:class="again">
            <input type="hidden" name="account" value=id.to_string()/>
            <button class=class type="submit" aria-busy=move || action.pending().get().to_string()>
                {text.sign_in}
            </button>
            <FormProblem problems/>
        </ActionForm>
    }
}
