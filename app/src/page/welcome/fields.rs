//! The fields of a first account. What only a real one needs shows with its kind, by style alone.

use leptos::prelude::*;
use relay::model::account::AccountKind;
use relay::model::problem::FieldProblem;

use crate::part::choice::{Choices, Line};
use crate::part::field::{Field, typed_before};
use crate::part::password::PasswordField;
use crate::part::state::kind_name;
use crate::preference::use_text;

/// The fields.
#[component]
pub(super) fn AccountFields(problems: Signal<Vec<FieldProblem>>) -> impl IntoView {
    let text = use_text();
    let line = |kind: AccountKind| Line {
        value: kind.name(),
        word: kind_name(kind, text),
        said: (text.wizard.kind_why)(kind),
    };
    let kinds = [AccountKind::Sandbox, AccountKind::ClaudeApiKey];
    let before = typed_before("kind", problems);
    let is_before = |kind: &AccountKind| Some(kind.name()) == before.as_deref();
    let chosen = kinds.into_iter().find(is_before).unwrap_or(AccountKind::Sandbox);
    view! {
        <Choices
            name="kind"
            legend=text.account.kind
            lines=kinds.map(line).to_vec()
            chosen=chosen.name()
        />
        <div class="group only-claude">
            <Field name="name" label=text.fields.name hint=text.fields.name_hint maxlength="100" problems/>
            <PasswordField
                name="secret"
                label=text.fields.secret
                hint=text.fields.secret_hint
                autocomplete="off"
                problems
            />
            <Field
                name="base_url"
                label=text.fields.address
                hint=(text.fields.address_hint)(AccountKind::ClaudeApiKey)
                problems
            />
        </div>
    }
}
