//! A new account.

use leptos::form::ActionForm;
use leptos::prelude::*;
use relay::model::account::AccountKind;

use super::board::Accounts;
use super::fields::AccountFields;
use super::view::Open;
use crate::api::account::CreateAccount;
use crate::api::error::problems_of;
use crate::part::dialog::Panel;
use crate::part::field::{Field, FormProblem};
use crate::preference::use_text;

/// The form. An account that was added is opened next.
#[component]
pub(super) fn NewPanel(accounts: Accounts) -> impl IntoView {
    let text = &use_text().account;
    let action = ServerAction::<CreateAccount>::new();
    accounts.list.follow(action.version());
    let problems = Signal::derive(move || action.value().with(problems_of));
    let open = Memo::new(move |_| accounts.view.with(|view| view.open == Open::New));
    let leave = Signal::derive(move || accounts.view.with(|view| view.with(Open::Nothing).href()));
    Effect::watch(
        move || open.get(),
        move |open, _, _| {
            if !open {
                action.value().set(None)
            }
        },
        false,
    );
    let title = Signal::derive(move || text.add.to_owned());
    view! {
        <Panel title open leave>
            <ActionForm action attr:id="new-account" attr:class="account-form">
                <FormProblem problems/>
                <AccountFields chosen=AccountKind::ClaudeApiKey problems/>
                <div class="only-claude">
                    <Field name="priority" label=text.priority hint=text.priority_hint value="1" problems/>
                </div>
            </ActionForm>
            <div class="acts">
                <span class="small quiet">{text.sealed}</span>
                <a class="button end" href=leave>{text.cancel}</a>
                <button
                    class="button main"
                    type="submit"
                    form="new-account"
                    aria-busy=move || action.pending().get().to_string()
                >
                    {text.add}
                </button>
            </div>
        </Panel>
    }
}
