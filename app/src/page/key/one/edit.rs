//! How the key is set: all of it can be changed, and holds for the next request.

use leptos::form::ActionForm;
use leptos::prelude::*;

use super::One;
use crate::api::error::problems_of;
use crate::api::key::EditKey;
use crate::api::key::form::KeyForm;
use crate::page::key::Targets;
use crate::page::key::fields::AllFields;
use crate::part::field::FormProblem;
use crate::preference::{use_preference, use_text};

/// The form.
#[component]
pub(super) fn EditForm(one: One, targets: StoredValue<Targets>, leave: Signal<String>) -> impl IntoView {
    let text = use_text();
    let action = ServerAction::<EditKey>::new();
    one.fresh.follow(action.version());
    let problems = Signal::derive(move || action.value().with(problems_of));
    let zone = use_preference().zone;
    let first = one.row.with_untracked(|row| row.as_ref().map(|row| KeyForm::of(row, &zone)));
    let (accounts, groups, _) = targets.get_value();
    view! {
        <ActionForm action attr:id="edit-key">
            <FormProblem problems/>
            <input type="hidden" name="id" value=one.id.get_value().to_string()/>
            <AllFields first=first.unwrap_or_default() accounts groups problems/>
        </ActionForm>
        <div class="acts">
            <a class="button end" href=leave>{text.key.cancel}</a>
            <button
                class="button main"
                type="submit"
                form="edit-key"
                aria-busy=move || action.pending().get().to_string()
            >
                {text.key.save}
            </button>
        </div>
    }
}
